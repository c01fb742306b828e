"""The bench of rules: the same matches from every engine, ratios of one round, and what it names."""

import pytest
from benchmarks.machine import Machine
from benchmarks.result import BenchFailed
from benchmarks.rules import SIZES, agreed_matches, bench_rules, told
from benchmarks.rules_engines import CEL_GOOGLE, CEL_RUST, OURS, ZEN, engines
from benchmarks.rules_invented import baskets_invented, rules_written

A_MACHINE = Machine(cores=2, memory_mb=8_000, cpu="a processor", python="3.12.1", postgres="18.4", load_before=0.1)
RATIOS = [
    "vs_zen_engine_200",
    "vs_zen_engine_1000",
    "vs_cel_rust_200",
    "vs_cel_rust_1000",
    "vs_cel_google_1000",
    "thousand_vs_twenty",
]


def test_every_engine_finds_the_same_matches():
    baskets = [*baskets_invented(40, 5), *baskets_invented(10, 30)]
    known = engines([rule.when for rule in rules_written(150)])

    found = agreed_matches(known, baskets)

    assert list(known) == [OURS, ZEN, CEL_RUST, CEL_GOOGLE]
    assert 5 < found < 30


def test_an_engine_that_finds_other_matches_fails_the_bench():
    baskets = baskets_invented(40, 5)
    right, wrong = engines(["weekday == 2"]), engines(["weekday == 3"])
    differing = sum(basket.weekday in {2, 3} for basket in baskets)

    with pytest.raises(
        BenchFailed, match=f"zen_engine finds other matches than ours for {differing} of 40 baskets"
    ):
        agreed_matches({OURS: right[OURS], ZEN: wrong[ZEN]}, baskets)


def test_a_longer_list_of_rules_begins_with_the_shorter_one_and_is_the_same_every_time():
    rules = rules_written(200)

    assert rules[:20] == rules_written(20)
    assert rules == rules_written(200)
    assert len(set(rules)) > 190
    assert baskets_invented(3, 5) == baskets_invented(5, 5)[:3]


def test_each_engine_is_compared_with_ours_in_the_same_round():
    slow = {f"{name}_{size}": [12.0, 60.0, 90.0] for name in (ZEN, CEL_RUST, CEL_GOOGLE) for size in SIZES}
    ours = {f"{OURS}_{size}": [2.0, 3.0, 4.0] for size in SIZES}
    decided = {"decide_20": [10.0], "decide_200": [20.0], "decide_1000": [25.0]}

    result = told([{**slow, **ours, **decided}] * 2, {20: 1.5}, A_MACHINE).result

    assert list(result.ratios) == RATIOS
    assert [result.ratios[name] for name in RATIOS] == [20.0, 20.0, 20.0, 20.0, 20.0, 2.5]
    assert result.figures["ours_20"] == {"p50_us": 3.0, "p95_us": 4.0, "p99_us": 4.0}
    assert result.figures["matches_on_average"] == {"of_20": 1.5}
    assert (result.figures["rounds"], result.figures["baskets"]) == (2, 3)


def test_the_bench_measures_every_engine_and_whole_decisions_at_every_size():
    told_all = bench_rules(A_MACHINE, 1, baskets=4)

    figures = told_all.result.figures
    assert list(told_all.result.ratios) == RATIOS
    for size in SIZES:
        for name in (OURS, ZEN, CEL_RUST, CEL_GOOGLE, "read", "decide", "explain"):
            measured = figures[f"{name}_{size}"]
            assert isinstance(measured, dict)
            assert 0 < measured["p50_us"] <= measured["p95_us"] <= measured["p99_us"]
    assert len(told_all.sentences) == len(SIZES)
