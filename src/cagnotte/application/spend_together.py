"""A member spends points of the household's members: all their books in one transaction."""

from collections.abc import Iterator, Sequence
from datetime import datetime

import msgspec
import psycopg

from cagnotte.application.acting import Acted, Acting, PointsAnswer, act, points_drawn
from cagnotte.application.household_points import OTHERS_MOST
from cagnotte.application.ids import new_event_id
from cagnotte.application.published import Published
from cagnotte.domain.evaluator.decision import Decision
from cagnotte.domain.evaluator.effects import DrawReason, PoolDue, TransferDue
from cagnotte.domain.evaluator.events import Burn, PointsPooled, PointsReceived, PoolAsked, Purse
from cagnotte.domain.evaluator.pooling import purse_of
from cagnotte.storage.households import others_of_household
from cagnotte.storage.members import Member


class SpendTogether(msgspec.Struct, frozen=True):
    """`wallet` "": the programme's first one. `reference`: the caller's word for what the points buy."""

    member: str
    points: int
    wallet: str = ""
    reference: str = ""
    at: datetime | None = None


def spend_together(
    conn: psycopg.Connection, published: Published, command: SpendTogether, *, key: str, now: datetime
) -> Acted:
    """Take the member's own points first, then those of the others of the household, or refuse; as `act`.

    What the others give comes into the member's books before it is spent there. The answer tells of the member.
    """

    def spend(acting: Acting) -> PointsAnswer:
        wallet = command.wallet or acting.version.programme.wallets[0].code
        asked = PoolAsked(new_event_id(), acting.local, wallet, command.points, tuple(_purses(acting)))
        decision = acting.take(asked)
        for due in decision.effects:
            if isinstance(due, PoolDue):
                decision = _spent(acting, due, command.reference)
        return acting.answer(decision, wallet=wallet, points=points_drawn(decision, DrawReason.BURN))

    return act(
        conn,
        published,
        command,
        spend,
        members=[command.member],
        at=command.at,
        key=key,
        now=now,
        with_others=_others,
    )


def _others(conn: psycopg.Connection, member: Member) -> Sequence[Member]:
    return others_of_household(conn, member.member_id, most=OTHERS_MOST)


def _purses(acting: Acting) -> Iterator[Purse]:
    """What the others have to give, as the locked books know it; who left the household meanwhile has no part."""
    household = acting.history.facts.profile.household
    for of, history in enumerate(acting.histories[1:], start=1):
        if history.facts.profile.household == household:
            yield purse_of(
                acting.version.programme, history.member_id, history.facts, acting.wall(acting.at, of=of)
            )


def _spent(acting: Acting, due: PoolDue, reference: str) -> Decision:
    owner, places = acting.member.member_id, {each.member_id: of for of, each in enumerate(acting.members)}
    for giver, points in due.shares:
        of = places[giver]
        pooled = PointsPooled(new_event_id(), acting.wall(acting.at, of=of), due.wallet, points, owner, reference)
        given = acting.take(pooled, of=of, key=f"pool:{pooled.event_id}")
        assert not given.refusals, given
        for effect in given.effects:
            if isinstance(effect, TransferDue):
                received = PointsReceived(
                    new_event_id(), acting.local, due.wallet, giver, effect.lots, pooled=True
                )
                acting.take(received, key=f"from:{pooled.event_id}")
    return acting.take(Burn(new_event_id(), acting.local, due.wallet, due.points, reference))
