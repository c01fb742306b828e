"""The accounts of the back office, as Django keeps them, for doors that do not run Django."""

import psycopg

from cagnotte.domain.kernel import MemberId

_PERMISSIONS = """
SELECT u.is_superuser,
       array(SELECT p.codename FROM auth_permission p
              WHERE (p.codename LIKE 'programme.%%' OR p.codename LIKE 'accounts.%%'
                     OR p.codename LIKE 'points.%%' OR p.codename LIKE 'members.%%'
                     OR p.codename LIKE 'system.%%')
                AND (p.id IN (SELECT permission_id FROM auth_user_user_permissions WHERE user_id = u.id)
                  OR p.id IN (SELECT g.permission_id FROM auth_group_permissions g
                                JOIN auth_user_groups m USING (group_id) WHERE m.user_id = u.id)))
  FROM auth_user u
 WHERE u.username = %s AND u.is_active AND u.is_staff
"""


_FIND = """
SELECT u.username, array(SELECT g.name FROM auth_group g JOIN auth_user_groups m ON m.group_id = g.id
                          WHERE m.user_id = u.id ORDER BY g.name)
  FROM auth_user u
 WHERE lower(u.username) = lower(%(name)s) AND u.is_active AND u.is_staff
 ORDER BY u.username = %(name)s DESC, u.id
 LIMIT 1
"""
_LINKED = "SELECT member_id FROM staff_member WHERE person = %s"
_LINK = """
INSERT INTO staff_member (person, member_id) VALUES (%s, %s)
    ON CONFLICT (person) DO UPDATE SET member_id = excluded.member_id
"""
_UNLINK = "DELETE FROM staff_member WHERE person = %s"


def staff_account(conn: psycopg.Connection, name: str) -> tuple[str, tuple[str, ...]] | None:
    """(user name, groups) of an active account, whatever its capitals; None without one."""
    if not _are_there(conn):
        return None
    found = conn.execute(_FIND, {"name": name}).fetchone()
    return None if found is None else (found[0], tuple(found[1]))


def member_of_staff(conn: psycopg.Connection, person: str) -> MemberId | None:
    """The member that a person of the staff is, if that is known."""
    found = conn.execute(_LINKED, (person,)).fetchone()
    return None if found is None else MemberId(found[0])


def link_staff(conn: psycopg.Connection, person: str, member_id: MemberId | None) -> None:
    """Keep which member the person is; None: no member."""
    if member_id is None:
        conn.execute(_UNLINK, (person,))
    else:
        conn.execute(_LINK, (person, member_id))


def staff_permissions(conn: psycopg.Connection, username: str) -> tuple[bool, frozenset[str]] | None:
    """(may do everything, codes of the permissions) of an active account; None without one."""
    if not _are_there(conn):
        return None
    found = conn.execute(_PERMISSIONS, (username,)).fetchone()
    return None if found is None else (bool(found[0]), frozenset(found[1]))


def _are_there(conn: psycopg.Connection) -> bool:
    """Whether Django has made its tables yet."""
    return conn.execute("SELECT to_regclass('auth_user') IS NOT NULL").fetchone() == (True,)
