"""French and English are equal: no sentence of the code is missing, stale or not compiled."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.catalog import Catalog

TOOL = Path(__file__).resolve().parents[2] / "tools" / "translations.py"


@pytest.fixture
def translations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The tool, working on an empty folder of catalogues."""
    found = importlib.util.spec_from_file_location("translations", TOOL)
    assert found is not None
    assert found.loader is not None
    tool = importlib.util.module_from_spec(found)
    found.loader.exec_module(tool)
    monkeypatch.setattr(tool, "LOCALES", tmp_path)
    return tool


def said(*sentences: str) -> Catalog:
    catalogue = Catalog(charset="utf-8")
    for sentence in sentences:
        catalogue.add(sentence)
    return catalogue


def written(tool: ModuleType, **french: str) -> None:
    """A compiled French catalogue: name in the code -> translation."""
    catalogue = Catalog(locale="fr", charset="utf-8")
    for sentence, translation in french.items():
        catalogue.add(sentence, translation)
    tool.write(catalogue, "fr")
    tool.mo_file("fr").write_bytes(tool.compiled(catalogue))


def test_every_sentence_of_the_program_is_there_in_french() -> None:
    answer = subprocess.run([sys.executable, TOOL, "check"], capture_output=True, text=True, check=False)

    assert (answer.returncode, answer.stderr) == (0, "")


def test_a_sentence_that_french_does_not_have_is_named(translations: ModuleType) -> None:
    written(translations, Points="Points")

    assert list(translations.faults_of("fr", said("Points", "Sales"))) == ["fr: missing: 'Sales'"]


def test_a_sentence_that_nobody_says_any_more_is_named(translations: ModuleType) -> None:
    written(translations, Points="Points", Sales="Ventes")

    assert list(translations.faults_of("fr", said("Points"))) == ["fr: no longer said: 'Sales'"]


def test_a_sentence_without_translation_is_named(translations: ModuleType) -> None:
    written(translations, Points="")

    assert list(translations.faults_of("fr", said("Points"))) == ["fr: not translated: 'Points'"]


def test_a_lost_placeholder_is_named(translations: ModuleType) -> None:
    written(translations, **{"%(points)s points": "des points"})

    faults = list(translations.faults_of("fr", said("%(points)s points")))

    assert faults == ["fr: the named places differ: '%(points)s points'"]


def test_a_catalogue_that_was_not_compiled_again_is_named(translations: ModuleType) -> None:
    written(translations, Points="Points")
    po = translations.po_file("fr")
    po.write_text(po.read_text().replace('msgstr "Points"', 'msgstr "Cumul"'))

    assert list(translations.faults_of("fr", said("Points"))) == ["fr: the .mo file is not what the .po file says"]


def test_sentences_of_a_template_are_found_whatever_its_layout(translations: ModuleType) -> None:
    catalogue = Catalog(charset="utf-8")
    template = "<p>\n   gettext(u'One')\n </p>\n      ngettext(u'%(n)s day', u'%(n)s days', count)\n"

    translations.add(catalogue, translations.PACKAGE / "x.html", translations.without_indents(template))

    assert [message.id for message in catalogue if message.id] == ["One", ("%(n)s day", "%(n)s days")]
