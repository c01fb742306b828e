"""The bench of the replay on a history of six sales: it runs, and its object has the promised names."""

from benchmarks.history import History, demo_year
from benchmarks.place import Place
from benchmarks.replay import bench_replay
from benchmarks.replay_programme import programme_of, stateless_of
from benchmarks.result import table

from cagnotte.application.published import parsed


def test_the_replay_bench_says_its_figures_and_ratios(place: Place, history: History):
    told = bench_replay(place, history, 1, load_before=0.0)

    figures = told.result.figures
    assert (figures["sales"], figures["lines"], figures["rules"]) == (6, 30, 50)
    assert set(told.result.ratios) == {"read_vs_fold", "what_if_vs_fold"}
    assert "sales_per_s_per_core" in table(told.result)


def test_the_programmes_of_the_bench_have_as_many_rules_as_they_say():
    assert len(parsed(programme_of(demo_year().document, 50)).earn) == 50
    assert [len(parsed(stateless_of(rules)).earn) for rules in (5, 50)] == [5, 50]
    assert programme_of(demo_year().document, 50) == programme_of(demo_year().document, 50)
