"""Points given or taken by hand, with a reason and the name of who did it: both are kept with the entry."""

from collections.abc import Collection
from datetime import datetime

import msgspec
import psycopg

from cagnotte.application.acting import Acted, Acting, PointsAnswer
from cagnotte.application.acts_by_hand import act_by_hand
from cagnotte.application.ids import new_event_id
from cagnotte.application.programme_staff import Actor
from cagnotte.application.published import Published
from cagnotte.domain.evaluator.events import Event, PointsGiven, PointsTaken
from cagnotte.domain.points.requests import GestureKind


class AdjustPoints(msgspec.Struct, frozen=True):
    """`points` above 0 are given on the wallet's terms, below 0 taken. `made_by`: the name of who did it."""

    member: str
    points: int
    reason: str
    made_by: str
    wallet: str = ""
    at: datetime | None = None


def adjust_points(
    conn: psycopg.Connection,
    published: Published,
    command: AdjustPoints,
    *,
    key: str,
    now: datetime,
    if_version: Collection[int] | None = None,
    actor: Actor | None = None,
) -> Acted:
    """Give or take them, or refuse; as `act_by_hand`."""
    return act_by_hand(
        conn,
        published,
        command,
        GestureKind.ADJUSTMENT,
        adjusted,
        key=key,
        now=now,
        if_version=if_version,
        actor=actor,
    )


def adjusted(acting: Acting, command: AdjustPoints) -> PointsAnswer:
    """Decide it on the facts as they stand, and apply it."""
    wallet = command.wallet or acting.version.programme.wallets[0].code
    decision = acting.take(_event(command, acting.local, wallet), made_by=command.made_by)
    return acting.answer(decision, wallet=wallet, points=command.points)


def _event(command: AdjustPoints, local: datetime, wallet: str) -> Event:
    if command.points < 0:
        return PointsTaken(new_event_id(), local, wallet, -command.points, command.reason)
    return PointsGiven(new_event_id(), local, wallet, command.points, command.reason)
