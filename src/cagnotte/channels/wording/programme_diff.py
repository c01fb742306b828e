"""What differs between two programmes, in whole sentences below the name of each thing."""

from itertools import groupby

import msgspec

from cagnotte.channels.wording.programme_values import written_value
from cagnotte.channels.wording.speech import N_, Speech
from cagnotte.domain.programme.changes import (
    Added,
    Change,
    Changed,
    FieldPath,
    Listed,
    Moved,
    ProgrammeDiff,
    Removed,
    Renamed,
    Said,
    Subject,
)
from cagnotte.domain.programme.document import called
from cagnotte.domain.programme.shape_paths import Place

SAME = N_("Both programmes mean the same: no difference.")

_ONE = N_("%(what)s “%(code)s”")
_ONE_NAMED = N_("%(what)s “%(code)s” (%(name)s)")
_THINGS = {
    "programme": N_("Programme"),
    "goals": N_("Goal"),
    "brands": N_("Brand"),
    "countries": N_("Country"),
    "attributes": N_("Attributes"),
    "events": N_("Event"),
    "calendars": N_("Calendar"),
    "measures": N_("Measure"),
    "wallets": N_("Wallet"),
    "earning": N_("What counts for earning"),
    "returns": N_("Returns"),
    "late": N_("What arrives late"),
    "share_of_wallet": N_("Share of wallet"),
    "caps": N_("Cap"),
    "earn": N_("Earn rule"),
    "achievements": N_("Achievement"),
    "referral": N_("Referral"),
    "plans": N_("Membership"),
    "messages": N_("Message"),
    "tiers": N_("Tier"),
    "conversions": N_("Conversion"),
    "transfers": N_("What members may send each other"),
    "exchanges": N_("Exchange"),
    "partners": N_("Partner"),
    "offers": N_("Offer"),
    "offer_policy": N_("How offers combine"),
    "accounting": N_("Points in the accounts"),
    "adjustments": N_("Points moved by hand"),
}
_UNKNOWN_THING = N_("Table “%(table)s”")

_ADDED = N_("New.")
_REMOVED = N_("Removed.")
_SAYS = N_("%(field)s: %(value)s.")
_CHANGED = N_("%(field)s: %(old)s becomes %(new)s.")
_GIVEN = N_("%(field)s: %(new)s, not given before.")
_TAKEN = N_("%(field)s: no longer given; it was %(old)s.")
_LIST_GREW = N_("%(field)s: %(added)s added.")
_LIST_SHRANK = N_("%(field)s: %(removed)s removed.")
_LIST_CHANGED = N_("%(field)s: %(added)s added, %(removed)s removed.")
_RENAMED = N_("The code was “%(old)s”; nothing else changes.")
_MOVED = N_("Moved: it stood at place %(old)s of those that both have, and now stands at place %(new)s.")

_FIELDS = {
    "name": N_("Name"),
    "name.fr": N_("Name in French"),
    "name.en": N_("Name in English"),
    "text.fr": N_("Text in French"),
    "text.en": N_("Text in English"),
    "when": N_("Condition"),
    "lines": N_("Lines that count"),
    "points": N_("Points"),
    "per": N_("For each"),
    "of": N_("Counted on"),
    "multiply": N_("Multiplied by"),
    "rules": N_("Multiplied rules"),
    "wallet": N_("Wallet"),
    "on": N_("Given for"),
    "begins": N_("Begins"),
    "ends": N_("Ends"),
    "during": N_("During"),
    "group": N_("Group of which the best counts"),
    "coupon": N_("Coupon code"),
    "audience": N_("Audience"),
    "currency": N_("Currency"),
    "timezone": N_("Time zone"),
    "worth": N_("Worth"),
    "language": N_("Language"),
    "expiry": N_("End of the points"),
    "expiry.after": N_("Points expire after"),
    "expiry.rounded_to": N_("Expiry rounded to the end of its"),
    "expiry.on": N_("Points expire each year on"),
    "expiry.idle": N_("Points expire without activity for"),
    "pending": N_("Wait of the points"),
    "pending.for": N_("Points usable after"),
    "pending.until": N_("Points usable from"),
    "pending.event": N_("Points usable with the event"),
    "negative": N_("Balance below zero"),
    "value.points": N_("Points that pay at the till"),
    "value.amount": N_("Amount that they pay"),
    "accounting.value.points": N_("Points that are valued in the accounts"),
    "accounting.value.amount": N_("What they are worth in the accounts"),
    "accounting.breakage": N_("Basis points never used, in the accounts"),
    "accounting.estimate.floor": N_("Least breakage in the accounts, in basis points"),
    "accounting.estimate.ceiling": N_("Most breakage in the accounts, in basis points"),
    "accounting.estimate.constrained": N_("Only breakage that is highly probable counts"),
    "accounting.estimate.confidence": N_("Confidence of the estimate of breakage, in percent"),
    "ceilings": N_("Ceilings"),
    "answered_within": N_("A second person answers within"),
    "fiscal_year": N_("The company’s year begins on"),
    "entries": N_("Entries"),
    "portfolios": N_("Looked at together, by"),
    "reach.spend": N_("Spend to reach it"),
    "reach.visits": N_("Visits to reach it"),
    "reach.points": N_("Points to reach it"),
    "reach.measure": N_("Measure that counts to reach it"),
    "reach.at_least": N_("Measure to reach it"),
    "reach.wallet": N_("Wallet that counts to reach it"),
    "reach.within": N_("Counted within"),
    "reach.window": N_("Counted since"),
    "reach.when": N_("Condition to reach it"),
    "keep.review": N_("Reviewed"),
    "keep.grace": N_("Grace before it is lost"),
    "keep.drop": N_("Falls to"),
    "family": N_("Family of tiers"),
    "floor": N_("Never lost"),
    "voucher.amount": N_("Value of the voucher"),
    "voucher.valid_for": N_("The voucher can be used for"),
    "trigger": N_("Happens"),
    "cap.per": N_("Cap per"),
    "cap.every": N_("Cap every"),
    "cap.within": N_("Cap within"),
    "cap.points": N_("Cap in points"),
    "cap.money": N_("Cap in money"),
    "cap.times": N_("Cap in times"),
    "peers": N_("Compared with members of the same"),
    "quantile": N_("Percent of them who do not pass the wallet"),
    "confidence": N_("Percent to which the interval is sure"),
    "least_peers": N_("Members needed at least"),
    "declared": N_("Attribute that holds what the member says to spend"),
    "counts": N_("Counts"),
    "target": N_("Target"),
    "streak": N_("In a row, by"),
    "fee": N_("Fee"),
    "valid_for": N_("Valid for"),
    "tier": N_("Tier"),
    "effect.kind": N_("What it gives"),
    "effect.percent": N_("Percent off"),
    "effect.amount": N_("Amount off"),
    "effect.price": N_("Price afterwards"),
    "effect.most": N_("At most off"),
    "limit.times": N_("Limit in times"),
    "limit.money": N_("Budget"),
    "limit.per": N_("Limit per"),
    "limit.every": N_("Limit every"),
    "limit.within": N_("Limit within"),
}
_UNKNOWN_FIELD = N_("“%(field)s”")


class Told(msgspec.Struct, frozen=True):
    """One thing that differs: `kind` is "added", "removed" or "changed"."""

    heading: str
    kind: str
    sentences: tuple[str, ...]


def told(diff: ProgrammeDiff, speech: Speech) -> tuple[Told, ...]:
    """Every difference in the reader's language, one entry per thing."""
    ordered = sorted(diff.changes, key=lambda change: isinstance(change, Moved))
    by_subject = {subject: list(group) for subject, group in groupby(_in_groups(ordered), key=_subject_key)}
    return tuple(_told(changes, diff, speech) for changes in by_subject.values())


def heading(subject: Subject, speech: Speech) -> str:
    """What a thing is called: `Earn rule “base” (One point per euro)`."""
    thing = _THINGS.get(subject.table)
    what = speech.say(thing) if thing else speech.say(_UNKNOWN_THING, table=subject.table)
    if subject.code is None:
        return what
    name = _name(subject, speech)
    if not name or name == subject.code:
        return speech.say(_ONE, what=what, code=subject.code)
    return speech.say(_ONE_NAMED, what=what, code=subject.code, name=name)


def field_name(field: FieldPath, speech: Speech) -> str:
    """A field in the reader's words, or as it is written when it has none."""
    written = ".".join(field)
    known = _FIELDS.get(written)
    return speech.say(known) if known else speech.say(_UNKNOWN_FIELD, field=written)


def _in_groups(changes: list[Change]) -> list[Change]:
    """The changes of one thing beside each other, things in the order of their first change."""
    places = {key: place for place, key in enumerate(dict.fromkeys(_subject_key(each) for each in changes))}
    return sorted(changes, key=lambda change: places[_subject_key(change)])


def _subject_key(change: Change) -> tuple[str, str | None, bool]:
    return change.subject.table, change.subject.code, isinstance(change, Removed)


def _told(changes: list[Change], diff: ProgrammeDiff, speech: Speech) -> Told:
    first = changes[0]
    kind = "added" if isinstance(first, Added) else "removed" if isinstance(first, Removed) else "changed"
    sentences = [sentence for change in changes for sentence in _sentences(change, diff, speech)]
    return Told(heading(first.subject, speech), kind, tuple(sentences))


def _sentences(change: Change, diff: ProgrammeDiff, speech: Speech) -> list[str]:
    match change:
        case Added(fields=fields):
            return [
                speech.say(_ADDED),
                *(_said(change.subject, said, diff.currency_new, speech) for said in fields),
            ]
        case Removed(fields=fields):
            was = (_said(change.subject, said, diff.currency_old, speech) for said in fields)
            return [speech.say(_REMOVED), *was]
        case Renamed(old=old):
            return [speech.say(_RENAMED, old=old)]
        case Changed():
            return [_changed(change, diff, speech)]
        case Listed():
            return [_listed(change, diff, speech)]
        case Moved(old_place=old, new_place=new):
            return [speech.say(_MOVED, old=speech.number(old), new=speech.number(new))]


def _said(subject: Subject, said: Said, currency: str, speech: Speech) -> str:
    value = written_value((subject.table, *said.field), said.value, currency, speech)
    return speech.say(_SAYS, field=field_name(said.field, speech), value=value)


def _changed(change: Changed, diff: ProgrammeDiff, speech: Speech) -> str:
    field = field_name(change.field, speech)
    if change.old is None:
        return speech.say(_GIVEN, field=field, new=_new(change, diff, speech))
    if change.new is None:
        return speech.say(_TAKEN, field=field, old=_old(change, diff, speech))
    return speech.say(_CHANGED, field=field, old=_old(change, diff, speech), new=_new(change, diff, speech))


def _old(change: Changed, diff: ProgrammeDiff, speech: Speech) -> str:
    return written_value(_place(change), change.old, diff.currency_old, speech)


def _new(change: Changed, diff: ProgrammeDiff, speech: Speech) -> str:
    return written_value(_place(change), change.new, diff.currency_new, speech)


def _place(change: Changed | Listed) -> Place:
    return change.subject.table, *change.field


def _listed(change: Listed, diff: ProgrammeDiff, speech: Speech) -> str:
    field = field_name(change.field, speech)
    added = _series(_place(change), change.added, diff.currency_new, speech)
    removed = _series(_place(change), change.removed, diff.currency_old, speech)
    if not change.removed:
        return speech.say(_LIST_GREW, field=field, added=added)
    if not change.added:
        return speech.say(_LIST_SHRANK, field=field, removed=removed)
    return speech.say(_LIST_CHANGED, field=field, added=added, removed=removed)


def _series(place: Place, values: tuple[object, ...], currency: str, speech: Speech) -> str:
    return ", ".join(written_value(place, value, currency, speech) for value in values)


def _name(subject: Subject, speech: Speech) -> str:
    match subject.name:
        case str(text):
            return text
        case dict() as names:
            return called({str(key): str(text) for key, text in names.items()}, "", speech.language)
        case _:
            return ""
