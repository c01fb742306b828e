"""Where each member stands, and what programmes know and count of them besides points and days."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import msgspec
import psycopg

from cagnotte.domain.earning.tallies import Progress, Tally
from cagnotte.domain.kernel import MemberId
from cagnotte.domain.members.profile import NO_ATTRIBUTES, Attributes, Membership, Profile
from cagnotte.domain.points.holds import Hold
from cagnotte.domain.tiers.terms import TierHeld
from cagnotte.storage.sql import sql


class State(msgspec.Struct, frozen=True, omit_defaults=True):
    """The part of a member's facts that is kept as one JSON value; the names are those of `Facts`."""

    held: tuple[TierHeld, ...] = ()
    tallies: tuple[Tally, ...] = ()
    progress: tuple[Progress, ...] = ()
    debts: tuple[tuple[str, int], ...] = ()
    membership: Membership | None = None
    purchases: int = 0
    last_active: date | None = None
    referred: bool = False
    holds: tuple[Hold, ...] = ()


class Standing(msgspec.Struct, frozen=True):
    """`tier` and `tier_since` are of the main family. `state` None: nothing was ever decided for the member.

    `version`: how often the member's books have changed; each change has one number of its own (INV-09).
    `revision`: how often anything that is known of the member was written.
    `only_lots_until`: see `domain/evaluator/only_lots.py`, as `only_lots_version` of the programme says; both are
    written alone, and read where the database brings members forward in sets.
    """

    member_id: MemberId
    as_of: date
    tier: str | None
    tier_since: date | None
    next_due_on: date | None
    state: State | None = None
    profile: Profile = Profile()
    version: int = 0
    revision: int = 0
    only_lots_until: date | None = None
    only_lots_version: int | None = None


_WRITTEN = (
    "member_id", "as_of", "tier", "tier_since", "next_due_on", "state", "version", "only_lots_until",
    "only_lots_version",
)  # fmt: skip
_NOTHING = State()
_STATE = msgspec.json.Decoder(State)
_ATTRIBUTES = msgspec.json.Decoder(dict[str, int | str | bool | tuple[str, ...]])
_encoder = msgspec.json.Encoder()


def lock_standings(conn: psycopg.Connection, members: Sequence[MemberId]) -> dict[MemberId, Standing]:
    """The members' standings, locked until the transaction ends, always in order of member_id."""
    return read_standings(ask_standings(conn, members, locked=True))


def standings(conn: psycopg.Connection, members: Sequence[MemberId]) -> dict[MemberId, Standing]:
    return read_standings(ask_standings(conn, members, locked=False))


def ask_standings(conn: psycopg.Connection, members: Sequence[MemberId], *, locked: bool) -> psycopg.Cursor:
    """Ask for the standings, for a caller who asks for more in the same round trip."""
    statement = sql("cagnotte.storage", "lock_standings" if locked else "standings")
    return conn.execute(statement, {"members": list(members)})


def read_standings(rows: psycopg.Cursor) -> dict[MemberId, Standing]:
    return {MemberId(row[0]): _standing(row) for row in rows.fetchall()}


def set_standings(conn: psycopg.Connection, rows: Sequence[Standing]) -> None:
    """Write standings that exist, one statement for all."""
    if rows:
        values = [
            (
                row.member_id,
                row.as_of,
                row.tier,
                row.tier_since,
                row.next_due_on,
                _state_text(row),
                row.version,
                row.only_lots_until,
                row.only_lots_version,
            )
            for row in rows
        ]
        columns = [list(column) for column in zip(*values, strict=True)]
        conn.execute(sql("cagnotte.storage", "set_standings"), dict(zip(_WRITTEN, columns, strict=True)))


def standing_row(row: Standing) -> tuple[object, ...]:
    """member_id, revision that was read, as_of, tier, tier_since, next_due_on, state as JSON text, version,
    only_lots_until, only_lots_version."""
    where = (row.as_of, row.tier, row.tier_since, row.next_due_on)
    alone = (row.only_lots_until, row.only_lots_version)
    return (row.member_id, row.revision, *where, _state_text(row), row.version, *alone)


def set_profiles(conn: psycopg.Connection, profiles: Sequence[tuple[MemberId, Profile]]) -> None:
    """Write what rules may ask of members; where they joined and when stays as it is."""
    if profiles:
        rows = [_profile_row(member_id, profile) for member_id, profile in profiles]
        columns = {name: [row[name] for row in rows] for name in rows[0]}
        conn.execute(sql("cagnotte.storage", "set_profiles"), columns)


def members_due(
    conn: psycopg.Connection, on: date, *, after: int, most: int, but_only_lots_of: int | None = None
) -> list[MemberId]:
    """Members with something due on that local day or before, in order of id, from after an id on.

    `but_only_lots_of`: a version of the programme; who has only lots due by it is left out, but for households.
    """
    wanted = {"on": on, "after": after, "most": most, "but_only_lots_of": but_only_lots_of}
    rows = conn.execute(sql("cagnotte.storage", "members_due"), wanted)
    return [MemberId(member_id) for (member_id,) in rows]


def members_with_overdue_holds(conn: psycopg.Connection, at: datetime, *, after: int, most: int) -> list[MemberId]:
    """Members with a hold that is over at a local time, in order of id, from after an id on."""
    wanted = {"at": at, "after": after, "most": most}
    rows = conn.execute(sql("cagnotte.storage", "overdue_holds"), wanted)
    return [MemberId(member_id) for (member_id,) in rows]


def _standing(row: tuple[Any, ...]) -> Standing:
    member_id, as_of, tier, tier_since, next_due_on, state, version, revision, *who = row
    who[7] = tuple(who[7])  # segments
    who[11] = _ATTRIBUTES.decode(who[11]) if who[11] else NO_ATTRIBUTES
    profile = Profile(*who)
    known = None if state is None else _STATE.decode(state)
    return Standing(MemberId(member_id), as_of, tier, tier_since, next_due_on, known, profile, version, revision)


def _state_text(row: Standing) -> str:
    return _encoder.encode(row.state or _NOTHING).decode()


def _profile_row(member_id: MemberId, profile: Profile) -> dict[str, object]:
    return {
        "member_id": member_id,
        "born_on": profile.born_on,
        "language": profile.language,
        "country": profile.country,
        "brand": profile.brand,
        "household": profile.household,
        "segments": _text(profile.segments),
        "share_of_wallet": profile.share_of_wallet,
        "share_low": profile.share_low,
        "share_high": profile.share_high,
        "share_declared": profile.share_declared,
        "sponsor_id": profile.sponsor,
        "attributes": _text(profile.attributes),
        "household_since": profile.household_since,
        "closed_on": profile.closed_on,
    }


def _text(value: Attributes | tuple[str, ...]) -> str:
    return _encoder.encode(value).decode()
