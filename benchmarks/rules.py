"""Matching 20, 200 and 1,000 conditions beside other engines; whole decisions and whole explanations."""

import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from statistics import mean

from benchmarks.machine import Machine
from benchmarks.place import say
from benchmarks.result import BenchFailed, Figures, Told, percentile, result_of, significant
from benchmarks.rules_decide import decisions, explanations, programme_of
from benchmarks.rules_engines import CEL_GOOGLE, CEL_RUST, OURS, ZEN, Engine, engines
from benchmarks.rules_invented import BasketInvented, RuleWritten, baskets_invented, rules_written

NAME = "rules"
SIZES = (20, 200, 1_000)
LINES, LINES_MANY = 5, 30
_BASKETS = 300
_BASKETS_EXPLAINED = 20
_VERSUS = ((ZEN, 200), (ZEN, 1_000), (CEL_RUST, 200), (CEL_RUST, 1_000), (CEL_GOOGLE, 1_000))

type Call = Callable[[], object]
type Round = dict[str, list[float]]  # what was called -> microseconds of each call


def bench_rules(machine: Machine, rounds: int, *, baskets: int = _BASKETS) -> Told:
    """Each round makes every call once. Raises BenchFailed when the engines do not find the same matches."""
    calls: dict[str, list[Call]] = {}
    matches: dict[int, float] = {}
    few, many = baskets_invented(baskets, LINES), baskets_invented(baskets, LINES_MANY)
    for size in SIZES:
        say(f"compiling {size:,} rules for every engine")
        rules = rules_written(size)
        known = engines([rule.when for rule in rules])
        matches[size] = agreed_matches(known, few)
        calls |= _matching(known, size, few, many)
        calls |= _deciding(rules, few, many)
    _round(calls)  # not measured: what is compiled on first use is compiled
    measured = []
    for number in range(rounds):
        say(f"round {number + 1} of {rounds}")
        measured.append(_round(calls))
    return told(measured, matches, machine)


def told(rounds: Sequence[Round], matches: Mapping[int, float], machine: Machine) -> Told:
    """`matches`: number of rules -> how many of them hold for a basket of five lines, on average."""
    figures: Figures = {"rounds": len(rounds), "baskets": len(rounds[0][f"{OURS}_{SIZES[0]}"])}
    figures["matches_on_average"] = {f"of_{size}": significant(found) for size, found in matches.items()}
    for name in rounds[0]:
        figures[name] = _figures([micros for each in rounds for micros in each[name]])
    ratios = {
        f"vs_{other}_{size}": [_p50(each, f"{other}_{size}") / _p50(each, f"{OURS}_{size}") for each in rounds]
        for other, size in _VERSUS
    }
    few, many = f"decide_{SIZES[0]}", f"decide_{SIZES[-1]}"
    ratios["thousand_vs_twenty"] = [_p50(each, many) / _p50(each, few) for each in rounds]
    return Told(result_of(NAME, figures, ratios, machine), _sentences(figures))


def agreed_matches(known: Mapping[str, Engine], baskets: Sequence[BasketInvented]) -> float:
    """How many conditions hold for a basket, on average; all engines must agree on which."""
    found = {name: [engine.match(engine.prepared(basket)) for basket in baskets] for name, engine in known.items()}
    for name, matches in found.items():
        differing = sum(1 for mine, theirs in zip(found[OURS], matches, strict=True) if mine != theirs)
        if differing:
            raise BenchFailed(f"{name} finds other matches than ours for {differing} of {len(baskets)} baskets")
    return mean(len(positions) for positions in found[OURS])


def _matching(
    known: Mapping[str, Engine], size: int, few: Sequence[BasketInvented], many: Sequence[BasketInvented]
) -> dict[str, list[Call]]:
    calls = {f"{name}_{size}": _asked(engine, few) for name, engine in known.items()}
    return {**calls, f"{OURS}_{size}_lines_{LINES_MANY}": _asked(known[OURS], many)}


def _asked(engine: Engine, baskets: Sequence[BasketInvented]) -> list[Call]:
    return [partial(engine.match, engine.prepared(basket)) for basket in baskets]


def _deciding(
    rules: Sequence[RuleWritten], few: Sequence[BasketInvented], many: Sequence[BasketInvented]
) -> dict[str, list[Call]]:
    programme, size = programme_of(rules), len(rules)
    return {
        f"read_{size}": [partial(programme_of, rules)],
        f"decide_{size}": decisions(programme, few),
        f"decide_{size}_lines_{LINES_MANY}": decisions(programme, many),
        f"explain_{size}": explanations(programme, few[:_BASKETS_EXPLAINED]),
    }


def _round(calls: Mapping[str, Sequence[Call]]) -> Round:
    return {name: [_micros(call) for call in each] for name, each in calls.items()}


def _micros(call: Call) -> float:
    begun = time.perf_counter_ns()
    call()
    return (time.perf_counter_ns() - begun) / 1_000


def _p50(measured: Round, name: str) -> float:
    return percentile(measured[name], 50)


def _figures(micros: Sequence[float]) -> dict[str, int | float]:
    return {f"p{percent}_us": significant(percentile(micros, percent)) for percent in (50, 95, 99)}


def _sentences(figures: Figures) -> tuple[str, ...]:
    p50 = {
        name: value["p50_us"] for name, value in figures.items() if isinstance(value, dict) and "p50_us" in value
    }
    return tuple(
        f"{size:,} rules, {LINES} lines: of {p50[f'decide_{size}']:.0f} us that a decision takes, finding the"
        f" rules that hold takes {p50[f'{OURS}_{size}']:.0f} us. The same takes {p50[f'{ZEN}_{size}']:.0f} us in"
        f" zen-engine, {p50[f'{CEL_RUST}_{size}']:.0f} us in common-expression-language and"
        f" {p50[f'{CEL_GOOGLE}_{size}']:.0f} us in cel-expr-python."
        for size in SIZES
    )
