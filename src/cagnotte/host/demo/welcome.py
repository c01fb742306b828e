"""What the demo says when it is ready: addresses, sign-in, and three things to try."""

from collections.abc import Callable

import msgspec

from cagnotte.channels.cli.terminal import Terminal
from cagnotte.channels.wording import N_
from cagnotte.host.secrets import ShopSecrets, keep_secrets, shop_secrets
from cagnotte.host.shop import OpenShop
from cagnotte.host.web import configure_django, ensure_staff_user, migrate_django
from cagnotte.storage.api_keys import Scope, create_api_key, find_api_key
from cagnotte.storage.database import connected

_USER = "demo"
_TRY_BUSIEST = (
    "SELECT member.external_id FROM sale JOIN member USING (member_id) GROUP BY 1 ORDER BY count(*) DESC, 1"
)


def welcome(shop: OpenShop, dsn: str, terminal: Terminal) -> tuple[str, Callable[[], None]]:
    """Prepare the screens and accounts; (the session key, what says that all is ready)."""
    secrets = shop_secrets(shop.settings.data_dir)
    configure_django(dsn, secret_key=secrets.session_key)
    migrate_django(dsn)
    ensure_staff_user(_USER, secrets.demo_password)
    with connected(dsn) as conn:
        row = conn.execute(f"{_TRY_BUSIEST} LIMIT 1").fetchone()
        member = str(row[0]) if row else ""
    secrets = _with_api_key(shop, dsn, secrets)
    base = f"http://{shop.settings.host}:{shop.settings.port}"
    return secrets.session_key, lambda: _tell(terminal, base, secrets, member)


def _with_api_key(shop: OpenShop, dsn: str, secrets: ShopSecrets) -> ShopSecrets:
    """A key of the demo's own that this database knows."""
    prefix = secrets.demo_api_key.partition(".")[0]
    with connected(dsn) as conn:
        if prefix and find_api_key(conn, prefix) is not None:
            return secrets
        key = create_api_key(conn, "demo", list(Scope))
    return keep_secrets(shop.settings.data_dir, msgspec.structs.replace(secrets, demo_api_key=key))


def _tell(terminal: Terminal, base: str, secrets: ShopSecrets, member: str) -> None:
    terminal.line("")
    terminal.say(N_("Back office   %(address)s"), address=f"{base}/backoffice/")
    terminal.say(
        N_("Sign in       user %(user)s, password %(password)s"), user=_USER, password=secrets.demo_password
    )
    terminal.say(N_("API           %(address)s"), address=f"{base}/v1/docs")
    terminal.say(N_("API key       %(key)s"), key=secrets.demo_api_key)
    terminal.line("")
    terminal.say(N_("Three things to try:"))
    terminal.say(
        N_("1. Open the dashboard, then the member %(member)s, and see a sale explained rule by rule."),
        member=member,
    )
    terminal.say(N_("2. Ask what a basket would earn:"))
    terminal.line(_curl(base, secrets.demo_api_key, member))
    terminal.say(
        N_(
            "3. Copy src/cagnotte/host/demo/programme.toml, change a rule, and start again with --programme FILE:"
            " the same year under another programme."
        )
    )
    terminal.line("")
    terminal.say(N_("Ctrl-C ends everything that was started here."))


def _curl(base: str, key: str, member: str) -> str:
    sale = (
        f'{{"member": "{member}", "store": "367", "at": "2018-01-02T17:30:00-05:00",'
        ' "lines": [{"sku": "1082185", "quantity": 2, "paid_minor": 2598}]}'
    )
    return (
        f"   curl -s {base}/v1/sales:evaluate -H 'Authorization: Bearer {key}' \\\n"
        f"     -H 'Content-Type: application/json' -d '{sale}'"
    )
