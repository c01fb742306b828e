"""How many points one person may move by hand, by role, wallet, act and day."""

from __future__ import annotations

import pytest

from cagnotte.domain.points.ceilings import (
    Above,
    AboveCeiling,
    Adjustments,
    Allowance,
    Ceiling,
    above_ceiling,
    allowance,
)

TERMS = Adjustments(
    (
        Ceiling(most=50),
        Ceiling("Adviser", most=100, most_per_day=300),
        Ceiling("Manager", most=1000),
        Ceiling("Manager", "miles", most=10, most_per_day=20),
        Ceiling("Auditor", "miles", most=0),
    )
)


@pytest.mark.parametrize(
    ("roles", "wallet", "allowed"),
    [
        ((), "points", Allowance(50, None)),
        (("Cashier",), "points", Allowance(50, None)),
        (("Adviser",), "points", Allowance(100, 300)),
        (("ADVISER",), "points", Allowance(100, 300)),
        (("Adviser", "Manager"), "points", Allowance(1000, None)),
        (("Manager",), "miles", Allowance(10, 20)),
        (("Adviser", "Manager"), "miles", Allowance(100, 300)),
        (("Auditor",), "miles", Allowance(0, None)),
        (("Auditor",), "points", Allowance(50, None)),
    ],
)
def test_the_most_generous_role_counts_and_the_wallet_before_all(
    roles: tuple[str, ...], wallet: str, allowed: Allowance
) -> None:
    assert allowance(TERMS, roles, wallet) == allowed


def test_without_ceilings_nobody_is_limited_and_with_them_who_has_none_may_do_nothing() -> None:
    only_managers = Adjustments((Ceiling("Manager", most=1000),))

    assert allowance(Adjustments(), (), "points") == Allowance(None, None)
    assert allowance(only_managers, ("Adviser",), "points") == Allowance(0, 0)


@pytest.mark.parametrize(
    ("points", "used", "above"),
    [
        (100, 0, None),
        (101, 0, AboveCeiling(Above.GESTURE, 100)),
        (100, 200, None),
        (100, 201, AboveCeiling(Above.DAY, 300)),
        (1, 300, AboveCeiling(Above.DAY, 300)),
    ],
)
def test_an_act_is_above_the_ceiling_of_one_act_or_of_the_day(
    points: int, used: int, above: AboveCeiling | None
) -> None:
    assert above_ceiling(Allowance(100, 300), points, used) == above
    assert above_ceiling(Allowance(), points, used) is None
