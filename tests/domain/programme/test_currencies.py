"""Currencies and their decimals."""

from cagnotte.domain.programme.currencies import DECIMALS


def test_the_smallest_unit_has_the_decimals_of_the_standard() -> None:
    assert [DECIMALS[code] for code in ("EUR", "USD", "JPY", "KWD", "XPF", "CHF")] == [2, 2, 0, 3, 0, 2]


def test_every_code_is_three_capital_letters_and_stands_once() -> None:
    assert all(len(code) == 3 and code.isascii() and code.isupper() for code in DECIMALS)
    assert len(DECIMALS) == 155
