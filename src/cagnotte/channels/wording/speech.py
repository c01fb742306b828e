"""A reader's language: translated sentences, numbers, amounts and days."""

import gettext
import os
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files

_DOMAIN = "django"  # one catalogue for the screens, the command line and the API


def N_(text: str) -> str:  # noqa: N802 - the marker that translation tools look for
    """Mark a sentence for translation without translating it yet."""
    return text


def Nn_(one: str, many: str) -> tuple[str, str]:  # noqa: N802 - as N_, for the two forms of a counted sentence
    return one, many


class Speech:
    """Speaks one language. A sentence without translation is said in English."""

    def __init__(self, language: str, translations: gettext.NullTranslations) -> None:
        self.language = language
        self._translations = translations

    def say(self, sentence: str, **values: object) -> str:
        """The sentence in this language with its named places filled."""
        said = self._translations.gettext(sentence) if sentence else ""
        return said % values if values else said

    def count(self, forms: tuple[str, str], number: int, **values: object) -> str:
        """The singular or plural form for `number`, which the sentence names %(number)s."""
        said = self._translations.ngettext(*forms, number)
        return said % {"number": self.number(number), **values}

    def number(self, value: int) -> str:
        """A whole number with separators between thousands."""
        return f"{value:,}".replace(",", "\u202f" if self.language == "fr" else ",")

    def percent(self, basis_points: int) -> str:
        """Basis points as a percentage with two decimals, without its sign: 12.34, or 12,34 in French."""
        whole, part = divmod(abs(basis_points), 100)
        return f"{'-' if basis_points < 0 else ''}{whole}{',' if self.language == 'fr' else '.'}{part:02}"

    def amount(self, minor: int, currency: str, decimals: int) -> str:
        """An amount in units of its currency: 1,234.56 EUR, or 1 234,56 EUR in French."""
        whole, part = divmod(abs(minor), 10**decimals)
        point = "," if self.language == "fr" else "."
        fraction = f"{point}{part:0{decimals}d}" if decimals else ""
        return f"{'-' if minor < 0 else ''}{self.number(whole)}{fraction} {currency}"

    def day(self, day: date) -> str:
        return day.strftime("%d/%m/%Y") if self.language == "fr" else day.isoformat()


@cache
def speech(language: str) -> Speech:
    """The speech of "fr" or "en"."""
    folder = files("cagnotte").joinpath("locale")
    translations = gettext.translation(_DOMAIN, str(folder), languages=[language], fallback=True)
    return Speech(language, translations)


def speak_everywhere(language: str) -> None:
    """Let the standard library's gettext, and so argparse, speak this language from our catalogue."""
    gettext.bindtextdomain(_DOMAIN, str(files("cagnotte").joinpath("locale")))
    gettext.textdomain(_DOMAIN)
    os.environ["LANGUAGE"] = language


def language_of(environ: Mapping[str, str], chosen: str | None) -> str:
    """The language to speak at a terminal: the one chosen in the settings, else the terminal's, else English."""
    if chosen:
        return chosen
    said = environ.get("LC_ALL") or environ.get("LC_MESSAGES") or environ.get("LANG") or ""
    return "fr" if said.lower().startswith("fr") else "en"
