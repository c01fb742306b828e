"""What a replay says of two programmes, to the point and the cent, on histories small enough to count by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import msgspec
import pytest

from analytics.replay.histories import BAKERY, BASE, HEAD, TIERS, a_history, a_sale, programme, replayed
from cagnotte.analytics.history import HistoryRefused
from cagnotte.analytics.replay import OtherCurrency, Report
from cagnotte.analytics.replay.figures import Measured, Note, RuleRow, TierMove, TierRow
from cagnotte.analytics.replay.sums import RuleChange
from cagnotte.application.published import parsed

CURRENT, DRAFT = programme(BASE, TIERS), programme(BASE, BAKERY, TIERS.replace("10000", "6000"))


@pytest.fixture
def two_members(tmp_path: Path) -> Path:
    """Member 1 buys bread twice, for 30 and 40 euros; member 2 soap for 120 euros; member 3 nothing."""
    return a_history(
        tmp_path / "history",
        {
            1: [
                a_sale("2026-01-10T10:00", ("bread", 3_000)),
                a_sale("2026-02-20T10:00", ("bread", 3_999), store="nice"),
            ],
            2: [a_sale("2026-01-15T18:00", ("soap", 12_000))],
            3: [],
        },
    )


def flows(report: Report, store: str) -> Measured:
    return next(row.flows.issued for row in report.stores if row.store == store)


def test_points_of_each_rule_are_counted_both_ways(two_members: Path):
    report = replayed(two_members, CURRENT, DRAFT)

    assert report.rules == (
        RuleRow("base", "points", *[Measured.of(n, n) for n in (189, 3, 2)], cost=Measured.of(945, 945)),
        RuleRow("bakery", "points", Measured.of(0, 20), Measured.of(0, 2), Measured.of(0, 1), Measured.of(0, 100)),
    )


def test_months_and_stores_say_where_the_points_went(two_members: Path):
    report = replayed(two_members, CURRENT, DRAFT)

    assert [(row.month, row.flows.issued) for row in report.months] == [
        (date(2026, 1, 1), Measured.of(150, 160)),
        (date(2026, 2, 1), Measured.of(39, 49)),
    ]
    assert (flows(report, "lyon"), flows(report, "nice")) == (Measured.of(150, 160), Measured.of(39, 49))


def test_what_expired_was_burned_and_is_still_open_adds_up(two_members: Path):
    report = replayed(two_members, CURRENT, DRAFT)

    (wallet,) = report.wallets
    assert (wallet.issued, wallet.burned) == (Measured.of(189, 209), Measured.of(100, 100))
    assert wallet.expired == Measured.of(
        50, 60
    )  # 30 (or 40) of member 1, and 20 that the voucher left of member 2
    assert wallet.outstanding == Measured.of(39, 49)
    assert wallet.liability == Measured.of(195, 245)
    assert (report.totals.vouchers, report.totals.vouchers_cost) == (Measured.of(1, 1), Measured.of(500, 500))


def test_tiers_at_the_end_and_who_moved(two_members: Path):
    report = replayed(two_members, CURRENT, DRAFT)

    assert report.tiers == (
        TierRow("main", "", Measured.of(1, 1)),
        TierRow("main", "silver", Measured.of(1, 0)),
        TierRow("main", "gold", Measured.of(1, 2)),
    )
    assert report.moves == (TierMove("", "", 1), TierMove("silver", "gold", 1), TierMove("gold", "gold", 1))


def test_winners_losers_and_those_for_whom_nothing_changes(two_members: Path):
    report = replayed(two_members, CURRENT, DRAFT)

    spread = report.points_spread
    assert (spread.winners, spread.losers, spread.unchanged, spread.won, spread.lost) == (1, 0, 2, 20, 0)
    assert spread.deciles == (0, 0, 0, 0, 0, 0, 0, 20, 20, 20, 20)
    assert replayed(two_members, DRAFT, CURRENT).points_spread.lost == -20


def test_the_members_most_changed_come_first_with_the_rules_that_make_the_difference(two_members: Path):
    both = programme(BASE.replace("/ 100", "/ 50"), BAKERY)

    report = replayed(two_members, CURRENT, both, most=1)

    (member,) = report.most_changed
    assert (member.member_id, member.points_current, member.points_draft) == (2, 120, 240)
    assert member.rules == (RuleChange("base", 120, 240),)
    assert report.members_differing == 2


def test_segments_are_by_tier_spend_and_last_purchase(two_members: Path):
    report = replayed(two_members, CURRENT, DRAFT)

    found = {(row.kind, row.value): (row.members, row.winners, row.flows.issued) for row in report.segments}
    assert found == {
        ("tier", ""): (1, 0, Measured.of(0, 0)),
        ("tier", "silver"): (1, 1, Measured.of(69, 89)),
        ("tier", "gold"): (1, 0, Measured.of(120, 120)),
        ("spend", "never"): (1, 0, Measured.of(0, 0)),
        ("spend", "1"): (1, 1, Measured.of(69, 89)),
        ("spend", "3"): (1, 0, Measured.of(120, 120)),
        ("recency", "30"): (1, 1, Measured.of(69, 89)),
        ("recency", "90"): (1, 0, Measured.of(120, 120)),
        ("recency", "never"): (1, 0, Measured.of(0, 0)),
    }


def test_the_same_programme_makes_no_difference_at_all(two_members: Path):
    report = replayed(two_members, DRAFT, DRAFT)

    assert (report.same, report.members_differing, report.most_changed) == (True, 0, ())
    assert every_difference(report) == {0}


def test_the_same_meaning_in_another_order_of_text_makes_no_difference(two_members: Path):
    turned = programme(
        TIERS.replace("10000", "6000"), BAKERY, BASE.replace("eligible.paid / 100", "(eligible.paid)/100")
    )

    report = replayed(two_members, DRAFT, turned)

    assert report.same
    assert every_difference(report) == {0}


def test_a_wallet_of_status_points_costs_nothing_and_says_so(two_members: Path):
    status = '[wallets.status]\nexpiry = "never"\n[[earn]]\ncode = "stars"\nwallet = "status"\npoints = "5"\n'
    draft = programme(BASE, status)

    report = replayed(two_members, programme(BASE), draft)

    assert report.totals.issued == Measured.of(189, 204)
    assert report.totals.cost == Measured.of(945, 945)
    assert report.notes == (Note("no_value", "status"),)


def test_a_programme_in_another_currency_is_not_compared(two_members: Path):
    with pytest.raises(OtherCurrency):
        replayed(two_members, CURRENT, parsed((HEAD + BASE).replace("EUR", "USD")))


def test_a_folder_without_a_history_is_refused(tmp_path: Path):
    with pytest.raises(HistoryRefused, match="no_history"):
        replayed(tmp_path, CURRENT, DRAFT)


def test_a_history_without_a_member_gives_a_report_of_nothing(tmp_path: Path):
    report = replayed(a_history(tmp_path / "history", {}), CURRENT, DRAFT)

    assert (report.members, report.sales, report.first_day, report.same) == (0, 0, None, True)


def every_difference(value: object) -> set[int]:
    """Every difference anywhere in a report."""
    if isinstance(value, Measured):
        return {value.difference}
    if isinstance(value, msgspec.Struct):
        return set().union(*(every_difference(getattr(value, field)) for field in value.__struct_fields__))
    if isinstance(value, tuple):
        return set().union(*(every_difference(each) for each in value))
    return set()
