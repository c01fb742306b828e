"""A member joins a household, or leaves the one that the member belongs to."""

from datetime import datetime

import msgspec
import psycopg

from cagnotte.application.change_profiles import change_profiles
from cagnotte.application.errors import UnknownMember
from cagnotte.application.published import Published, wall_clock
from cagnotte.application.retrying import retried
from cagnotte.domain.kernel import MemberId
from cagnotte.domain.members.profile import Profile
from cagnotte.storage.members import find_member


class Moved(msgspec.Struct, frozen=True):
    """`household` "": none. `new` False: it was so already, and nothing was written."""

    member: str
    household: str
    new: bool


def move_household(
    conn: psycopg.Connection, published: Published, identifier: str, household: str, *, now: datetime
) -> Moved:
    """From now on what the member does counts for `household`; "": for none.

    Raises UnknownMember or NoProgramme.
    """
    return retried(lambda: _once(conn, published, identifier, household, now), what="move_household")


def _once(conn: psycopg.Connection, published: Published, identifier: str, household: str, now: datetime) -> Moved:
    with conn.transaction():
        member = find_member(conn, identifier)
        if member is None:
            raise UnknownMember(member=identifier)
        day = wall_clock(now, published.at(now).zone_in(member.country)).date()

        def moved(_: MemberId, profile: Profile) -> Profile:
            if profile.household == household:
                return profile
            return msgspec.structs.replace(
                profile, household=household, household_since=day if household else None
            )

        changed = change_profiles(
            conn, published, [member.member_id], moved, on=day, joined=frozenset({household})
        )
    return Moved(member.external_id, household, new=changed > 0)
