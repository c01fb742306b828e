"""The catalogue of sentences: take them from the code, compile them, check that French is complete.

python tools/translations.py extract    updates the .po files; new sentences come in empty
python tools/translations.py compile    writes the .mo files that the program reads
python tools/translations.py check      ends with 1 when a sentence is missing, stale, fuzzy or not compiled
"""

import argparse
import gettext
import io
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from babel.messages import mofile, pofile
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract as extract_from
from django.conf import settings
from django.utils.translation.template import templatize

SOURCES = Path(__file__).resolve().parent.parent / "src"
PACKAGE = SOURCES / "cagnotte"
LOCALES = PACKAGE / "locale"
SOURCE_LANGUAGE, TRANSLATED = "en", ("fr",)
KEYWORDS = {
    "_": None,
    "N_": None,
    "Nn_": (1, 2),
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "say": None,  # cagnotte.channels.wording: Speech.say and Speech.count
    "count": (1, 2),
}
HEADER = """\
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural}\\n"

"""


def extract() -> int:
    """Bring every .po to the sentences of the code; what the code no longer says is dropped."""
    wanted = sentences_of_code()
    for language in (SOURCE_LANGUAGE, *TRANSLATED):
        catalogue = read(language)
        catalogue.update(wanted, no_fuzzy_matching=True)
        write(catalogue, language)
        empty = [message for message in catalogue if message.id and not is_translated(message)]
        print(f"{language}: {len(catalogue)} sentences, {len(empty)} without translation")
    return 0


def compile_all() -> int:
    for language in (SOURCE_LANGUAGE, *TRANSLATED):
        mo_file(language).write_bytes(compiled(read(language)))
    return 0


def check() -> int:
    """Print every fault; 0 when there is none."""
    wanted = sentences_of_code()
    faults = [fault for language in (SOURCE_LANGUAGE, *TRANSLATED) for fault in faults_of(language, wanted)]
    for fault in faults:
        print(fault, file=sys.stderr)
    if faults:
        print("Run tools/translations.py extract, translate what is empty, then compile.", file=sys.stderr)
    return 1 if faults else 0


def faults_of(language: str, wanted: Catalog) -> Iterator[str]:
    catalogue = read(language)
    known, needed = sentences(catalogue), sentences(wanted)
    yield from (f"{language}: missing: {said(key)}" for key in needed.keys() - known.keys())
    yield from (f"{language}: no longer said: {said(key)}" for key in known.keys() - needed.keys())
    for key, message in known.items():
        if message.fuzzy:
            yield f"{language}: fuzzy: {said(key)}"
        if language in TRANSLATED and not is_translated(message):
            yield f"{language}: not translated: {said(key)}"
        if is_translated(message):
            yield from (f"{language}: {said(key)}: {error}" for error in message.check(catalogue))
            if places(message.id) != places(message.string):
                yield f"{language}: the named places differ: {said(key)}"
    if not mo_file(language).exists() or spoken(mo_file(language).read_bytes()) != spoken(compiled(catalogue)):
        yield f"{language}: the .mo file is not what the .po file says"


def sentences_of_code() -> Catalog:
    """Every sentence that Python code or a template marks for translation."""
    catalogue = Catalog(charset="utf-8")
    for path in sorted(PACKAGE.rglob("*.py")):
        add(catalogue, path, path.read_text(encoding="utf-8"))
    for path in sorted(PACKAGE.rglob("templates/**/*.html")):
        add(catalogue, path, without_indents(templatize(path.read_text(encoding="utf-8"))))
    return catalogue


def without_indents(python: str) -> str:
    """A template's layout would be read as Python's."""
    return "\n".join(line.lstrip() for line in python.splitlines())


def add(catalogue: Catalog, path: Path, python: str) -> None:
    place = path.relative_to(SOURCES).as_posix()
    found = extract_from("python", io.BytesIO(python.encode()), KEYWORDS, ["Translators:"], {"encoding": "utf-8"})
    for _line, message, comments, context in found:
        catalogue.add(message, locations=[(place, 0)], auto_comments=comments, context=context)


def read(language: str) -> Catalog:
    path = po_file(language)
    if not path.exists():
        return Catalog(locale=language, charset="utf-8")
    with path.open("rb") as file:
        return pofile.read_po(file, locale=language, charset="utf-8")


def write(catalogue: Catalog, language: str) -> None:
    """Without dates and line numbers, so that only changed sentences change the file."""
    written = io.BytesIO()
    pofile.write_po(
        written,
        catalogue,
        width=110,
        omit_header=True,
        sort_output=True,
        ignore_obsolete=True,
        include_lineno=False,
    )
    header = HEADER.format(language=language, plural=catalogue.plural_forms)
    po_file(language).parent.mkdir(parents=True, exist_ok=True)
    po_file(language).write_bytes(header.encode() + written.getvalue())


def compiled(catalogue: Catalog) -> bytes:
    written = io.BytesIO()
    mofile.write_mo(written, catalogue)
    return written.getvalue()


def spoken(compiled_catalogue: bytes) -> dict[object, str]:
    """What a compiled catalogue says, without its header, which names Babel's version."""
    catalogue = gettext.GNUTranslations(io.BytesIO(compiled_catalogue))
    said_of: dict[object, str] = vars(catalogue)["_catalog"]
    return {key: text for key, text in said_of.items() if key != ""}


def sentences(catalogue: Catalog) -> dict[tuple[object, str | None], Message]:
    return {(message.id, message.context): message for message in catalogue if message.id}


def places(text: str | Sequence[str] | None) -> set[str]:
    """The named places of a sentence; of one with plural forms, those of the last."""
    last = text if isinstance(text, str) else (text or [""])[-1]
    return set(re.findall(r"%\((\w+)\)", last))


def said(key: tuple[object, str | None]) -> str:
    text = key[0]
    return repr(text[0] if isinstance(text, tuple) else text)


def is_translated(message: Message) -> bool:
    return all(message.string) if isinstance(message.string, tuple) else bool(message.string)


def po_file(language: str) -> Path:
    return LOCALES / language / "LC_MESSAGES" / "django.po"


def mo_file(language: str) -> Path:
    return po_file(language).with_suffix(".mo")


ACTIONS = {"extract": extract, "compile": compile_all, "check": check}


def main() -> int:
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("action", choices=ACTIONS)
    settings.configure()  # Django reads a template's text only when it is set up
    return ACTIONS[reader.parse_args().action]()


if __name__ == "__main__":
    sys.exit(main())
