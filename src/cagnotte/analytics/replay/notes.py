"""What a reader of the figures must know: where they are estimates, and what no history could tell."""

from collections.abc import Iterator

from cagnotte.analytics.replay.figures import Note
from cagnotte.analytics.replay.sums import SideSums, Sums
from cagnotte.analytics.replay.terms import Terms, unit_values
from cagnotte.domain.evaluator.decision import RefusalCode
from cagnotte.domain.programme.document import Programme

NO_VALUE = "no_value"  # points of this wallet have no estimated value
OTHER_ZONE = "other_zone"  # its days would begin at other instants than those of the history
NO_EVENTS = "no_events"  # rules on events that the history does not have
CONVERSIONS_REFUSED = "conversions_refused"  # members asked for vouchers that they could not have had


def notes_of(sums: Sums, terms: Terms) -> tuple[Note, ...]:
    """Without repeating; the current programme's first."""
    found = [*_programme_notes(terms.current, terms), *_programme_notes(terms.draft, terms)]
    found += [*_refused(sums.current), *_refused(sums.draft)]
    return tuple(dict.fromkeys(found))


def _programme_notes(programme: Programme, terms: Terms) -> Iterator[Note]:
    values = unit_values(programme)
    for wallet in programme.wallets:
        if wallet.code not in values:
            yield Note(NO_VALUE, wallet.code)
    if programme.timezone != terms.timezone:
        yield Note(OTHER_ZONE, programme.timezone)
    known = {
        country: programme.timezone_in(country) for country in {*terms.timezones, *programme.other_timezones()}
    }
    for country, zone in sorted(known.items()):
        if zone != terms.timezones.get(country, terms.timezone):
            yield Note(OTHER_ZONE, f"{zone} ({country})")
    for rule in programme.earn:
        if rule.on in programme.declared.events:
            yield Note(NO_EVENTS, rule.code)


def _refused(side: SideSums) -> Iterator[Note]:
    codes = (RefusalCode.INSUFFICIENT_POINTS, RefusalCode.UNKNOWN_CONVERSION)
    times = sum(side.refused.get(code.value, 0) for code in codes)
    if times:
        yield Note(CONVERSIONS_REFUSED, str(times))
