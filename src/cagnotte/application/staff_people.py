"""The people who act by hand: how they are told apart, what their roles are, and which member each is."""

import unicodedata

import msgspec
import psycopg

from cagnotte.application.errors import UnknownMember
from cagnotte.application.points_refusals import OwnAccount
from cagnotte.domain.kernel import MemberId
from cagnotte.storage.members import Member, find_member
from cagnotte.storage.staff import link_staff, member_of_staff, staff_account


class Person(msgspec.Struct, frozen=True):
    """`key` tells people apart; `roles`: the account's groups. `has_account`: may sign in to the back office."""

    name: str
    key: str
    roles: tuple[str, ...] = ()
    has_account: bool = False
    member_id: MemberId | None = None


def person_of(name: str) -> str:
    """One person is one, however a system writes the name: capitals, spaces and forms of letters do not matter."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def person_named(conn: psycopg.Connection, name: str) -> Person:
    """Who that is; somebody without an account is known by the name alone."""
    key = person_of(name)
    account = staff_account(conn, " ".join(name.split()))
    member_id = member_of_staff(conn, key)
    if account is None:
        return Person(name, key, member_id=member_id)
    return Person(account[0], key, account[1], has_account=True, member_id=member_id)


def check_not_own(person: Person, member: Member) -> None:
    """Nobody acts by hand on their own points. Raises OwnAccount."""
    if person.member_id == member.member_id:
        raise OwnAccount(who=person.name, member=member.external_id)


def link_person(conn: psycopg.Connection, name: str, identifier: str | None) -> str:
    """Keep which member a person is (None: none), for `check_not_own`; the member's id, or "".

    Raises UnknownMember.
    """
    with conn.transaction():
        member = None if identifier is None else find_member(conn, identifier)
        if identifier is not None and member is None:
            raise UnknownMember(member=identifier)
        link_staff(conn, person_of(name), None if member is None else member.member_id)
    return "" if member is None else member.external_id
