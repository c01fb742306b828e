"""What a member can spend with the others of the household: shown, not locked."""

from collections.abc import Iterator
from datetime import datetime, time

import msgspec
import psycopg

from cagnotte.application.facts import Coming, known_members
from cagnotte.application.published import Published
from cagnotte.domain.evaluator.facts import Facts
from cagnotte.domain.evaluator.pooling import cannot_pool, pooled_points, purse_of
from cagnotte.domain.kernel import MemberId
from cagnotte.domain.points.lots import points_usable
from cagnotte.domain.programme.document import Programme
from cagnotte.storage.households import others_of_household

OTHERS_MOST = 50  # one more than a household that may spend together can have


class HouseholdPoints(msgspec.Struct, frozen=True):
    """`points`: what the member can spend now in one act: their own, and of the others what the limits allow."""

    wallet: str
    points: int


def household_points(
    conn: psycopg.Connection, published: Published, programme: Programme, member_id: MemberId, facts: Facts
) -> tuple[HouseholdPoints, ...]:
    """One for each wallet that the household may spend together, on the morning that the facts have reached.

    None when the member may not.
    """
    on = facts.as_of
    if programme.pooling is None or not facts.profile.household:
        return ()
    others = [each.member_id for each in others_of_household(conn, member_id, most=OTHERS_MOST)]
    known = known_members(conn, published, dict.fromkeys(others, Coming.on(on)), locked=False)
    at = datetime.combine(on, time())
    purses = [purse_of(programme, each, known[each].facts, at) for each in others]

    def shown() -> Iterator[HouseholdPoints]:
        assert programme.pooling is not None
        for wallet in programme.pooling.wallets:
            if cannot_pool(programme.pooling, facts, wallet, others=len(others), on=on) is None:
                together = pooled_points(purses, wallet, programme.pooling)
                yield HouseholdPoints(wallet, points_usable(facts.lots, wallet, on) + together)

    return tuple(shown())
