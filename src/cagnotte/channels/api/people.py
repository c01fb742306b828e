"""Who speaks through an API key: the one person it is bound to, or whoever its system names."""

import falcon

from cagnotte.application.staff_people import person_of
from cagnotte.channels.api.problems import RequestRefused


def check_speaks_for(req: falcon.Request, name: str) -> None:
    """A key that is bound to a person speaks for nobody else. Raises RequestRefused."""
    staff: str = req.context.staff
    if staff and person_of(staff) != person_of(name):
        raise RequestRefused("key_of_another", who=name)


def person_of_key(req: falcon.Request) -> str:
    """The person that the key is bound to: a system does not answer for two. Raises RequestRefused."""
    staff: str = req.context.staff
    if not staff:
        raise RequestRefused("person_needed")
    return staff
