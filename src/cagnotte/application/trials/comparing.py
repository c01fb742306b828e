"""Comparing what is expected with what was found: name by name, exactly, and only what is written."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from msgspec import UNSET

from cagnotte.application.trials.baskets import minor_at
from cagnotte.application.trials.expected import Expected, Given
from cagnotte.application.trials.found import Figures
from cagnotte.application.trials.problems import unknown
from cagnotte.application.trials.values import Money, written_amount
from cagnotte.domain.programme.currencies import DECIMALS
from cagnotte.domain.programme.document import Programme

TOTALS = frozenset(
    {"goods", "delivery", "counted", "payable", "line_totals"}
)  # there in every sale: `nothing_else` leaves them
SAME_THING = (
    frozenset({"points", "points_by_rule", "points_by_wallet", "lots"}),
    frozenset({"discount_total", "line_discounts", "discounts_of_lines", "offer_discounts", "offers"}),
    frozenset({"refused", "refusals"}),
    frozenset({"vouchers", "vouchers_issued", "offers"}),
    frozenset({"gifts", "offers"}),
)
"""Names that tell the same in more or less detail: one of them named is enough for `nothing_else`."""
ANY_ORDER = frozenset({"offers", "messages", "achievements", "tiers_announced", "badges", "refused"})
_APART = ("members", "nothing_else", "programme_faults")
_ZERO = frozenset({"0", "0.0", "0.00", "0.000"})


class Check(msgspec.Struct, frozen=True):
    """One thing compared. `step` 0: the case's own `expect`. `field` as in the file: `members.anna.points`."""

    step: int
    field: str
    expected: object
    found: object
    passed: bool


def checks_of(
    programme: Programme, expected: Expected, figures: Mapping[str, Figures], member: str, *, step: int
) -> Iterator[Check]:
    """Each comparison that `expected` asks for; names without a prefix are of `member`."""
    yield from _of_member(programme, expected, figures[member].flat(), step=step, prefix="")
    if expected.members is not UNSET:
        for name, other in expected.members.items():
            if name not in figures:
                raise unknown("unknown_member", name, figures, ("expect", "members"))
            yield from _of_member(programme, other, figures[name].flat(), step=step, prefix=f"members.{name}.")


def _of_member(
    programme: Programme, expected: Expected, found: Mapping[str, object], *, step: int, prefix: str
) -> Iterator[Check]:
    fields = [name for name in expected.__struct_fields__ if name not in _APART]
    named = {name for name in fields if getattr(expected, name) is not UNSET}
    told = named.union(TOTALS, *(same for same in SAME_THING if same & named))
    for name in fields:
        if name in named:
            yield _check(programme, name, getattr(expected, name), found[name], step=step, prefix=prefix)
        elif expected.nothing_else and name in Given.__struct_fields__ and name not in told:
            yield Check(step, f"{prefix}{name}", None, shown(found[name]), is_nothing(found[name]))


def _check(programme: Programme, name: str, wanted: object, found: object, *, step: int, prefix: str) -> Check:
    actual = shown(found)
    expected = _written(programme, wanted, actual)
    if isinstance(expected, str) and isinstance(actual, list):  # `refused: nothing_paid`, one code alone
        expected = [expected] if expected else []
    passed = _same(expected, actual, any_order=name in ANY_ORDER)
    return Check(step, f"{prefix}{name}", expected, actual, passed)


def _same(expected: Any, found: Any, *, any_order: bool = False) -> bool:
    """Maps: the names that are written, and an empty one means empty. Lists: all of them, in order."""
    if isinstance(expected, dict) and isinstance(found, dict):
        if not expected:
            return is_nothing(found)
        return all(_same(value, found.get(name, _nothing(value))) for name, value in expected.items())
    if isinstance(expected, list) and isinstance(found, list):
        if any_order:
            return sorted(expected) == sorted(found)
        return len(expected) == len(found) and all(map(_same, expected, found))
    return bool(expected == found)


def is_nothing(found: object) -> bool:
    """Zero, an empty text, a list or map of nothing but these."""
    if isinstance(found, dict):
        return all(map(is_nothing, found.values()))
    if isinstance(found, tuple):
        return all(map(is_nothing, found))
    return not found or found in _ZERO if isinstance(found, str) else not found


def shown(found: Any) -> Any:
    """The figure as plain values: what JSON can hold, days as days."""
    if isinstance(found, msgspec.Struct):
        return {name: shown(getattr(found, name)) for name in found.__struct_fields__}
    if isinstance(found, tuple | list):
        return [shown(each) for each in found]
    if isinstance(found, dict):
        return {name: shown(value) for name, value in found.items()}
    return found


def _written(programme: Programme, wanted: Any, found: Any) -> Any:
    """The expectation as plain values, amounts as they are shown, without what is not said."""
    if isinstance(wanted, Money):
        return _amount(programme, wanted, found)
    if isinstance(wanted, msgspec.Struct):
        fields = {name: getattr(wanted, name) for name in wanted.__struct_fields__}
        return _map(programme, {name: value for name, value in fields.items() if value is not UNSET}, found)
    if isinstance(wanted, tuple):
        others = found if isinstance(found, list) and len(found) == len(wanted) else [None] * len(wanted)
        return [_written(programme, *each) for each in zip(wanted, others, strict=True)]
    if isinstance(wanted, dict):
        return _map(programme, wanted, found)
    return str(wanted) if isinstance(wanted, str) else wanted


def _map(programme: Programme, wanted: Mapping[str, Any], found: Any) -> dict[str, Any]:
    others = found if isinstance(found, dict) else {}
    return {name: _written(programme, value, others.get(name)) for name, value in wanted.items()}


def _amount(programme: Programme, wanted: Money, found: Any) -> str:
    """With the decimals of the amount beside it, which may be in another currency than the programme's."""
    decimals = DECIMALS[programme.currency]
    if isinstance(found, str):
        decimals = len(found.partition(".")[2])
    return written_amount(minor_at(decimals, wanted), decimals)


def _nothing(value: object) -> object:
    """What a name stands for that a map does not have."""
    if isinstance(value, str):
        return written_like(value)
    return 0 if isinstance(value, int) else None


def written_like(value: str) -> str:
    """Zero, written with as many decimals as the amount."""
    _, point, decimals = value.partition(".")
    return f"0{point}{'0' * len(decimals)}"


def check_faults(expected: Expected, codes: list[str]) -> Check:
    """That the programme itself is refused, with these codes."""
    wanted = [] if expected.programme_faults is UNSET else sorted(map(str, expected.programme_faults))
    found = sorted(set(codes))
    return Check(0, "programme_faults", wanted, found, sorted(set(wanted)) == found)
