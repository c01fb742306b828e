"""Change what the programme knows of members: a step of acts that do, inside their transaction."""

from collections.abc import Callable, Collection
from datetime import date, datetime, time

import psycopg

from cagnotte.application.facts import Coming, counts_for, known_members
from cagnotte.application.history import MemberHistory, write_histories
from cagnotte.application.ids import new_event_id
from cagnotte.application.published import Published, instant_of
from cagnotte.domain.evaluator.events import ProfileChanged
from cagnotte.domain.kernel import MemberId
from cagnotte.domain.members.profile import Profile

type Change = Callable[[MemberId, Profile], Profile]


def change_profiles(
    conn: psycopg.Connection,
    published: Published,
    members: Collection[MemberId],
    change: Change,
    *,
    on: date = date.min,
    joined: frozenset[str] = frozenset(),
) -> int:
    """Change profiles, with what follows for tiers; how many were not so already. The others stay untouched.

    `on`: the local day; earlier than the last one that is posted for a member it is that day. `joined`: the
    households that the change leads to. The members' standings are locked until the transaction ends.
    """
    coming = dict.fromkeys(sorted(members), Coming(on, on, households=joined))
    known = known_members(conn, published, coming, locked=True)
    wanted = {member_id: change(member_id, each.standing.profile) for member_id, each in known.items()}
    changed = [each for member_id, each in known.items() if wanted[member_id] != each.standing.profile]
    shared = counts_for(conn, published, changed, locked=True)
    histories = []
    for each in changed:
        day = max(on, each.standing.as_of)
        country = each.standing.profile.country
        version = published.on(day, country)
        history = MemberHistory(each, version, shared)
        history.bring_to(version, day)
        event_id, at = new_event_id(), datetime.combine(day, time())
        event = ProfileChanged(event_id, at, wanted[each.standing.member_id])
        history.take(version, event, instant_of(at, version.zone_in(country)), f"profile:{event_id}")
        histories.append(history)
    write_histories(conn, histories, [])
    return len(histories)
