"""Documents that are too large are refused at once, and large ones are read."""

import pytest

from cagnotte.domain.programme.check import TEXT_MOST
from cagnotte.domain.programme.faults import ProgrammeFaultCode as Code
from cagnotte.domain.programme.notes import FAULTS_MOST
from domain.programmes import HEAD, faults_of, programme_of

START = f"{HEAD}[wallets.points]\n"


def rules(count: int, points: str = "eligible.paid / 100") -> str:
    return START + "".join(
        f"[[earn]]\ncode = 'r{number}'\nwhen = 'store == \"s{number}\"'\npoints = '{points}'\n"
        for number in range(count)
    )


def test_a_document_of_ten_megabytes_is_refused_before_it_is_parsed() -> None:
    text = START + "#" + "x" * 10_000_000

    [fault] = faults_of(text)

    assert (fault.code, fault.params) == (Code.TOO_LARGE, {"most": str(TEXT_MOST)})


def test_a_document_of_the_largest_size_is_read() -> None:
    assert programme_of((START + "#").ljust(TEXT_MOST, "x")).code == "maison"


def test_a_hundred_thousand_rules_are_refused_with_how_many_there_may_be() -> None:
    text = START + "".join(f"[[earn]]\ncode='r{number}'\npoints=1\n" for number in range(100_000))

    [fault] = faults_of(text)

    assert (fault.code, fault.path, fault.params) == (Code.TOO_MANY, ("earn",), {"most": "10000"})


def test_a_thousand_rules_are_read() -> None:
    """How long it takes is measured by `do.py bench rules`: `read_1000`."""
    assert len(programme_of(rules(1_000)).earn) == 1_000


@pytest.mark.parametrize("key", ["a." * 200_000 + "a", '"a".' * 200_000 + "a", "[" + "a . " * 200_000 + "a]"])
def test_a_key_of_endless_dots_is_refused_before_it_can_stall_the_reader(key: str) -> None:
    [fault] = faults_of(f"{START}{key} = 1\n")

    assert (fault.code, fault.params) == (Code.NOT_TOML, {"detail": "Arrays or tables are nested too deep"})


def test_hundreds_of_thousands_of_unknown_keys_are_told_up_to_the_limit() -> None:
    faults = faults_of(START + "".join(f"k{number}=1\n" for number in range(100_000)))

    assert [fault.code for fault in faults] == [Code.UNKNOWN_NAME] * FAULTS_MOST


def test_a_document_with_thousands_of_faults_tells_the_first_ones_and_ends() -> None:
    faults = faults_of(rules(5_000, points="eligibel.paid / hour"))

    assert len(faults) == FAULTS_MOST
    assert {fault.code for fault in faults} == {"rule.unknown_name", "rule.division_by_expression"}


def test_numbers_beyond_64_bits_and_products_that_could_pass_them_are_refused() -> None:
    assert [f.code for f in faults_of(rules(1, points="9223372036854775808"))] == ["rule.number_too_big"]
    assert [f.code for f in faults_of(rules(1, points="paid * paid * paid"))] == ["rule.beyond_64_bits"]


def test_dividing_by_an_expression_is_refused() -> None:
    assert [f.code for f in faults_of(rules(1, points="paid / hour"))] == ["rule.division_by_expression"]
