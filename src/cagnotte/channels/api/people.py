"""Who speaks through an API key: the one person it is bound to, or whoever its system names."""

import falcon
import psycopg

from cagnotte.application.programme_staff import Actor, find_actor
from cagnotte.application.staff_people import person_of
from cagnotte.channels.api.problems import RequestRefused

_CHANNEL = "api"


def check_speaks_for(req: falcon.Request, name: str) -> None:
    """A key that is bound to a person speaks for nobody else. Raises RequestRefused."""
    staff: str = req.context.staff
    if staff and person_of(staff) != person_of(name):
        raise RequestRefused("key_of_another", who=name)


def check_bound(req: falcon.Request) -> None:
    """A system does not answer for two people. Raises RequestRefused when the key is bound to nobody."""
    if not req.context.staff:
        raise RequestRefused("person_needed")


def actor_of_key(conn: psycopg.Connection, req: falcon.Request) -> Actor | None:
    """The person that the key is bound to, with what that person may do today; None: it is bound to nobody.

    Raises UnknownStaff once the account is gone or closed.
    """
    staff: str = req.context.staff
    return find_actor(conn, staff, channel=_CHANNEL) if staff else None
