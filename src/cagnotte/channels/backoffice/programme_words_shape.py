"""What a programme is told in: items and sections, and how its things are called in the reader's language."""

from collections.abc import Sequence
from decimal import Decimal

import msgspec
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent
from django.utils.translation import get_language, gettext, ngettext

from cagnotte.channels.backoffice import written
from cagnotte.channels.backoffice.pages import in_words
from cagnotte.channels.wording import N_, Nn_
from cagnotte.domain.earning.terms import BASIS
from cagnotte.domain.kernel import Period, PeriodUnit
from cagnotte.domain.points.terms import Name
from cagnotte.domain.programme.document import Programme
from cagnotte.domain.rules import Rule

CONDITION = N_("Condition")
_PERCENT = {"en": "#,##0.##%", "fr": "#,##0.## %"}
_OCCASIONS = {
    "purchase": N_("Each sale"),
    "enrolment": N_("Each enrolment"),
    "birthday": N_("Each birthday"),
    "anniversary": N_("Each anniversary of joining"),
    "membership": N_("Each membership bought or renewed"),
    "tier": N_("Each status reached"),
    "referral": N_("Each purchase of a referred friend"),
}
_PLACES = {"receipt": N_("on the receipt"), "till": N_("on the till"), "screen": N_("on the seller’s screen")}


class Item(msgspec.Struct, frozen=True):
    """One thing of the programme: its name, its sentences, and the rules it quotes as (what, text).

    `code`: as it stands in the document; "" when it has none, or is called by it already.
    """

    name: str
    sentences: tuple[str, ...]
    rules: tuple[tuple[str, str], ...] = ()
    code: str = ""

    @property
    def sentence(self) -> str:
        """All of them, as one text."""
        return joined(self.sentences)


class Section(msgspec.Struct, frozen=True):
    """Items of one kind; `key` is the section's place in the page."""

    key: str
    heading: str
    items: list[Item]


def say(sentence: str, **values: str) -> str:
    """The sentence in the reader's language, its named places filled."""
    said = gettext(sentence)
    return said % values if values else said


def counted(forms: tuple[str, str], number: int, **values: str) -> str:
    """The form for `number`, which the sentence names %(number)s."""
    return ngettext(*forms, number) % {"number": written.whole(number), **values}


def item(name: Name, code: str, sentences: Sequence[str], rules: Sequence[tuple[str, Rule | None]] = ()) -> Item:
    """An item of sentences, of which empty ones are left out, and the rules that are said of `rules`."""
    called = in_words(name, code)
    quotes = tuple((gettext(what), rule.source) for what, rule in rules if rule is not None)
    return Item(called, tuple(filter(None, sentences)), quotes, "" if called == code else code)


def joined(sentences: Sequence[str]) -> str:
    return " ".join(sentence for sentence in sentences if sentence)


def all_of(parts: Sequence[str]) -> str:
    """`a, b and c`"""
    return str(format_list(parts, "standard", _locale()))


def any_of(parts: Sequence[str]) -> str:
    """`a, b or c`"""
    return str(format_list(parts, "or", _locale()))


def quoted(text: str) -> str:
    return say("“%(text)s”", text=text)


def percent(basis_points: int) -> str:
    """`12.5%`"""
    return str(format_percent(Decimal(basis_points) / BASIS, _PERCENT[_locale()], _locale()))


def factor(basis_points: int) -> str:
    """`1.5`: what a multiplier multiplies by."""
    return str(format_decimal(Decimal(basis_points) / BASIS, "#,##0.####", _locale()))


def period(length: Period) -> str:
    """`12 months`, `14 days`."""
    if length.unit is PeriodUnit.DAYS:
        return counted(Nn_("%(number)s day", "%(number)s days"), length.count)
    return counted(Nn_("%(number)s month", "%(number)s months"), length.count)


def points_of(number: int) -> str:
    return counted(Nn_("%(number)s point", "%(number)s points"), number)


def place(code: str) -> str:
    """Where a message is shown."""
    return gettext(_PLACES[code])


def wallet(programme: Programme, code: str) -> str:
    return in_words(programme.wallet(code).name, code)


def tier(programme: Programme, code: str) -> str:
    return in_words(next((each.name for each in programme.tiers if each.code == code), {}), code)


def event(programme: Programme, code: str) -> str:
    return in_words(programme.declared.event_names.get(code, {}), code)


def occasion(programme: Programme, on: str) -> str:
    """What a sentence about an occasion begins with: `Each sale`, `Each event “Review”`."""
    if on in _OCCASIONS:
        return gettext(_OCCASIONS[on])
    return say("Each event “%(event)s”", event=event(programme, on))


def occasion_that(programme: Programme, on: str, when: Rule | None) -> str:
    """The same, of those alone that meet the condition when there is one."""
    each = occasion(programme, on)
    return each if when is None else say("%(occasion)s that meets the condition", occasion=each)


def money(programme: Programme, minor: int) -> str:
    return written.money(minor, programme.currency)


def _locale() -> str:
    return "fr" if (get_language() or "").startswith("fr") else "en"
