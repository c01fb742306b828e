"""cagnotte serve | staff add | staff link | key add | key revoke: run a shop of one's own."""

import argparse
import getpass
import secrets
import sys
from gettext import gettext as _

from cagnotte.application.errors import RequestError
from cagnotte.application.staff_people import link_person
from cagnotte.channels.cli.arguments import a_port
from cagnotte.channels.cli.terminal import DONE, MISUSED, REFUSED, Terminal
from cagnotte.channels.wording import N_
from cagnotte.host.beside import tended
from cagnotte.host.secrets import shop_secrets
from cagnotte.host.serve import PortTaken, check_port, serve
from cagnotte.host.shop import OpenShop
from cagnotte.host.web import configure_django, ensure_staff_user, migrate_django, staff_count
from cagnotte.storage.api_keys import Scope, create_api_key, revoke_api_key

_SHORTEST_PASSWORD = 10


def add_serving(nouns: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    command = nouns.add_parser("serve", help=_("serve the back office and the API on one port"))
    command.add_argument("--port", type=a_port, help=_("default: 8765, or CAGNOTTE_PORT"))
    command.add_argument(
        "--no-worker",
        action="store_true",
        help=_("without the worker, which does by the clock what is due: “cagnotte worker” runs elsewhere"),
    )
    command.set_defaults(run_shop=run_serve)
    staff = nouns.add_parser("staff", help=_("accounts of the back office")).add_subparsers(
        dest="verb", required=True, metavar="VERB"
    )
    add = staff.add_parser("add", help=_("add an account that may see everything, or give it a new password"))
    add.add_argument("user", metavar="USER")
    add.add_argument(
        "--password-stdin", action="store_true", help=_("read the password from the standard input's first line")
    )
    add.set_defaults(run_shop=run_staff_add)
    link = staff.add_parser("link", help=_("say which member a person of the staff is: never their own points"))
    link.add_argument("user", metavar="USER")
    which = link.add_mutually_exclusive_group(required=True)
    which.add_argument("--member", metavar="EXTERNAL_ID", help=_("any identifier of the member"))
    which.add_argument("--none", action="store_const", const=None, dest="member", help=_("no member"))
    link.set_defaults(run_shop=run_staff_link)
    key = nouns.add_parser("key", help=_("keys of the machines that call the API")).add_subparsers(
        dest="verb", required=True, metavar="VERB"
    )
    new = key.add_parser("add", help=_("make a key; it is shown this once"))
    new.add_argument("name", metavar="NAME")
    new.add_argument(
        "--scope", action="append", type=Scope, choices=list(Scope), help=_("may be repeated; default: all")
    )
    new.add_argument(
        "--staff", default="", metavar="USER", help=_("the only person for whom the key speaks; default: anybody")
    )
    new.set_defaults(run_shop=run_key_add)
    revoke = key.add_parser("revoke", help=_("a key is refused from now on, within 30 seconds"))
    revoke.add_argument("prefix", metavar="PREFIX", help=_("the part before the dot"))
    revoke.set_defaults(run_shop=run_key_revoke)


def run_serve(arguments: argparse.Namespace, terminal: Terminal, shop: OpenShop) -> int:
    try:
        check_port(shop.settings)
    except PortTaken as taken:
        return port_taken(taken, terminal)
    if terminal.refuses_unsafe():
        return REFUSED
    dsn = shop.dsn()
    session_key = shop_secrets(shop.settings.data_dir).session_key
    configure_django(dsn, secret_key=session_key)
    migrate_django(dsn)
    if not staff_count():
        terminal.warn(N_("Nobody can sign in yet. Add an account: cagnotte staff add USER"))
    base = f"http://{shop.settings.host}:{shop.settings.port}"

    def tell() -> None:
        terminal.say(N_("Back office   %(address)s"), address=f"{base}/backoffice/")
        terminal.say(N_("API           %(address)s"), address=f"{base}/v1/docs")

    with tended(shop, terminal, with_worker=not arguments.no_worker):
        serve(shop.settings, dsn, session_key, ready=tell)
    return DONE


def run_staff_add(arguments: argparse.Namespace, terminal: Terminal, shop: OpenShop) -> int:
    password = sys.stdin.readline().rstrip("\n") if arguments.password_stdin else getpass.getpass("Password: ")
    if len(password) < _SHORTEST_PASSWORD:
        terminal.warn(N_("The password needs %(least)s characters or more."), least=_SHORTEST_PASSWORD)
        return MISUSED
    dsn = shop.dsn()
    configure_django(dsn, secret_key=secrets.token_urlsafe(32))
    migrate_django(dsn)
    ensure_staff_user(arguments.user, password)
    terminal.say(N_("%(user)s can sign in."), user=arguments.user)
    return DONE


def run_staff_link(arguments: argparse.Namespace, terminal: Terminal, shop: OpenShop) -> int:
    with terminal.connected() as conn:
        try:
            member = link_person(conn, arguments.user, arguments.member)
        except RequestError as error:
            return terminal.refused(error)
    if member:
        terminal.say(
            N_("%(user)s is the member %(member)s, and moves no points of that member by hand."),
            user=arguments.user,
            member=member,
        )
    else:
        terminal.say(N_("%(user)s is no member."), user=arguments.user)
    return DONE


def run_key_add(arguments: argparse.Namespace, terminal: Terminal, shop: OpenShop) -> int:
    with terminal.connected() as conn:
        key = create_api_key(conn, arguments.name, arguments.scope or list(Scope), staff=arguments.staff)
    terminal.line(key)
    terminal.warn(N_("Keep this key: it is shown only now."))
    return DONE


def run_key_revoke(arguments: argparse.Namespace, terminal: Terminal, shop: OpenShop) -> int:
    with terminal.connected() as conn:
        revoked = revoke_api_key(conn, arguments.prefix)
    if not revoked:
        terminal.warn(N_("No key in force begins with %(prefix)s."), prefix=arguments.prefix)
        return REFUSED
    terminal.say(N_("The key is refused from now on, within 30 seconds everywhere."))
    return DONE


def port_taken(taken: PortTaken, terminal: Terminal) -> int:
    terminal.warn(N_("Port %(port)s is taken by another program: choose one with --port."), port=taken.port)
    return MISUSED
