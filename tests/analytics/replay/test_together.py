"""Caps and measures that members share: a replay counts them as the books do, in order of time across members."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import msgspec
import pytest
from msgspec.structs import replace

from analytics.replay.histories import HEAD, a_history, a_sale, programme, replayed
from application.shop import enrol, publish
from cagnotte.analytics.history import HistoryWriter, Sold, export_history
from cagnotte.analytics.replay import Report
from cagnotte.application.expire_lots import expire_lots
from cagnotte.application.move_household import move_household
from cagnotte.application.record_sale import record_sale
from cagnotte.application.sale_command import SaleCommand, SaleLine
from cagnotte.domain.evaluator.decision import Decision
from cagnotte.domain.evaluator.effects import RuleEarned
from cagnotte.domain.members.profile import Profile
from cagnotte.storage.database import connected
from cagnotte.storage.packing import unpack

PARIS = ZoneInfo("Europe/Paris")
FIRST = date(2026, 1, 5)
HOUSEHOLDS = """
[wallets.points]
expiry = { after = "60 days" }

[measures.family_spend]
of = "household"
counts = "paid"
within = "30 days"

[caps.family]
times = 5
per = "household"
within = "10 days"

[[earn]]
code = "base"
points = 1
per = 100

[[earn]]
code = "family"
when = "measures.family_spend >= 10000"
points = 7
caps = ["family"]

[[earn]]
code = "golden"
when = 'tiers.together == "family-gold"'
points = 3

[[tiers]]
code = "family-gold"
family = "together"
reach = { measure = "family_spend", at_least = 25000 }
"""
STORES = """
[caps.store-day]
points = 120
per = "store"
every = "day"

[caps.launch]
points = 300
per = "programme"
every = "week"

[[earn]]
code = "launch"
points = 1
per = 200
caps = ["launch", "store-day"]
"""
BOOKS = {
    "HOUSEHOLDS": HOUSEHOLDS,
    "EVERYTHING": HOUSEHOLDS + STORES,
}
DRAFT = HOUSEHOLDS.replace("times = 5", "times = 2") + STORES.replace("points = 120", "points = 60")


@pytest.mark.parametrize("text", BOOKS.values(), ids=BOOKS.keys())
def test_a_replay_gives_what_the_books_of_a_shop_with_shared_caps_say(
    database: str, tmp_path: Path, text: str
) -> None:
    points, tiers = a_quarter(database, HEAD + text)
    with connected(database) as conn:
        export_history(conn, tmp_path / "history", zone="Europe/Paris", currency="EUR")

    report = replayed(tmp_path / "history", programme(text), programme(text), workers=2)

    assert report.members_differing == 0
    assert {rule.rule: rule.points.current for rule in report.rules} == points
    assert {row.tier: row.members.current for row in report.tiers if row.tier} == tiers
    assert points["family"] > 0
    assert tiers


def a_quarter(dsn: str, text: str) -> tuple[dict[str, int], dict[str, int]]:
    """Sales of 9 members in 3 households and of 3 alone, as they happen: points by rule, members by tier."""
    dice = Random(33)
    names = [f"m{number}" for number in range(12)]
    with connected(dsn) as conn:
        enrol(conn, *names, on=datetime(2026, 1, 1, tzinfo=UTC))
    published = publish(dsn, text)
    points = Counter[str]()
    times = sorted(dice.sample(range(80 * 24 * 60), 260))
    with connected(dsn) as conn:
        for number, name in enumerate(names[:9]):
            move_household(conn, published, name, f"h{number % 3}", now=datetime(2026, 1, 2, tzinfo=UTC))
        for number, minute in enumerate(times):
            at = datetime(2026, 1, 5, tzinfo=PARIS) + timedelta(minutes=minute)
            lines = (SaleLine("a", 1, dice.randrange(500, 9_000), "bread"),)
            sale = SaleCommand(f"S{number}", dice.choice(["lyon", "nice"]), at, lines, dice.choice(names))
            record_sale(conn, published, sale, key=sale.sale_id, now=datetime(2026, 6, 1, tzinfo=UTC))
            if number % 20 == 0:
                expire_lots(conn, published, at.date())
        last = (datetime(2026, 1, 5, tzinfo=PARIS) + timedelta(minutes=times[-1])).date()
        expire_lots(conn, published, last)
        for (decided,) in conn.execute("SELECT decided FROM sale WHERE decided IS NOT NULL"):
            for effect in msgspec.json.decode(unpack(decided), type=Decision).effects:
                if isinstance(effect, RuleEarned):
                    points[effect.rule] += effect.points
        held = """
            SELECT part ->> 'tier', count(*) FROM member_standing, jsonb_array_elements(state -> 'held') AS part
             GROUP BY 1"""
        return dict(points), dict(conn.execute(held).fetchall())


@pytest.mark.parametrize("text", BOOKS.values(), ids=BOOKS.keys())
def test_any_number_of_processes_and_any_size_of_row_groups_say_the_same(tmp_path: Path, text: str) -> None:
    small = invented(tmp_path / "small", rows_at_once=40)
    large = invented(tmp_path / "large", rows_at_once=10_000)
    current, draft = (
        programme(text),
        programme(DRAFT if STORES in text else text.replace("times = 5", "times = 2")),
    )

    reports = [replayed(small, current, draft, workers=workers) for workers in (1, 2, 5)]
    reports.append(replayed(large, current, draft))

    assert reports[0].members_differing > 0
    assert [figures(each) == figures(reports[0]) for each in reports] == [True] * 4


def test_a_cap_of_the_shop_is_used_up_by_who_comes_first(tmp_path: Path) -> None:
    """Member 2 buys on Monday and member 1 on Tuesday: in order of members, member 1 would have taken it all."""
    capped = programme('[wallets.points]\n[[earn]]\ncode = "b"\npoints = 1\nper = 100\ncaps = ["c"]\n'
                       '[caps.c]\npoints = 50\nper = "programme"\nevery = "week"\n')  # fmt: skip
    folder = a_history(
        tmp_path / "history",
        {
            1: [a_sale("2026-03-03T10:00", ("bread", 4000))],
            2: [a_sale("2026-03-02T10:00", ("bread", 3000)), a_sale("2026-03-09T10:00", ("bread", 9000))],
        },
    )

    report = replayed(folder, capped, programme("[wallets.points]\n"), most=5)

    assert {change.member_id: change.points_current for change in report.most_changed} == {1: 20, 2: 30 + 50}


def test_who_comes_first_is_told_by_the_instant_not_by_the_clock_on_the_wall(tmp_path: Path) -> None:
    """10:00 in New York comes after 15:00 in Paris."""
    abroad = '[countries.US]\ntimezone = "America/New_York"\n[countries.FR]\n'
    capped = programme(
        abroad,
        '[wallets.points]\n[[earn]]\ncode = "b"\npoints = 1\nper = 100\ncaps = ["c"]\n',
        '[caps.c]\npoints = 50\nper = "programme"\nevery = "week"\n',
    )
    writer = HistoryWriter(tmp_path / "history", ((11, "bread", "Bread", "", "", "", "", ()),), {"lyon": "Lyon"})
    for member_id, country, hour in ((1, "US", 10), (2, "FR", 15)):
        sold = _sold(member_id, 0, datetime(2026, 3, 3, hour), Random(1))._replace(paid=4_000, line_paid=[4_000])
        writer.add([sold], Profile(enrolled_on=FIRST, country=country))
    writer.finish(zone="Europe/Paris", zones={"US": "America/New_York"}, currency="EUR")

    report = replayed(tmp_path / "history", capped, programme(abroad, "[wallets.points]\n"), most=5)

    assert {change.member_id: change.points_current for change in report.most_changed} == {1: 10, 2: 40}


def figures(report: Report) -> Report:
    return replace(report, took=None)


def invented(folder: Path, rows_at_once: int) -> Path:
    """40 members, most of them in one of 9 households, who buy at any minute of a quarter."""
    dice = Random(5)
    writer = HistoryWriter(folder, ((11, "bread", "Bread", "bakery", "food", "", "", ()),), {"lyon": "Lyon"})
    for member_id in range(1, 41):
        minutes = sorted(dice.sample(range(80 * 24 * 60), dice.randint(1, 12)))
        ats = [datetime(2026, 1, 5) + timedelta(minutes=minute) for minute in minutes]
        household = f"h{dice.randrange(9)}" if dice.random() < 0.8 else ""
        profile = Profile(enrolled_on=FIRST, household=household)
        rows = [_sold(member_id, number, at, dice) for number, at in enumerate(ats)]
        writer.add(rows, profile, rows_at_once=rows_at_once)
    writer.finish(zone="Europe/Paris", currency="EUR")
    return folder


def _sold(member_id: int, number: int, at: datetime, dice: Random) -> Sold:
    paid = dice.randrange(-500, 9_000)
    event_id = 256 * (1_000 * member_id + number + 2)
    nothing = (None, None, None, None)
    utc = at.replace(tzinfo=UTC)
    place = dice.choice(["lyon", "nice"])
    return Sold(member_id, event_id, utc, at, None, 0, place, "store", None, paid, [11], [1], [paid], *nothing)
