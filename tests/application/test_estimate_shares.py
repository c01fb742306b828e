"""Shares of wallet in the profiles: once, in sets, and never over what was declared."""

from __future__ import annotations

from pathlib import Path

import msgspec
import psycopg
import pytest

from application.shop import NOW, a_sale, enrol, prove, publish
from cagnotte.analytics.history import export_history
from cagnotte.analytics.wallets import estimates
from cagnotte.application.change_profiles import change_profiles
from cagnotte.application.estimate_shares import ShareReport, estimate_shares
from cagnotte.application.published import Published
from cagnotte.application.record_sale import record_sale
from cagnotte.application.show_member import ShareView, show_member
from cagnotte.domain.kernel import MemberId
from cagnotte.domain.members.profile import Profile
from cagnotte.domain.members.wallet_share import Share
from cagnotte.storage.database import connected
from cagnotte.storage.members import find_member

PROGRAMME = """
[programme]
code = "maison"
name = "La Maison"
currency = "EUR"
timezone = "Europe/Paris"

[attributes]
member = { budget = "int" }

[wallets.points]

[share_of_wallet]
declared = "budget"

[[tiers]]
code = "faithful"
reach = { when = "member.share_low >= 8000" }
"""
NAMES = [f"m{number:02}" for number in range(1, 34)]


@pytest.fixture
def published(database: str) -> Published:
    """31 members who bought for 100.00, 200.00 and so on; the 32nd bought nothing, the 33rd gave a budget."""
    with connected(database) as conn:
        enrol(conn, *NAMES)
    published = publish(database, PROGRAMME)
    with connected(database) as conn:
        for number, name in enumerate(NAMES, start=1):
            if number != 32:
                sale = a_sale(name, member=name, paid=[number * 10_000 if number < 33 else 50_000])
                record_sale(conn, published, sale, key=name, now=NOW)
        set_profile(conn, published, "m33", lambda profile: with_(profile, attributes={"budget": 100_000}))
        set_profile(
            conn, published, "m31", lambda profile: with_(profile, share_of_wallet=700, share_declared=True)
        )
    return published


def with_(profile: Profile, **changes: object) -> Profile:
    return msgspec.structs.replace(profile, **changes)


def set_profile(conn: psycopg.Connection, published: Published, name: str, change: object) -> None:
    member = find_member(conn, name)
    assert member is not None
    assert callable(change)
    with conn.transaction():
        change_profiles(conn, published, [member.member_id], lambda _, profile: change(profile))


def estimate(dsn: str, published: Published, folder: Path, *, dry_run: bool = False) -> ShareReport:
    with connected(dsn) as conn:
        terms = published.current.programme.share_of_wallet
        assert terms is not None
        export_history(conn, folder, zone="Europe/Paris", currency="EUR")
        shares = ((each.member_id, each.share) for each in estimates(folder, terms).members())
        return estimate_shares(conn, published, shares, dry_run=dry_run)


def share_of(dsn: str, published: Published, name: str) -> tuple[ShareView | None, str | None]:
    with connected(dsn) as conn:
        shown = show_member(conn, published, name, NOW.date())
    assert shown is not None
    return shown.share_of_wallet, shown.tier


def test_every_profile_gets_its_share_and_tiers_follow_at_once(
    database: str, published: Published, tmp_path: Path
) -> None:
    report = estimate(database, published, tmp_path / "history")

    assert report == ShareReport(members=33, estimated=30, declared=1, by_hand=1, unknown=1, changed=31)
    # 32 bought, two of them for 500.00: the 29th is the wallet, 2,800.00; the 26th and the 32nd are its ends
    assert share_of(database, published, "m14") == (ShareView(5000, 4516, 5600, declared=False), None)
    assert share_of(database, published, "m30") == (ShareView(10_000, 9677, 10_000, declared=False), "faithful")
    assert share_of(database, published, "m33") == (ShareView(5000, 5000, 5000, declared=True), None)
    assert share_of(database, published, "m32") == (None, None)
    with psycopg.connect(database) as conn:
        tiers = conn.execute("SELECT count(*) FROM member_standing WHERE tier = 'faithful'").fetchone()
    assert tiers == (6,)  # 2,500.00 to 3,000.00; the 31st declared another share
    prove(database)


def test_a_share_declared_by_hand_is_never_overwritten(
    database: str, published: Published, tmp_path: Path
) -> None:
    estimate(database, published, tmp_path / "history")

    assert share_of(database, published, "m31") == (ShareView(700, 700, 700, declared=True), None)


def test_estimating_again_changes_nothing_and_a_dry_run_neither(
    database: str, published: Published, tmp_path: Path
) -> None:
    dry = estimate(database, published, tmp_path / "history", dry_run=True)
    before = share_of(database, published, "m14")
    first = estimate(database, published, tmp_path / "history")
    again = estimate(database, published, tmp_path / "history")

    assert before == (None, None)
    assert dry == first
    assert again == msgspec.structs.replace(first, changed=0)


def test_a_budget_that_is_taken_back_leaves_the_estimate(
    database: str, published: Published, tmp_path: Path
) -> None:
    estimate(database, published, tmp_path / "history")
    with connected(database) as conn:
        set_profile(conn, published, "m33", lambda profile: with_(profile, attributes={}))

    estimate(database, published, tmp_path / "history")

    assert share_of(database, published, "m33") == (ShareView(1785, 1612, 2000, declared=False), None)


def test_who_has_no_share_any_more_loses_it_and_sets_are_kept_apart(database: str, published: Published) -> None:
    with connected(database) as conn:
        members = [MemberId(row[0]) for row in conn.execute("SELECT member_id FROM member ORDER BY member_id")]
        given = [(member_id, Share(100 + n, 50, 200)) for n, member_id in enumerate(members) if n % 3]
        seen: list[int] = []
        first = estimate_shares(
            conn, published, given, watch=lambda report: seen.append(report.members), at_once=4
        )
        second = estimate_shares(conn, published, given[:5])

    assert (first.members, first.changed, first.unknown) == (33, 22, 10)
    assert seen == [4, 8, 12, 16, 20, 24, 28, 32, 33]
    assert (second.estimated, second.changed) == (5, 17)
