"""Medians, percentiles, spreads, and the one JSON object of a bench."""

import msgspec
import pytest
from benchmarks.machine import Machine
from benchmarks.result import BenchFailed, Spread, percentile, result_of, significant, table

A_MACHINE = Machine(cores=2, memory_mb=8_000, cpu="a processor", python="3.12.1", postgres="18.4", load_before=0.1)


def test_a_ratio_is_the_median_of_its_rounds_with_the_smallest_and_the_largest():
    result = result_of("load", {}, {"load_vs_copy": [0.3, 0.1, 0.25, 0.2, 0.9]}, A_MACHINE)

    assert result.ratios == {"load_vs_copy": 0.25}
    assert result.spread == {"load_vs_copy": Spread(0.1, 0.9)}


def test_of_an_even_number_of_rounds_the_median_lies_between_the_two_in_the_middle():
    result = result_of("load", {}, {"load_vs_copy": [0.1, 0.2, 0.4, 0.8]}, A_MACHINE)

    assert result.ratios == {"load_vs_copy": 0.3}


def test_a_ratio_without_a_round_fails_the_bench():
    with pytest.raises(BenchFailed, match="load_vs_copy was not measured"):
        result_of("load", {}, {"load_vs_copy": []}, A_MACHINE)


def test_the_95th_percentile_is_the_value_that_95_in_100_do_not_exceed():
    assert percentile([float(value) for value in range(100, 0, -1)], 95) == 95.0
    assert percentile([3.0, 1.0, 2.0], 95) == 3.0
    assert percentile([3.0, 1.0, 2.0], 50) == 2.0
    assert percentile([7.0], 50) == 7.0


def test_a_percentile_of_nothing_fails_the_bench():
    with pytest.raises(BenchFailed, match="nothing was measured"):
        percentile([], 50)


def test_figures_keep_four_significant_digits():
    assert significant(0.123456) == 0.1235
    assert significant(12_345.6) == 12_350.0
    assert significant(0.0) == 0.0


def test_the_json_object_holds_these_five_names_and_no_other():
    result = result_of("load", {"lines": 12}, {"load_vs_copy": [0.25]}, A_MACHINE)

    said = msgspec.json.decode(msgspec.json.encode(result))

    assert said == {
        "name": "load",
        "figures": {"lines": 12},
        "ratios": {"load_vs_copy": 0.25},
        "spread": {"load_vs_copy": {"min": 0.25, "max": 0.25}},
        "machine": {
            "cores": 2,
            "memory_mb": 8_000,
            "cpu": "a processor",
            "python": "3.12.1",
            "postgres": "18.4",
            "load_before": 0.1,
        },
    }


def test_the_table_says_figures_groups_and_ratios_with_their_range():
    figures = {"lines": 1_469_307, "seconds_by_phase": {"reading": 9.5}}

    said = table(result_of("load", figures, {"load_vs_copy": [0.2, 0.25, 0.3]}, A_MACHINE)).splitlines()

    assert said == [
        "load on 2 cores (a processor), 8,000 MB, Python 3.12.1, PostgreSQL 18.4; load average before it 0.1",
        "",
        "  lines                             1,469,307",
        "  seconds_by_phase",
        "    reading                               9.5",
        "",
        "  load_vs_copy                           0.25   from 0.2 to 0.3",
    ]
