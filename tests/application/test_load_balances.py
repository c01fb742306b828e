"""Opening balances of a programme that moves here: points before = points after + what was written off."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from secrets import token_hex

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from application.shop import enrol, publish
from cagnotte.application.errors import ActInFuture, NoProgramme
from cagnotte.application.loading.load_balances import Opening, load_balances
from cagnotte.application.loading.opening_rows import BalanceRow, BalancesReport
from cagnotte.application.loading.values import RowFaultCode as Code
from cagnotte.application.loading.values import RowRefused
from cagnotte.application.prove_ledger import prove_ledger
from cagnotte.application.published import Published, load_published
from cagnotte.channels.files.balances import read_balances
from cagnotte.channels.files.columns import FileRefused
from cagnotte.channels.files.readers import FileFormat
from cagnotte.storage.database import connected

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
ON = date(2026, 3, 1)


def load(
    dsn: str,
    published: Published,
    rows: list[BalanceRow | RowRefused],
    *,
    on: date = ON,
    source: str = "old",
    dry_run: bool = False,
) -> tuple[BalancesReport, list[Code]]:
    said: list[Code] = []
    with connected(dsn) as conn:
        report = load_balances(
            conn,
            published,
            Opening(on, source),
            rows,
            now=NOW,
            refuse=lambda refused: said.append(refused.code),
            dry_run=dry_run,
        )
    return report, said


def held(dsn: str) -> dict[str, list[tuple[int, date, date | None]]]:
    """member -> (points, earned on, ends on) of each lot."""
    found: dict[str, list[tuple[int, date, date | None]]] = {}
    with psycopg.connect(dsn) as conn:
        rows = conn.execute(
            "SELECT m.external_id, l.points_open, l.earned_on, l.expires_on FROM ledger_lot l"
            " JOIN member m USING (member_id) WHERE l.points_open > 0 ORDER BY 1, l.lot_id"
        )
        for member, *lot in rows.fetchall():
            found.setdefault(member, []).append((lot[0], lot[1], lot[2]))
    return found


def proved(dsn: str) -> bool:
    with connected(dsn) as conn:
        return all(not check.faults for check in prove_ledger(conn))


def test_each_row_becomes_a_lot_with_the_days_it_says_or_the_wallets(database: str) -> None:
    published = publish(database)
    with connected(database) as conn:
        enrol(conn, "ann")

    report, said = load(
        database,
        published,
        [
            BalanceRow(2, "ann", 120, by_terms=False, expires_on=date(2027, 1, 1)),
            BalanceRow(3, "ann", 80),
            BalanceRow(4, "bob", 50, by_terms=False),
        ],
    )

    assert said == []
    assert (report.points_told, report.points_opened, report.in_books, report.members_new) == (250, 250, 250, 1)
    by_terms = date(2026, 3, 31)
    assert held(database) == {
        "ann": [(120, ON, date(2027, 1, 1)), (80, ON, by_terms)],
        "bob": [(50, ON, None)],
    }
    assert proved(database)


def test_the_same_file_again_changes_nothing_and_other_points_are_refused(database: str) -> None:
    published = publish(database)
    rows: list[BalanceRow | RowRefused] = [
        BalanceRow(2, "ann", 120, by_terms=False),
        BalanceRow(3, "bob", 7, by_terms=False),
    ]
    load(database, published, rows)
    before = held(database)

    again, _ = load(database, published, rows)
    other, said = load(database, published, [BalanceRow(2, "ann", 121, by_terms=False), rows[1]])
    more, _ = load(database, published, rows, source="second")

    assert (again.points_opened, again.points_already, again.in_books, again.agrees) == (0, 127, 127, True)
    assert (other.points_opened, other.points_already, other.points_refused, said) == (
        0,
        7,
        121,
        [Code.OTHER_BALANCE],
    )
    assert not other.agrees
    assert (more.points_opened, more.in_books) == (127, 127)
    assert before == {"ann": [(120, ON, None)], "bob": [(7, ON, None)]}
    assert proved(database)


def test_what_has_ended_is_written_off_and_the_sums_agree(database: str) -> None:
    published = publish(database)

    report, said = load(
        database,
        published,
        [
            BalanceRow(2, "ann", 10, by_terms=False, expires_on=ON),
            BalanceRow(3, "ann", 20, by_terms=False, expires_on=date(2026, 12, 1)),
            BalanceRow(4, "ann", 0),
            BalanceRow(5, "ann", 30, wallet="gems"),
            BalanceRow(6, "ann", 40, by_terms=False, expires_on=date(2026, 12, 1)),
        ],
    )

    assert said == [Code.ENDED_BEFORE, Code.UNKNOWN_WALLET, Code.REPEATED_BALANCE]
    assert report.points_told == report.points_opened + report.points_written_off + report.points_refused == 100
    assert (report.points_opened, report.points_written_off, report.points_refused) == (20, 10, 70)


def test_rows_that_are_alike_are_told_apart_by_their_reference(database: str) -> None:
    published = publish(database)

    report, said = load(
        database,
        published,
        [
            BalanceRow(2, "ann", 10, by_terms=False, reference="2024"),
            BalanceRow(3, "ann", 20, by_terms=False, reference="2025"),
        ],
    )

    assert (report.points_opened, said) == (30, [])


def test_two_identifiers_of_one_member_are_one_member(database: str) -> None:
    published = publish(database)
    with connected(database) as conn:
        enrol(conn, "ann")
        conn.execute("INSERT INTO member_identifier SELECT 'card', '9001', member_id FROM member")

    report, said = load(
        database, published, [BalanceRow(2, "ann", 10, by_terms=False), BalanceRow(3, "9001", 20, by_terms=False)]
    )

    assert (report.points_opened, said) == (10, [Code.REPEATED_BALANCE])


def test_a_dry_run_says_the_same_and_leaves_nothing(database: str) -> None:
    published = publish(database)
    rows: list[BalanceRow | RowRefused] = [BalanceRow(2, "ann", 120, by_terms=False), BalanceRow(3, "ann", 5)]

    dry, _ = load(database, published, rows, dry_run=True)
    nothing = held(database)
    real, _ = load(database, published, rows)

    assert nothing == {}
    assert (dry.points_opened, dry.members_new, dry.in_books) == (125, 1, None)
    assert (real.points_opened, real.members_new, real.in_books) == (125, 1, 125)


def test_a_day_in_the_future_or_before_the_programme_is_refused(database: str) -> None:
    published = publish(database, effective_from=datetime(2026, 1, 1, tzinfo=UTC))

    with pytest.raises(ActInFuture):
        load(database, published, [], on=date(2026, 6, 2))
    with pytest.raises(NoProgramme):
        load(database, published, [], on=date(1999, 1, 1))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from(["ann", "bob", "eve"]),
            st.integers(0, 1_000),
            st.sampled_from([None, date(2026, 2, 1), date(2026, 4, 1), date(2027, 1, 1)]),
            st.sampled_from(["", "points", "gems"]),
        ),
        max_size=12,
    )
)
def test_before_is_after_and_written_off_and_refused(
    module_database: str, rows: list[tuple[str, int, date | None, str]]
) -> None:
    with psycopg.connect(module_database) as conn:
        known = conn.execute("SELECT count(*) FROM programme_version").fetchone()
    published = publish(module_database) if known == (0,) else _published(module_database)
    given_rows: list[BalanceRow | RowRefused] = [
        BalanceRow(line, member, points, wallet, by_terms=False, expires_on=ends)
        for line, (member, points, ends, wallet) in enumerate(rows, start=2)
    ]

    source = token_hex(8)
    first, _ = load(module_database, published, given_rows, source=source)
    again, _ = load(module_database, published, given_rows, source=source)

    told = sum(points for _, points, _, _ in rows)
    assert told == first.points_opened + first.points_written_off + first.points_refused + first.points_already
    assert first.agrees
    assert (again.points_opened, again.in_books) == (0, first.in_books)
    assert proved(module_database)


def _published(dsn: str) -> Published:
    with connected(dsn) as conn:
        return load_published(conn)


def rows_of(tmp_path: Path, text: str, name: str = "b.csv") -> list[BalanceRow | RowRefused]:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return list(read_balances(path, FileFormat(name.rsplit(".", 1)[1]), None))


def test_a_file_says_never_a_day_or_nothing(tmp_path: Path) -> None:
    found = rows_of(
        tmp_path,
        "member;points;expires_on;usable_from\nann;5;never;\nbob;6;2027-01-01;2026-05-01\neve;7;;\n",
    )

    assert found == [
        BalanceRow(2, "ann", 5, by_terms=False),
        BalanceRow(3, "bob", 6, by_terms=False, expires_on=date(2027, 1, 1), usable_from=date(2026, 5, 1)),
        BalanceRow(4, "eve", 7),
    ]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("ann,-5,", Code.NEGATIVE_BALANCE),
        ("ann,5.5,", Code.NOT_WHOLE),
        ("ann,9007199254740992,", Code.NUMBER_TOO_LARGE),
        ("ann,,", Code.MISSING_VALUE),
        (",5,", Code.MISSING_VALUE),
        ("ann,5,soon", Code.NOT_A_DAY),
    ],
)
def test_a_faulty_row_is_refused_with_its_reason(tmp_path: Path, row: str, code: Code) -> None:
    [found] = rows_of(tmp_path, f"member,points,expires_on\n{row}\n")

    assert isinstance(found, RowRefused)
    assert (found.line, found.code) == (2, code)


def test_json_lines_say_the_same(tmp_path: Path) -> None:
    text = '{"member": "ann", "points": 5, "expires_on": "never"}\n{"member": "bob", "point": 5}\n'
    good, bad = rows_of(tmp_path, text, "b.ndjson")

    assert good == BalanceRow(1, "ann", 5, by_terms=False)
    assert isinstance(bad, RowRefused)
    assert bad.code is Code.UNKNOWN_FIELD


def test_a_file_without_points_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefused) as refused:
        rows_of(tmp_path, "member,wallet\nann,points\n")

    assert refused.value.params == {"name": "points"}
