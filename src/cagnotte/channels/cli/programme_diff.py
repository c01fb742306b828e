"""cagnotte programme diff: what differs between two programmes, in words."""

import argparse
from gettext import gettext as _

import msgspec

from cagnotte.channels.cli.programme_file import read_named
from cagnotte.channels.cli.terminal import DONE, REFUSED, Terminal
from cagnotte.channels.wording import N_
from cagnotte.channels.wording.programme_diff import SAME, told
from cagnotte.domain.programme.changes import Change
from cagnotte.domain.programme.diff import NotToml, diff_texts


class DiffReport(msgspec.Struct, frozen=True):
    """The one JSON object of `cagnotte programme diff --json`."""

    old: str
    new: str
    same: bool
    changes: tuple[Change, ...]


def add_diff(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    diff = verbs.add_parser("diff", help=_("say in words what differs between two programmes"))
    which = _("a file, the number of a published version, or the name of a draft")
    diff.add_argument("old", metavar="A", help=which)
    diff.add_argument("new", metavar="B", help=which)
    diff.add_argument("--json", action="store_true", help=_("one JSON object on the standard output"))
    diff.set_defaults(run=run_diff)


def run_diff(arguments: argparse.Namespace, terminal: Terminal) -> int:
    texts = []
    for name in (arguments.old, arguments.new):
        text = read_named(name, terminal)
        if isinstance(text, int):
            return text
        texts.append(text)
    for name, text in zip((arguments.old, arguments.new), texts, strict=True):
        try:
            diff_texts(text, text)
        except NotToml as error:
            terminal.warn(N_("%(name)s is not valid TOML: %(detail)s."), name=name, detail=error.detail)
            return REFUSED
    diff = diff_texts(*texts)
    if arguments.json:
        terminal.json(DiffReport(arguments.old, arguments.new, diff.same, diff.changes))
        return DONE
    if diff.same:
        terminal.say(SAME)
    for thing in told(diff, terminal.speech):
        terminal.line(thing.heading)
        for sentence in thing.sentences:
            terminal.line(f"  {sentence}")
    return DONE
