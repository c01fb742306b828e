"""A what-if in one query gives what the fold gives, or says why it cannot."""

from __future__ import annotations

from pathlib import Path

import pytest

from analytics.replay.histories import BASE, TIERS, programme, replayed
from analytics.replay.test_workers import invented
from cagnotte.analytics.replay.what_if import NotStateless, RulePoints, what_if
from cagnotte.domain.programme.document import Programme

STATELESS = programme(
    BASE,
    """
[[earn]]
code = "bakery"
when = 'lines.exists(l, l.category == "bakery" && l.paid >= 1000)'
points = 'lines.filter(l, l.category == "bakery").map(l, l.paid).sum() / 50'

[[earn]]
code = "organic"
when = '!lines.all(l, "organic" in l.tags)'
points = 'size(lines.filter(l, l.sku == "soap")) * 3 - 2'

[[earn]]
code = "happy-hour"
when = 'weekday in [2, 4] && hour >= 12 && store == "nice" && month > 2 && day_of_month < 20'
points = "paid / 70 + eligible.quantity + eligible.products * 3 + list_price % 7"

[[earn]]
code = "app"
when = 'channel == "app" || "WELCOME" in coupons || region == "sud"'
points = "100"
""",
)

# Every condition is on the products of lines, so that other lines are left out before they are grouped.
OF_PRODUCTS = programme(
    BASE,
    """
[[earn]]
code = "bakery"
when = 'lines.exists(l, l.category == "bakery")'
points = 'lines.filter(l, l.category == "bakery").map(l, l.paid).sum() / 50'

[[earn]]
code = "only-soap"
when = 'lines.all(l, l.sku == "soap")'
points = 'size(lines.filter(l, l.sku == "soap")) + 2'

[[earn]]
code = "no-organic"
when = '!lines.exists(l, "organic" in l.tags)'
points = "7"
""",
)


@pytest.mark.parametrize(
    ("asked", "given"), [(STATELESS, [True, True, True, True, False]), (OF_PRODUCTS, [True] * 4)]
)
def test_a_stateless_programme_gets_the_same_points_from_one_query_as_from_the_fold(
    tmp_path: Path, asked: Programme, given: list[bool]
):
    history = invented(tmp_path / "history", 120)

    answered = what_if(history, asked)

    folded = replayed(history, asked, asked).rules
    assert answered == tuple(
        RulePoints(row.rule, row.wallet, row.points.current, row.times.current) for row in folded
    )
    assert [row.points > 0 for row in answered] == given


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ((BASE.replace('points = "eligible.paid / 100"', 'points = "balance / 2"'),), ("rule", "base: balance")),
        (
            (BASE.replace('on = "purchase"', "when = 'tier == \"gold\"'"), TIERS),
            ("rule", "base: tier"),
        ),
        ((BASE.replace('on = "purchase"', 'cap = { points = 5, per = "member" }'),), ("rule", "base: caps")),
        ((BASE.replace('points = "eligible.paid / 100"', "multiply = 2"),), ("rule", "base: multiplier")),
        ((BASE, '[earning]\ntax = "excluded"\n'), ("part", "earning")),
    ],
)
def test_what_needs_the_member_s_past_is_refused_with_its_reason(
    tmp_path: Path, parts: tuple[str, ...], reason: tuple[str, str]
):
    history = invented(tmp_path / "history", 2)

    with pytest.raises(NotStateless) as refused:
        what_if(history, programme(*parts))

    assert reason in refused.value.reasons
