"""Charts as SVG written by hand: they need no script and no network, and follow the page's colours."""

from collections.abc import Callable, Sequence
from html import escape

import msgspec

_WIDTH, _HEIGHT = 960, 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 76, 8, 14, 44
_STEPS = 4


class Group(msgspec.Struct, frozen=True):
    """The bars over one label of one or two lines; `told` of each is read on hovering and by screen readers."""

    label: Sequence[str]
    values: Sequence[int]
    told: Sequence[str]


def columns(title: str, groups: Sequence[Group], kinds: Sequence[str], write: Callable[[int], str]) -> str:
    """Upright bars side by side; `kinds`: classes of a group's bars, `write`: words for a figure of the scale."""
    values = [0, *(value for group in groups for value in group.values)]
    step = _step(max(values) - min(values))
    scale = _Scale(min(values) // step * step, max(-(-max(values) // step), 1) * step)
    lines = "".join(_grid(scale, value, write) for value in range(scale.low, scale.high + 1, step))
    wide = (_WIDTH - _LEFT - _RIGHT) / max(len(groups), 1)
    drawn = "".join(
        _group(group, kinds, _LEFT + number * wide, wide, scale) for number, group in enumerate(groups)
    )
    return (
        f'<svg class="chart" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{escape(title)}">'
        f"<title>{escape(title)}</title>{lines}{drawn}</svg>"
    )


class _Scale(msgspec.Struct, frozen=True):
    low: int
    high: int

    def y(self, value: int) -> float:
        inside = _HEIGHT - _TOP - _BOTTOM
        return _TOP + inside * (self.high - value) / (self.high - self.low)


def _grid(scale: _Scale, value: int, write: Callable[[int], str]) -> str:
    y = scale.y(value)
    kind = "axis" if value == 0 else "grid"
    return (
        f'<line class="{kind}" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
        f'<text class="scale" x="{_LEFT - 8}" y="{y + 4:.1f}">{escape(write(value))}</text>'
    )


def _group(group: Group, kinds: Sequence[str], x: float, wide: float, scale: _Scale) -> str:
    bar = min(wide * 0.78 / len(group.values), 44)
    first = x + (wide - bar * len(group.values)) / 2
    drawn = []
    for number, (value, told, kind) in enumerate(zip(group.values, group.told, kinds, strict=True)):
        top, bottom = sorted((scale.y(value), scale.y(0)))
        signed = "" if kind != "signed" or not value else " up" if value > 0 else " down"
        drawn.append(
            f'<rect class="{kind}{signed}" x="{first + number * bar + 1:.1f}" y="{top:.1f}" width="{bar - 2:.1f}"'
            f' height="{max(bottom - top, 0.5):.1f}" rx="2"><title>{escape(told)}</title></rect>'
        )
    middle = x + wide / 2
    labels = [
        f'<text class="label" x="{middle:.1f}" y="{_HEIGHT - _BOTTOM + 18 + 16 * number}">{escape(line)}</text>'
        for number, line in enumerate(group.label)
    ]
    return "".join([*drawn, *labels])


def _step(span: int) -> int:
    """1, 2 or 5 times a power of ten, so that the scale has about four lines."""
    wanted = max(span, 1) / _STEPS
    power = 1
    while power * 10 <= wanted:
        power *= 10
    return next((power * times for times in (1, 2, 5) if power * times >= wanted), power * 10)
