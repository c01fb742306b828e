"""Who may do what: permissions named for the act, checked here, not in doors."""

from enum import StrEnum

import msgspec
import psycopg

from cagnotte.application.programme_refusals import NotAllowed, UnknownStaff
from cagnotte.storage.staff import staff_permissions


class Permission(StrEnum):
    """Codes as the accounts hold them; each allows one kind of act."""

    DRAFT = "programme.draft"  # save and discard drafts
    REVIEW = "programme.review"  # ask for the review of a draft of one's own
    APPROVE = "programme.approve"  # approve a draft of others, or send it back
    PUBLISH = "programme.publish"  # publish an approved draft from a date
    RETIRE = "programme.retire"  # withdraw a version that has not begun, retire the programme
    ADJUST_POINTS = "points.adjust"  # give, take, prolong and give again by hand, within one's ceiling
    APPROVE_POINTS = "points.approve"  # approve or refuse such an act of somebody else
    CLOSE_MEMBERS = "members.close"  # close a member, or open them again
    SEE_HEALTH = "system.health"  # see how the system is: jobs, proofs, database
    CLOSE_ACCOUNTS = "accounts.close"  # close a month of the accounts, for ever
    READ_PARTNERS = "partners.read"  # see what partners pay for points
    READ_ACCOUNTS = "accounts.read"  # see the liability, breakage and its back-test


class Actor(msgspec.Struct, frozen=True):
    """A person at a door: `channel` is "backoffice" or "terminal"."""

    name: str
    permissions: frozenset[Permission]
    channel: str

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions

    def check(self, permission: Permission) -> None:
        """Raises NotAllowed."""
        if not self.may(permission):
            raise NotAllowed(who=self.name, permission=permission.value)


EVERYTHING = frozenset(Permission)


def find_actor(conn: psycopg.Connection, name: str, *, channel: str) -> Actor:
    """The person of an account that may sign in to the back office. Raises UnknownStaff."""
    found = staff_permissions(conn, name)
    if found is None:
        raise UnknownStaff(who=name)
    everything, codes = found
    known = {Permission(code) for code in codes if code in set(Permission)}
    return Actor(name, EVERYTHING if everything else frozenset(known), channel)
