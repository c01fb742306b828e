"""The command `cagnotte`: reads the settings once, runs one command, ends 0, 1 (refused) or 2 (misused)."""

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from gettext import gettext as _
from pathlib import Path
from types import FrameType

import msgspec
import psycopg

from cagnotte.channels.cli.accounts import add_accounts
from cagnotte.channels.cli.books import add_books
from cagnotte.channels.cli.history import add_history
from cagnotte.channels.cli.load import add_load
from cagnotte.channels.cli.members import add_members
from cagnotte.channels.cli.partners import add_partners
from cagnotte.channels.cli.programme import add_programme
from cagnotte.channels.cli.sales import add_sales
from cagnotte.channels.cli.terminal import MISUSED, REFUSED, Terminal
from cagnotte.channels.cli.worker import add_worker
from cagnotte.channels.wording import N_, speech
from cagnotte.channels.wording.speech import language_of, speak_everywhere
from cagnotte.host.demo.command import add_demo
from cagnotte.host.postgres import DatabaseUnavailable
from cagnotte.host.serving import add_serving
from cagnotte.host.settings import Settings, SettingsInvalid, read_settings
from cagnotte.host.shop import OpenShop

_INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. A signal to end stops what was started here first."""
    signal.signal(signal.SIGTERM, _ended)
    language = language_of(os.environ, os.environ.get("CAGNOTTE_LANGUAGE"))
    speak_everywhere(language)
    arguments = _parser().parse_args(argv)
    try:
        settings = _settings(arguments)
    except SettingsInvalid as error:
        print(error, file=sys.stderr)
        return MISUSED
    shop = OpenShop(settings)
    terminal = Terminal(speech(language), shop)
    try:
        return _run(arguments, terminal, shop)
    except DatabaseUnavailable as error:
        print(error, file=sys.stderr)
        return REFUSED
    except psycopg.Error as error:
        terminal.warn(
            N_("The database gave up: %(detail)s. What was written is whole; the same command carries on."),
            detail=str(error).strip().rstrip("."),
        )
        return REFUSED
    except KeyboardInterrupt:
        terminal.warn(N_("Stopped. What was written is whole; the same command carries on."))
        return _INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return REFUSED
    finally:
        shop.close()


def _run(arguments: argparse.Namespace, terminal: Terminal, shop: OpenShop) -> int:
    """Commands of the channels know the terminal alone; those of this floor get the shop itself."""
    command = getattr(arguments, "run_shop", None)
    status: int = command(arguments, terminal, shop) if command else arguments.run(arguments, terminal)
    return status


_NOUNS = (
    add_demo,
    add_serving,
    add_programme,
    add_load,
    add_sales,
    add_partners,
    add_members,
    add_books,
    add_accounts,
    add_history,
    add_worker,
)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="cagnotte", description=_("An open-source loyalty platform."))
    parser.add_argument(
        "--data", type=Path, metavar="DIR", help=_("data folder; default: CAGNOTTE_DATA_DIR, or the user's own")
    )
    nouns = parser.add_subparsers(dest="noun", required=True, metavar="NOUN")
    for add in _NOUNS:
        add(nouns)
    for command in _leaves(parser):
        command.add_argument("--data", type=Path, metavar="DIR", default=argparse.SUPPRESS, help=_("data folder"))
    return parser


def _leaves(parser: argparse.ArgumentParser) -> list[argparse.ArgumentParser]:
    """The parsers of single commands, so that --data may stand after the command too."""
    found: list[argparse.ArgumentParser] = []
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for below in action.choices.values():
                found += _leaves(below) or [below]
    return found


def _settings(arguments: argparse.Namespace) -> Settings:
    """The environment's settings, with what the command line says instead."""
    settings = read_settings(os.environ)
    changes: dict[str, object] = {}
    if arguments.data is not None:
        changes["data_dir"] = arguments.data.expanduser().absolute()
    if getattr(arguments, "port", None) is not None:
        changes["port"] = arguments.port
    return msgspec.structs.replace(settings, **changes)


def _ended(signum: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + signum)
