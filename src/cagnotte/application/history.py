"""What happens to a member, step by step in memory, then written at once: one way for one sale and for a year."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

import msgspec
import psycopg

from cagnotte.application.ids import new_event_id
from cagnotte.application.published import Version, day_start
from cagnotte.domain.evaluator import decide_and_apply, decide_days
from cagnotte.domain.evaluator.apply import brought_to
from cagnotte.domain.evaluator.decide import next_day_due
from cagnotte.domain.evaluator.values import (
    DayBegun,
    Decision,
    DrawReason,
    Event,
    Facts,
    LotsDrawn,
    RuleEarned,
    Sale,
    TierChanged,
    VouchersIssued,
)
from cagnotte.domain.kernel import MemberId
from cagnotte.ledger.posting import MemberBooks, Posting, post
from cagnotte.storage.sales import DecisionRow, SaleRow, add_sales
from cagnotte.storage.standings import Standing, set_standings
from cagnotte.storage.writing import add_rows

_VOUCHER = (
    "member_id", "voucher_id", "transfer_id", "conversion", "amount_minor", "currency", "issued_on",
    "issued_at", "expires_on",
)  # fmt: skip
_TIER = ("member_id", "change_id", "happened_on", "happened_at", "tier_before", "tier_after")


class Step(msgspec.Struct, frozen=True):
    """One decision taken, the instant at which it happened, its key, and the version that judged it."""

    decision: Decision
    happened_at: datetime
    key: str
    version: Version
    sale_id: int | None = None


class MemberHistory:
    """One member's facts being folded forward. Nothing is written until `write_histories`."""

    def __init__(self, standing: Standing, facts: Facts, version: Version) -> None:
        self.standing = standing
        self.version = version  # the last one that judged this member
        self.before = facts
        self.facts = facts
        self.steps: list[Step] = []

    @property
    def member_id(self) -> MemberId:
        return self.standing.member_id

    def bring_to(self, version: Version, day: date) -> None:
        """Expiry and tiers up to a local day; a day already done is looked at for late lots only."""
        self.version = version
        if self.facts.tier is None and not self.facts.days:
            self._begin(version)
        upto = max(day, self.facts.as_of)
        for decision, facts in decide_days(version.programme, self.facts, upto, new_event_id):
            self.facts = facts
            self._keep(decision, day_start(decision.day, version.zone), _day_key(decision), version)
        self.facts = brought_to(self.facts, upto)

    def take(self, version: Version, event: Event, happened_at: datetime, key: str) -> Decision:
        """Decide the event on the facts as they stand, and apply it; a refused one leaves no step."""
        decision, self.facts = decide_and_apply(version.programme, self.facts, event)
        if decision.effects:
            sale_id = event.event_id if isinstance(event, Sale) else None
            self._keep(decision, happened_at, key, version, sale_id)
        return decision

    def standing_now(self) -> Standing:
        """The member's standing after all steps."""
        effects = [effect for step in self.steps for effect in step.decision.effects]
        changed = [effect.on for effect in effects if isinstance(effect, TierChanged)]
        return Standing(
            self.member_id,
            self.facts.as_of,
            self.facts.tier,
            changed[-1] if changed else self.standing.tier_since,
            next_day_due(self.version.programme, self.facts),
        )

    def _begin(self, version: Version) -> None:
        """A newcomer holds from the first day a tier that asks for nothing."""
        start = DayBegun(new_event_id(), self.facts.as_of)
        decision, self.facts = decide_and_apply(version.programme, self.facts, start)
        if decision.effects:
            self._keep(decision, day_start(decision.day, version.zone), _day_key(decision), version)

    def _keep(
        self, decision: Decision, at: datetime, key: str, version: Version, sale_id: int | None = None
    ) -> None:
        self.steps.append(Step(decision, at, key, version, sale_id))


def write_histories(
    conn: psycopg.Connection, histories: Sequence[MemberHistory], sales: Sequence[SaleRow]
) -> None:
    """Write all that was decided, inside the caller's transaction; the members' standings are locked.

    `sales` may hold guests' sales besides those of the histories. Raises UniqueViolation when a sale or
    a transfer is already there.
    """
    add_sales(conn, sales, [row for history in histories for row in _decisions(history)])
    post(conn, [_books(history) for history in histories])
    add_rows(conn, "voucher", _VOUCHER, [row for history in histories for row in _vouchers(history)])
    add_rows(conn, "tier_change", _TIER, [row for history in histories for row in _tier_changes(history)])
    set_standings(conn, [history.standing_now() for history in histories])


def points_earned(decision: Decision) -> int:
    return sum(effect.points for effect in decision.effects if isinstance(effect, RuleEarned))


def _books(history: MemberHistory) -> MemberBooks:
    postings = tuple(Posting(step.decision, step.key, step.happened_at, step.sale_id) for step in history.steps)
    return MemberBooks(history.member_id, history.before, history.facts, postings)


def _decisions(history: MemberHistory) -> Iterator[DecisionRow]:
    for step in history.steps:
        if step.sale_id is not None:
            yield DecisionRow(
                history.member_id,
                step.sale_id,
                step.version.code,
                step.version.version,
                msgspec.json.encode(step.decision.used).decode(),
                msgspec.json.encode(step.decision).decode(),
            )


def _vouchers(history: MemberHistory) -> Iterator[tuple[object, ...]]:
    for step in history.steps:
        for effect in step.decision.effects:
            if isinstance(effect, VouchersIssued):
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
    for step in history.steps:
        for effect in step.decision.effects:
            if isinstance(effect, TierChanged):
                late = effect.on != step.decision.day
                at = day_start(effect.on, step.version.zone) if late else step.happened_at
                change_id = step.decision.event_id
                yield (history.member_id, change_id, effect.on, at, effect.before, effect.after)


def _day_key(decision: Decision) -> str:
    """Names a day's expiry by the first lot that goes, so that a lot can expire only once (INV-07)."""
    for effect in decision.effects:
        if isinstance(effect, LotsDrawn) and effect.reason is DrawReason.EXPIRY:
            return f"expiry:{decision.day}:{effect.draws[0].lot_id}"
    return f"day:{decision.day}:{decision.event_id}"
