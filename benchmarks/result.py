"""What every bench says: figures, ratios over interleaved rounds, how far they spread, and the machine."""

from collections.abc import Mapping, Sequence
from statistics import median

import msgspec

from benchmarks.machine import Machine

ROUNDS_MIN = 5  # a median of fewer says little

type Figures = dict[str, int | float | dict[str, int | float]]


class BenchFailed(Exception):
    """The bench did not do what it measures; its figures would mean nothing."""


class Spread(msgspec.Struct, frozen=True):
    """The smallest and the largest value of a ratio over the rounds."""

    min: float
    max: float


class Result(msgspec.Struct, frozen=True):
    """The one object of `--json`. Every ratio is better when it is larger."""

    name: str
    figures: Figures
    ratios: dict[str, float]
    spread: dict[str, Spread]
    machine: Machine


class Told(msgspec.Struct, frozen=True):
    """A result, and in sentences what the time goes into."""

    result: Result
    sentences: tuple[str, ...]


def result_of(name: str, figures: Figures, ratios: Mapping[str, Sequence[float]], machine: Machine) -> Result:
    """`ratios`: name -> the ratio of each round, all of the same run. Raises BenchFailed without a round."""
    for ratio, values in ratios.items():
        if not values:
            raise BenchFailed(f"{ratio} was not measured in any round")
    return Result(
        name,
        figures,
        {ratio: significant(median(values)) for ratio, values in ratios.items()},
        {ratio: Spread(significant(min(values)), significant(max(values))) for ratio, values in ratios.items()},
        machine,
    )


def percentile(values: Sequence[float], percent: int) -> float:
    """The smallest value that at least `percent` of the values do not exceed (nearest rank)."""
    if not values:
        raise BenchFailed("nothing was measured")
    rank = -(-len(values) * percent // 100)
    return sorted(values)[max(rank, 1) - 1]


def significant(value: float) -> float:
    """Four significant digits: no timing here is worth more."""
    return float(f"{value:.4g}")


def table(result: Result) -> str:
    """The result for people: one line per figure and per ratio."""
    lines = [f"{result.name} on {result.machine.in_words}", ""]
    for name, value in result.figures.items():
        if isinstance(value, dict):
            lines.append(f"  {name}")
            lines += [f"    {inner:<26} {_number(number):>14}" for inner, number in value.items()]
        else:
            lines.append(f"  {name:<28} {_number(value):>14}")
    lines.append("")
    for name, ratio in result.ratios.items():
        low, high = result.spread[name].min, result.spread[name].max
        lines.append(f"  {name:<28} {_number(ratio):>14}   from {_number(low)} to {_number(high)}")
    return "\n".join(lines)


def _number(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) or abs(value) < 1_000 else f"{value:,.0f}"
