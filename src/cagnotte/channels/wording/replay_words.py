"""What a replay says: its tables, columns, segments and what a reader must know of the figures."""

from datetime import date

from cagnotte.analytics.replay.figures import Measured, Note, Report, Side
from cagnotte.channels.wording.speech import N_, Nn_, Speech
from cagnotte.domain.programme.document import called

SAME = N_("Both programmes give every member the same: 0 differences over the whole history.")
DIFFER = Nn_(
    "%(number)s member of %(members)s gets something else under the draft.",
    "%(number)s members of %(members)s get something else under the draft.",
)
OVER = N_("%(members)s members and %(sales)s sales from %(first)s to %(last)s, decided again one by one.")
NO_SALES = N_("The history holds no sale.")

NOTES: dict[str, str] = {
    "no_value": N_(
        "Points of the wallet “%(subject)s” have no value in money: they cost nothing in these figures."
    ),
    "other_zone": N_("A programme counts days in %(subject)s; the history is on another clock, which was kept."),
    "no_events": N_("The rule “%(subject)s” needs events that the history does not hold: it gave nothing here."),
    "conversions_refused": N_(
        "%(subject)s requests for vouchers of the history could not be met under a programme, and were left out."
    ),
}

KINDS: dict[str, str] = {
    "tier": N_("Tier under the current programme"),
    "spend": N_("Quarter of the members by spend"),
    "recency": N_("Last purchase"),
}
_SPEND: dict[str, str] = {
    "1": N_("the quarter that spends least"),
    "2": N_("second quarter"),
    "3": N_("third quarter"),
    "4": N_("the quarter that spends most"),
}
_RECENCY: dict[str, str] = {
    "30": N_("up to 30 days ago"),
    "90": N_("31 to 90 days ago"),
    "180": N_("91 to 180 days ago"),
    "181": N_("more than 180 days ago"),
}
_NEVER = N_("without a purchase")
NO_TIER = N_("no tier")
NO_STORE = N_("without a sale")
MONTHS = (
    N_("January"), N_("February"), N_("March"), N_("April"), N_("May"), N_("June"), N_("July"), N_("August"),
    N_("September"), N_("October"), N_("November"), N_("December"),
)  # fmt: skip
_MONTH = N_("%(month)s %(year)s")


def headline(report: Report, speech: Speech) -> str:
    """The one sentence that says whether anything differs."""
    if report.same:
        return speech.say(SAME)
    return speech.count(DIFFER, report.members_differing, members=speech.number(report.members))


def scope_sentence(report: Report, speech: Speech) -> str:
    if report.first_day is None or report.last_day is None:
        return speech.say(NO_SALES)
    return speech.say(
        OVER,
        members=speech.number(report.members),
        sales=speech.number(report.sales),
        first=speech.day(report.first_day),
        last=speech.day(report.last_day),
    )


def note_sentence(note: Note, speech: Speech) -> str:
    return speech.say(NOTES[note.code], subject=note.subject)


def month_name(month: date, speech: Speech) -> str:
    return speech.say(_MONTH, month=speech.say(MONTHS[month.month - 1]), year=month.year)


def thing_name(code: str, report: Report, speech: Speech) -> str:
    """A rule, wallet or offer as people call it: under the draft, else under the current programme."""
    for side in (report.draft, report.current):
        if code in side.names:
            return called(side.names[code], code, speech.language)
    return code


def tier_name(code: str, side: Side, speech: Speech) -> str:
    """A tier's name in one programme."""
    return called(side.names.get(code, {}), code, speech.language) if code else speech.say(NO_TIER)


def programme_name(side: Side, speech: Speech) -> str:
    return called(side.name, side.code, speech.language)


def segment_name(kind: str, value: str, report: Report, speech: Speech) -> str:
    if kind == "tier":
        return tier_name(value, report.current, speech)
    names = _SPEND if kind == "spend" else _RECENCY
    return speech.say(names.get(value, _NEVER))


_POINTS = N_("Points issued: %(current)s becomes %(draft)s (%(difference)s).")
_COST = N_("Their estimated cost: %(current)s becomes %(draft)s (%(difference)s).")
_VOUCHERS = N_("Vouchers: %(current)s becomes %(draft)s (%(difference)s).")
_DISCOUNTS = N_("Discounts: %(current)s becomes %(draft)s (%(difference)s).")
_LIABILITY = N_("Owed to members at the end: %(current)s becomes %(draft)s (%(difference)s).")
_WINNERS = N_("%(winners)s members get more points, %(losers)s fewer, %(unchanged)s as many.")


def summary_sentences(report: Report, speech: Speech) -> list[str]:
    """The figures that one asks for first; none when nothing differs."""
    if report.same:
        return []
    totals, spread = report.totals, report.points_spread
    money = [(_COST, totals.cost), (_VOUCHERS, totals.vouchers_cost), (_DISCOUNTS, totals.discounts)]
    money = [(sentence, each) for sentence, each in money if each.current or each.draft]
    said = [_compared(_POINTS, totals.issued, report, speech, is_money=False)]
    said += [_compared(sentence, each, report, speech, is_money=True) for sentence, each in money]
    said.append(_compared(_LIABILITY, report.liability, report, speech, is_money=True))
    said.append(
        speech.say(
            _WINNERS,
            winners=speech.number(spread.winners),
            losers=speech.number(spread.losers),
            unchanged=speech.number(spread.unchanged),
        )
    )
    return said


def written(value: int, report: Report, speech: Speech, *, is_money: bool) -> str:
    """A figure as people read it."""
    return speech.amount(value, report.currency, report.decimals) if is_money else speech.number(value)


def signed(value: int, report: Report, speech: Speech, *, is_money: bool) -> str:
    """A difference with its sign."""
    said = written(abs(value), report, speech, is_money=is_money)
    return f"+{said}" if value > 0 else f"−{said}" if value < 0 else said


def _compared(sentence: str, measured: Measured, report: Report, speech: Speech, *, is_money: bool) -> str:
    return speech.say(
        sentence,
        current=written(measured.current, report, speech, is_money=is_money),
        draft=written(measured.draft, report, speech, is_money=is_money),
        difference=signed(measured.difference, report, speech, is_money=is_money),
    )


def share_of(measured: Measured, speech: Speech) -> str:
    """The difference as a share of the current figure, with one decimal; "" where there is none to say."""
    if not measured.difference or measured.current <= 0:
        return ""
    tenths = round(1000 * measured.difference / measured.current)
    whole, part = divmod(abs(tenths), 10)
    point, space = (",", "\u202f") if speech.language == "fr" else (".", "")
    sign = "+" if measured.difference > 0 else "−"
    return f"{sign}{speech.number(whole)}{point}{part}{space}%"


def month_short(month: date) -> str:
    """03/2026."""
    return f"{month.month:02}/{month.year}"
