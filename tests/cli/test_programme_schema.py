"""`cagnotte programme schema`, and the sentences of every fault that a programme can have."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from cagnotte.channels.wording import speech
from cagnotte.channels.wording.programme_faults import SENTENCES, sentence
from cagnotte.domain.programme.faults import ProgrammeFaultCode
from cagnotte.domain.programme.offer_faults import OfferFaultCode
from cagnotte.domain.programme.schema import programme_schema
from cagnotte.domain.rules import RuleFaultCode
from cli.test_commands import Shop
from domain.programme.complete_document import COMPLETE
from domain.programme.test_table_faults import FAULTY
from domain.programmes import faults_of


def test_the_schema_is_printed_as_json_without_a_programme_or_a_database(tmp_path: Path) -> None:
    printed = Shop(tmp_path, "").run("programme", "schema")

    assert (printed.returncode, printed.stderr) == (0, "")
    assert json.loads(printed.stdout) == programme_schema()


def test_every_fault_has_a_sentence_and_no_sentence_is_left_over() -> None:
    codes = {*ProgrammeFaultCode, *OfferFaultCode, *(f"rule.{code}" for code in RuleFaultCode)}

    assert SENTENCES.keys() == {str(code) for code in codes}


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize(("right", "wrong", "code", "marked"), FAULTY)
def test_every_fault_is_told_in_words_with_its_values(
    right: str, wrong: str, code: str | None, marked: str, language: str
) -> None:
    faults = faults_of(COMPLETE.replace(right, wrong, 1))

    told = [sentence(fault, speech(language)) for fault in faults]

    assert all(re.search(r"%\(|^$", each) is None for each in told)
    assert [fault.code for fault in faults] == ([code] if code else [])


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "This programme has no “glod” for “tier”. Did you mean “gold”?"),
        ("fr", "Ce programme n’a pas de « glod » pour « tier ». Vouliez-vous dire « gold » ?"),
    ],
)
def test_a_misspelt_code_in_a_rule_is_told_with_the_right_one(language: str, told: str) -> None:
    [fault] = faults_of(COMPLETE.replace('tier == "silver"', 'tier == "glod"'))

    assert re.sub("[\xa0\u202f]", " ", sentence(fault, speech(language))) == told
