"""Kept estimates of breakage: what accounts were closed with is never rewritten (INV-02)."""

from datetime import date

import psycopg
import pytest

from cagnotte.storage.breakage import BreakageEstimate, breakage_rate, keep_estimate
from cagnotte.storage.database import as_program

MARCH = BreakageEstimate("points", date(2024, 3, 1), 2000, 1800, 2200, 50, "hazard")
MAY = BreakageEstimate("points", date(2024, 5, 1), 2100, 1900, 2300, 70, "hazard")


@pytest.fixture
def program(conn: psycopg.Connection) -> psycopg.Connection:
    as_program(conn)
    return conn


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2024, 2, 29), None),
        (date(2024, 3, 1), MARCH),
        (date(2024, 4, 30), MARCH),
        (date(2024, 5, 31), MAY),
        (date(2025, 1, 1), MAY),
    ],
)
def test_the_rate_is_the_latest_of_the_month_or_before(
    program: psycopg.Connection, on: date, expected: BreakageEstimate | None
) -> None:
    for estimate in (MAY, MARCH):
        assert keep_estimate(program, estimate)

    assert breakage_rate(program, "points", on) == expected
    assert breakage_rate(program, "status", on) is None


def test_the_first_estimate_of_a_month_stands(program: psycopg.Connection) -> None:
    keep_estimate(program, MARCH)

    assert not keep_estimate(program, BreakageEstimate("points", MARCH.month, 9, 9, 9, 1, "other"))

    assert breakage_rate(program, "points", MARCH.month) == MARCH


@pytest.mark.parametrize("statement", ["UPDATE {} SET low = 0", "DELETE FROM {}", "TRUNCATE {}"])
@pytest.mark.parametrize("owner", [True, False])
def test_no_role_rewrites_an_estimate(conn: psycopg.Connection, statement: str, owner: bool) -> None:
    if not owner:
        as_program(conn)

    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        conn.execute(statement.format("breakage_estimate"))


@pytest.mark.parametrize(
    "wrong",
    [
        BreakageEstimate("points", date(2024, 3, 2), 2000, 1800, 2200, 50, "hazard"),
        BreakageEstimate("points", date(2024, 3, 1), 2300, 1800, 2200, 50, "hazard"),
        BreakageEstimate("points", date(2024, 3, 1), 10001, 1800, 10001, 50, "hazard"),
        BreakageEstimate("points", date(2024, 3, 1), -1, -1, 2200, 50, "hazard"),
    ],
)
def test_an_estimate_without_sense_is_refused(program: psycopg.Connection, wrong: BreakageEstimate) -> None:
    with pytest.raises(psycopg.errors.CheckViolation):
        keep_estimate(program, wrong)
