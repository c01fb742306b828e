"""How amounts, words and times are written in case files."""

from datetime import UTC, date, datetime

import pytest

from cagnotte.application.trials.values import Moment, Money, NotWritten, Word, read_value, written_amount


@pytest.mark.parametrize(
    ("written", "decimals", "minor"),
    [
        ("12.00", 2, 1200),
        ("12", 2, 1200),
        (12, 2, 1200),
        ("0.1", 2, 10),
        ("-3.50", 2, -350),
        ("1980", 0, 1980),
        ("1.234", 3, 1234),
        ({"minor": 1200}, 2, 1200),
        ({"minor": 7}, 0, 7),
    ],
)
def test_an_amount_is_exact(written: object, decimals: int, minor: int) -> None:
    money = read_value(Money, written)

    assert isinstance(money, Money)
    assert money.minor(decimals) == minor


@pytest.mark.parametrize(
    "written",
    ["12,00", "1_000", "EUR 5", "", " 5", "NaN", "Infinity", "9" * 40, 1.5, True, None, {"cents": 5}, []],
)
def test_what_is_no_amount_is_refused(written: object) -> None:
    with pytest.raises(NotWritten) as refused:
        read_value(Money, written)

    assert refused.value.code == "not_an_amount"


def test_an_amount_has_no_more_decimals_than_its_currency() -> None:
    money = read_value(Money, "1.999")
    assert isinstance(money, Money)

    with pytest.raises(NotWritten) as refused:
        money.minor(2)

    assert (refused.value.code, refused.value.found) == ("too_many_decimals", "1.999")


@pytest.mark.parametrize(
    ("minor", "decimals", "text"),
    [(0, 2, "0.00"), (5, 2, "0.05"), (-5, 2, "-0.05"), (1200, 2, "12.00"), (1980, 0, "1980"), (1, 3, "0.001")],
)
def test_an_amount_is_shown_with_the_decimals_of_its_currency(minor: int, decimals: int, text: str) -> None:
    assert written_amount(minor, decimals) == text


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("2026-01-31", datetime(2026, 1, 31, 12)),
        (date(2026, 1, 31), datetime(2026, 1, 31, 12)),
        ("2026-01-31T17:30", datetime(2026, 1, 31, 17, 30)),
        (datetime(2026, 1, 31, 0, 0, 1), datetime(2026, 1, 31, 0, 0, 1)),
        ("2026-01-31T10:00:00Z", datetime(2026, 1, 31, 10, tzinfo=UTC)),
        ("2026-01-31T11:00+01:00", datetime(2026, 1, 31, 10, tzinfo=UTC)),
    ],
)
def test_a_day_alone_is_its_noon(written: object, at: datetime) -> None:
    moment = read_value(Moment, written)

    assert isinstance(moment, Moment)
    assert moment.at == at


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("2026-02-30", "not_a_time"),
        ("yesterday", "not_a_time"),
        (5, "not_a_time"),
        ("1899-12-31", "time_out_of_range"),
        ("3000-01-01", "time_out_of_range"),
    ],
)
def test_what_is_no_local_time_is_refused(written: object, code: str) -> None:
    with pytest.raises(NotWritten) as refused:
        read_value(Moment, written)

    assert refused.value.code == code


def test_a_whole_number_is_a_word() -> None:
    assert read_value(Word, 4711) == "4711"


@pytest.mark.parametrize("written", [True, None, 1.5, ["a"]])
def test_what_is_no_word_is_refused(written: object) -> None:
    with pytest.raises(NotWritten):
        read_value(Word, written)
