"""What happens to a member, step by step in memory, then written at once: one way for one sale and for a year."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

import msgspec
import psycopg
from msgspec.structs import replace

from cagnotte.application.facts import MemberKnown, state_of
from cagnotte.application.ids import new_event_id
from cagnotte.application.published import Version, day_start, instant_of
from cagnotte.application.shared_counts import SharedCounts
from cagnotte.domain.evaluator import Ahead, decide_and_apply, decide_days, lapsed
from cagnotte.domain.evaluator.apply import brought_to
from cagnotte.domain.evaluator.decide import next_day_due
from cagnotte.domain.evaluator.decision import Decision
from cagnotte.domain.evaluator.effects import (
    DayCounted,
    DrawReason,
    HouseholdCounted,
    LotsDrawn,
    ProfileSet,
    RuleEarned,
    Tallied,
    TierChanged,
    VouchersIssued,
)
from cagnotte.domain.evaluator.events import Correction, DayBegun, Event, Sale
from cagnotte.domain.evaluator.only_lots import only_lots_until
from cagnotte.domain.kernel import MemberId
from cagnotte.domain.tiers.terms import MAIN
from cagnotte.ledger.one_act import COLUMNS, ActRows, Outcome, Row, post_act
from cagnotte.ledger.posting import MemberBooks, Posting, book_rows, post
from cagnotte.storage.days import DayRow, day_row, write_days
from cagnotte.storage.packing import pack, plain
from cagnotte.storage.sales import DecisionRow, SaleRow, add_sales, sale_rows
from cagnotte.storage.standings import Standing, set_profiles, set_standings, standing_row
from cagnotte.storage.writing import add_rows

_AT_ONCE = 300  # members, decisions and lines up to which one statement takes them all
_WRITTEN_APART: frozenset[type] = frozenset({VouchersIssued, TierChanged, DayCounted, ProfileSet})
_encoder = msgspec.json.Encoder()


class Step(msgspec.Struct, frozen=True):
    """One decision taken, the instant at which it happened, its key, the version that judged it, and the country
    whose clock the member lived by. `about`: the recorded sale that a return or a correction is about."""

    decision: Decision
    happened_at: datetime
    key: str
    version: Version
    sale_id: int | None = None
    made_by: str = ""
    country: str = ""
    about: int | None = None


class MemberHistory:
    """One member's facts being folded forward. Nothing is written until `write_histories`."""

    def __init__(self, known: MemberKnown, version: Version, shared: SharedCounts) -> None:
        self.standing = known.standing
        self.version = version  # the last one that judged this member
        self.shared = shared
        self.span = known.span
        self.before = known.facts
        self.facts = known.facts
        self._ahead = Ahead()
        self.steps: list[Step] = []
        self._made: dict[type, list[tuple[Step, Any]]] = {}

    @property
    def member_id(self) -> MemberId:
        return self.standing.member_id

    @property
    def country(self) -> str:
        """Whose clock the member lives by now."""
        return self.facts.profile.country

    def bring_to(self, version: Version, day: date, *, look_on: date | None = None) -> None:
        """Expiry and tiers up to a local day; a day already done is looked at for late lots only.

        `look_on`: the first day of the version, on which tiers are looked at whatever is due.
        """
        self.version = version
        if self.standing.state is None and not self.steps:
            self._begin(version)
        done, upto = self.facts.as_of, max(day, self.facts.as_of)
        if self.shared.are_any:
            self._look_at_shared(upto)
        days = decide_days(version.programme, self.facts, upto, new_event_id, self._ahead, look_on=look_on)
        for decision, facts in days:
            self.facts = facts
            key = _day_key(decision, again=decision.day <= done)
            self._keep(Step(decision, self._morning(decision, version), key, version))
        self.facts = brought_to(self.facts, upto)

    def take(
        self,
        version: Version,
        event: Event,
        happened_at: datetime,
        key: str,
        *,
        made_by: str = "",
        about: int | None = None,
    ) -> Decision:
        """Decide the event on the facts as they stand, and apply it; only a sale leaves a step when refused."""
        if self.shared.are_any:
            self._look_at_shared(happened_on(event))
        if self.facts.holds and not isinstance(event, Correction):  # the act that corrects has ended them
            self.end_overdue_holds(version, happened_at_local(event))
        decision, self.facts = decide_and_apply(version.programme, self.facts, event, self._ahead)
        sale_id = event.event_id if isinstance(event, Sale) else None
        if decision.effects or sale_id is not None:
            self._keep(Step(decision, happened_at, key, version, sale_id, made_by, about=about))
        return decision

    def standing_now(self) -> Standing:
        """The member's standing after all steps, with the version of the books before them."""
        changed = [effect.on for _, effect in self.made(TierChanged) if effect.family == MAIN]
        return Standing(
            self.member_id,
            self.facts.as_of,
            self.facts.tier,
            changed[-1] if changed else self.standing.tier_since,
            next_day_due(self.version.programme, self.facts),
            state_of(self.facts),
            self.facts.profile,
            self.standing.version,
            self.standing.revision,
            only_lots_until(self.version.programme, self.facts),
            self.version.version,
        )

    def made[E](self, kind: type[E]) -> Sequence[tuple[Step, E]]:
        """The effects of one of the kinds that are written apart, with their steps."""
        assert kind in _WRITTEN_APART, kind
        return self._made.get(kind, ())

    def _look_at_shared(self, day: date) -> None:
        """What others have used up of the caps that members share, up to that day, and what households did."""
        first, last = min(day, self.facts.as_of), max(day, self.facts.as_of)
        span = msgspec.structs.replace(self.span, first=first, last=last)
        households = self.shared.households.seen(self.span.households) if self.shared.households.are_any else ()
        self.facts = msgspec.structs.replace(self.facts, shared=self.shared.seen(span), households=households)

    def end_overdue_holds(self, version: Version, at: datetime) -> None:
        """Holds that are over at local time `at` end, each under its one key: their points are free."""
        for ending in list(lapsed(self.facts, at, new_event_id)):
            decision, self.facts = decide_and_apply(version.programme, self.facts, ending)
            self._keep(
                Step(
                    decision,
                    instant_of(ending.at, version.zone_in(self.country)),
                    end_of_hold(ending.hold_id),
                    version,
                )
            )

    def _begin(self, version: Version) -> None:
        """A newcomer holds from the first day a tier that asks for nothing."""
        start = DayBegun(new_event_id(), self.facts.as_of)
        decision, self.facts = decide_and_apply(version.programme, self.facts, start, self._ahead)
        if decision.effects:
            key = _day_key(decision, again=False)
            self._keep(Step(decision, self._morning(decision, version), key, version))

    def _morning(self, decision: Decision, version: Version) -> datetime:
        """00:00 of the decision's day on the member's clock."""
        return day_start(decision.day, version.zone_in(self.country))

    def _keep(self, step: Step) -> None:
        step, decision = replace(step, country=self.country), step.decision
        self.steps.append(step)
        for effect in decision.effects:
            if type(effect) in _WRITTEN_APART:
                self._made.setdefault(type(effect), []).append((step, effect))
        if self.shared.are_any:
            for effect in decision.effects:
                if isinstance(effect, Tallied):
                    self.shared.add(effect.tallies)
                elif isinstance(effect, HouseholdCounted):
                    self.shared.households.add(effect, max(decision.day, self.facts.as_of))


def write_histories(
    conn: psycopg.Connection, histories: Sequence[MemberHistory], sales: Sequence[SaleRow]
) -> dict[MemberId, int]:
    """Write all that was decided, inside the caller's transaction; the members' standings are locked.

    `sales` may hold guests' sales besides those of the histories. What a few members did is one statement, a load
    is written in sets. member_id -> the version of the books after it.
    Raises UniqueViolation when a sale or a transfer is already there.
    """
    steps = sum(len(history.steps) for history in histories)
    if len(histories) + steps + sum(len(sale.lines) for sale in sales) <= _AT_ONCE:
        act, versions = act_of(histories, sales)
        outcome = post_act(conn, act)
        assert outcome is Outcome.POSTED, outcome
    else:
        versions = _write_in_sets(conn, histories, sales)
    write_beside(conn, histories)
    return versions


def write_beside(conn: psycopg.Connection, histories: Sequence[MemberHistory]) -> None:
    """What few acts write: profiles, and what members share; their rows are locked."""
    set_profiles(conn, [(each.member_id, each.facts.profile) for each in histories if each.made(ProfileSet)])
    for shared in {id(history.shared): history.shared for history in histories}.values():
        shared.write(conn)


def _write_in_sets(
    conn: psycopg.Connection, histories: Sequence[MemberHistory], sales: Sequence[SaleRow]
) -> dict[MemberId, int]:
    add_sales(conn, sales, [row for history in histories for row in _decisions(history)])
    versions = post(conn, [_books(history) for history in histories])
    add_rows(conn, "voucher", COLUMNS["vouchers"], [row for history in histories for row in _vouchers(history)])
    changes = [row for history in histories for row in _tier_changes(history)]
    add_rows(conn, "tier_change", COLUMNS["tier_changes"], changes)
    write_days(conn, *_days(histories))
    set_standings(conn, [_standing(each, versions) for each in histories])
    return versions


def act_of(histories: Sequence[MemberHistory], sales: Sequence[SaleRow]) -> tuple[ActRows, dict[MemberId, int]]:
    """All rows of what was decided but those of `write_beside`; the versions of the members' books after it."""
    rows, versions = book_rows([_books(history) for history in histories])
    added, changed = _days(histories)
    more: dict[str, Sequence[Row]] = {
        "standings": [standing_row(_standing(each, versions)) for each in histories],
        "sales": sale_rows(sales, [row for history in histories for row in _decisions(history)]),
        "vouchers": [row for history in histories for row in _vouchers(history)],
        "tier_changes": [row for history in histories for row in _tier_changes(history)],
        "new_days": [day_row(row) for row in added],
        "changed_days": [day_row(row) for row in changed],
    }
    return ActRows({**rows, **more}), versions


def happened_on(event: Event) -> date:
    """The local day of an event."""
    return happened_at_local(event).date()


def happened_at_local(event: Event) -> datetime:
    """The local time of an event."""
    match event:
        case Sale(basket=basket):
            return basket.at
        case DayBegun(day=day):
            return datetime.combine(day, time())
        case _:
            return event.at


def end_of_hold(hold_id: int) -> str:
    """The key under which a hold ends, whoever ends it and how: once (INV-11)."""
    return f"hold:{hold_id}:end"


def points_earned(decision: Decision) -> int:
    return sum(effect.points for effect in decision.effects if isinstance(effect, RuleEarned))


def _standing(history: MemberHistory, versions: Mapping[MemberId, int]) -> Standing:
    return replace(history.standing_now(), version=versions[history.member_id])


def _books(history: MemberHistory) -> MemberBooks:
    postings = tuple(
        Posting(step.decision, step.key, step.happened_at, step.sale_id or step.about, step.made_by)
        for step in history.steps
    )
    version = history.standing.version
    return MemberBooks(history.member_id, history.before, history.facts, postings, version)


def _decisions(history: MemberHistory) -> Iterator[DecisionRow]:
    for step in history.steps:
        if step.sale_id is not None:
            told = _encoder.encode(step.decision)
            # The proof compares vouchers with what their decision says, in the database.
            keep = plain if any(type(effect) is VouchersIssued for effect in step.decision.effects) else pack
            yield DecisionRow(step.sale_id, step.version.code, step.version.version, keep(told))


def _vouchers(history: MemberHistory) -> Iterator[tuple[object, ...]]:
    for step, effect in history.made(VouchersIssued):
        for _ in range(effect.count):
            yield (
                history.member_id,
                new_event_id(),
                effect.transfer_id,
                effect.conversion,
                effect.amount_minor,
                step.version.programme.currency,
                effect.issued_on,
                step.happened_at,
                effect.expires_on,
            )


def _tier_changes(history: MemberHistory) -> Iterator[tuple[object, ...]]:
    numbers: Counter[int] = Counter()  # an event may change several tiers
    for step, effect in history.made(TierChanged):
        event_id = step.decision.event_id
        late = effect.on != step.decision.day
        at = day_start(effect.on, step.version.zone_in(step.country)) if late else step.happened_at
        move = (effect.before, effect.after, effect.family, effect.cause.value)
        yield (history.member_id, event_id + numbers[event_id], effect.on, at, *move)
        numbers[event_id] += 1


def _days(histories: Sequence[MemberHistory]) -> tuple[list[DayRow], list[DayRow]]:
    """(days that are new, days that have other totals now)."""
    added: list[DayRow] = []
    changed: list[DayRow] = []
    for history in histories:
        if touched := {effect.total.day for _, effect in history.made(DayCounted)}:
            known = {total.day for total in history.before.days}
            for total in history.facts.days:
                if total.day in touched:
                    (changed if total.day in known else added).append((history.member_id, total))
    return added, changed


def _day_key(decision: Decision, *, again: bool) -> str:
    """Names a day's expiry by the first lot that goes, so that a lot can expire only once (INV-07).

    `again`: of a day that was done already. What goes then has come back to a lot in this very act, once for each
    time that it came back: the lot's own expiry of that day may be in the books.
    """
    for effect in decision.effects:
        if isinstance(effect, LotsDrawn) and effect.reason is DrawReason.EXPIRY:
            named = f"expiry:{decision.day}:{effect.draws[0].lot_id}"
            return f"{named}:{decision.event_id}" if again else named
    return f"day:{decision.day}:{decision.event_id}"
