"""cagnotte programme schema"""

import argparse
import json
from gettext import gettext as _

from cagnotte.channels.cli.terminal import DONE, Terminal
from cagnotte.domain.programme.schema import programme_schema


def add_schema(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    schema = verbs.add_parser("schema", help=_("print the JSON Schema of programme documents, for editors"))
    schema.set_defaults(run=print_schema)


def print_schema(_arguments: argparse.Namespace, terminal: Terminal) -> int:
    terminal.line(json.dumps(programme_schema(), indent=2, ensure_ascii=False))
    return DONE
