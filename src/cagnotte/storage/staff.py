"""The accounts of the back office, as Django keeps them, for doors that do not run Django."""

import psycopg

_PERMISSIONS = """
SELECT u.is_superuser,
       array(SELECT p.codename FROM auth_permission p
              WHERE (p.codename LIKE 'programme.%%' OR p.codename LIKE 'accounts.%%')
                AND (p.id IN (SELECT permission_id FROM auth_user_user_permissions WHERE user_id = u.id)
                  OR p.id IN (SELECT g.permission_id FROM auth_group_permissions g
                                JOIN auth_user_groups m USING (group_id) WHERE m.user_id = u.id)))
  FROM auth_user u
 WHERE u.username = %s AND u.is_active AND u.is_staff
"""


def staff_permissions(conn: psycopg.Connection, username: str) -> tuple[bool, frozenset[str]] | None:
    """(may do everything, codes of the permissions) of an active account; None without one."""
    row = conn.execute("SELECT to_regclass('auth_user') IS NOT NULL").fetchone()
    if row != (True,):
        return None
    found = conn.execute(_PERMISSIONS, (username,)).fetchone()
    return None if found is None else (bool(found[0]), frozenset(found[1]))
