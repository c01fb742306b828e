"""The report as one page: opens from a disk without a network, reads without a script, prints."""

from html import escape
from importlib.resources import files

from cagnotte.analytics.replay import Report
from cagnotte.analytics.replay.figures import Measured
from cagnotte.channels.reports.replay.markup import Reader
from cagnotte.channels.reports.replay.members import changed_section, spread_section, tiers_section
from cagnotte.channels.reports.replay.points import (
    months_section,
    offers_section,
    rules_section,
    segments_section,
    stores_section,
    wallets_section,
)
from cagnotte.channels.wording import N_, Speech
from cagnotte.channels.wording.replay_words import (
    headline,
    note_sentence,
    programme_name,
    scope_sentence,
    written,
)

_TITLE = N_("%(draft)s against %(current)s")
_EYEBROW = N_("Replay of “%(programme)s” over the history")
_NAMED = N_("Draft: %(draft)s. Current: %(current)s.")
_CARDS = (
    (N_("Points issued"), "issued", False),
    (N_("Estimated cost of these points"), "cost", True),
    (N_("Vouchers issued"), "vouchers_cost", True),
    (N_("Discounts given"), "discounts", True),
)
_OWED = N_("Owed to members at the end")
_BEFORE = N_("%(before)s today")
_WINNERS = N_("Members who get more points")
_LOSERS = N_("%(losers)s get fewer, %(unchanged)s as many")
_HOW = (
    N_("Every sale was decided again by the same program that the tills ask, member by member in order of time."),
    N_(
        "A point costs what it pays at the till, or else what a voucher gives for it; amounts are rounded down."
        " What is owed is what all points open at the end are worth, pending ones with them."
    ),
    N_("Members are named by their number in the database and nothing else."),
    N_(
        "Every table is beside this page as CSV, and everything as report.json. It took %(seconds)s s on"
        " %(workers)s processes."
    ),
)


def page_of(report: Report, speech: Speech) -> str:
    """The whole page as HTML, in the language of the speech."""
    reader = Reader(report, speech)
    title = speech.say(_TITLE, draft=_short(report.draft.named), current=_short(report.current.named))
    return (
        f'<!doctype html>\n<html lang="{speech.language}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{escape(title)}</title>'
        f"<style>{_style()}</style></head><body><main>{_header(reader, title)}{_content(reader)}{_footer(reader)}"
        "</main></body></html>\n"
    )


def _header(reader: Reader, title: str) -> str:
    report, speech = reader.report, reader.speech
    named = reader.say(_NAMED, draft=report.draft.named, current=report.current.named)
    eyebrow = reader.say(_EYEBROW, programme=programme_name(report.draft, speech))
    told = "" if report.same else f'<p class="headline">{escape(headline(report, speech))}</p>'
    return (
        f'<header><p class="eyebrow">{eyebrow}</p><h1>{escape(title)}</h1>'
        f'<p class="scope">{escape(scope_sentence(report, speech))} {named}</p>{told}</header>'
    )


def _content(reader: Reader) -> str:
    """What differs first; where nothing does, the sentence that says so and the figures."""
    report = reader.report
    same = f'<p class="same">{escape(headline(report, reader.speech))}</p>' if report.same else ""
    parts = [
        same,
        _cards(reader),
        _notes(reader),
        "" if report.same else spread_section(reader),
        months_section(reader),
        rules_section(reader),
        offers_section(reader) if report.offers else "",
        tiers_section(reader) if report.tiers else "",
        segments_section(reader),
        stores_section(reader),
        wallets_section(reader),
        changed_section(reader) if report.most_changed else "",
    ]
    return "".join(parts)


def _cards(reader: Reader) -> str:
    report, totals = reader.report, reader.report.totals
    cards = []
    for title, field, is_money in _CARDS:
        measured: Measured = getattr(totals, field)
        if field == "issued" or measured.current or measured.draft:
            cards.append(_card(reader, title, measured, is_money=is_money))
    cards.append(_card(reader, _OWED, report.liability, is_money=True))
    if not report.same:
        cards.append(_winners(reader))
    return f'<dl class="cards">{"".join(cards)}</dl>'


def _card(reader: Reader, title: str, measured: Measured, *, is_money: bool) -> str:
    before = reader.say(_BEFORE, before=written(measured.current, reader.report, reader.speech, is_money=is_money))
    return (
        f'<div class="card"><dt>{reader.say(title)}</dt>'
        f'<dd class="value">{reader.figure(measured.draft, is_money=is_money)}</dd>'
        f'<dd>{reader.change(measured, is_money=is_money)}</dd><dd class="before">{before}</dd></div>'
    )


def _winners(reader: Reader) -> str:
    spread, number = reader.report.points_spread, reader.speech.number
    others = reader.say(_LOSERS, losers=number(spread.losers), unchanged=number(spread.unchanged))
    return (
        f'<div class="card"><dt>{reader.say(_WINNERS)}</dt><dd class="value">{reader.figure(spread.winners)}</dd>'
        f'<dd class="before">{others}</dd></div>'
    )


def _notes(reader: Reader) -> str:
    told = "".join(f"<li>{escape(note_sentence(note, reader.speech))}</li>" for note in reader.report.notes)
    return f'<ul class="notes">{told}</ul>' if told else ""


def _footer(reader: Reader) -> str:
    took = reader.report.took
    values = {"seconds": reader.speech.number(round(took.seconds)), "workers": took.workers}
    told = "".join(f"<p>{reader.say(sentence, **values)}</p>" for sentence in _HOW)
    return f"<footer>{told}</footer>"


def _style() -> str:
    return files(__package__).joinpath("page.css").read_text(encoding="utf-8")


def _short(named: str) -> str:
    """A file is called by its name without its folder."""
    return named.replace("\\", "/").rsplit("/", 1)[-1]
