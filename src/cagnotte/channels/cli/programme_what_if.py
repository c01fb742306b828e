"""cagnotte programme replay --what-if: points per rule in one query, for rules that read nothing but the sale."""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from cagnotte.analytics.history import HistoryRefused, read_facts
from cagnotte.analytics.replay import Question
from cagnotte.analytics.replay.figures import Measured
from cagnotte.analytics.replay.what_if import NotStateless, RulePoints, what_if
from cagnotte.channels.cli.history import say_refused
from cagnotte.channels.cli.terminal import DONE, REFUSED, Terminal
from cagnotte.channels.wording import N_

_FILE = "what_if.json"


class RuleCompared(msgspec.Struct, frozen=True):
    """Points of one rule under both programmes, and on how many sales it gave some."""

    rule: str
    wallet: str
    points: Measured
    times: Measured


class WhatIf(msgspec.Struct, frozen=True):
    """The one JSON object of `--what-if`."""

    current: str
    draft: str
    sales: int
    lines: int
    points: Measured
    rules: tuple[RuleCompared, ...]


def run_what_if(folder: Path, question: Question, arguments: argparse.Namespace, terminal: Terminal) -> int:
    """Print and write the comparison; refused with every reason when a programme would need a fold."""
    sides = []
    try:
        history = read_facts(folder)
        for name, programme in zip(question.named, (question.current, question.draft), strict=True):
            sides.append(what_if(folder, programme, threads=arguments.workers, named=name))
    except HistoryRefused as error:
        return say_refused(error, terminal)
    except NotStateless as error:
        terminal.warn(
            N_("%(name)s needs the whole replay, without --what-if: %(reasons)s."),
            name=error.named,
            reasons=", ".join(f"{code} {subject}" for code, subject in error.reasons),
        )
        return REFUSED
    rules = tuple(_compared(*sides))
    points = Measured.of(*(sum(row.points for row in side) for side in sides))
    told = WhatIf(*question.named, history.sales, history.lines, points, rules)
    arguments.out.mkdir(parents=True, exist_ok=True)
    (arguments.out / _FILE).write_bytes(msgspec.json.format(msgspec.json.encode(told)) + b"\n")
    if arguments.json:
        terminal.json(told)
    else:
        _tell(told, terminal)
    return DONE


def _compared(current: Sequence[RulePoints], draft: Sequence[RulePoints]) -> Iterator[RuleCompared]:
    """In the order of the draft's document, then rules that only the current programme has."""
    before = {(row.rule, row.wallet): row for row in current}
    after = {(row.rule, row.wallet): row for row in draft}
    for key in dict.fromkeys([*after, *before]):
        nothing = RulePoints(*key, 0, 0)
        own, other = before.get(key, nothing), after.get(key, nothing)
        yield RuleCompared(*key, Measured.of(own.points, other.points), Measured.of(own.times, other.times))


def _tell(told: WhatIf, terminal: Terminal) -> None:
    number = terminal.speech.number
    sentence = N_("%(rule)s: %(current)s points become %(draft)s.")
    for row in told.rules:
        terminal.say(sentence, rule=row.rule, current=number(row.points.current), draft=number(row.points.draft))
    terminal.say(
        N_("All rules over %(sales)s sales: %(current)s points become %(draft)s."),
        sales=number(told.sales),
        current=number(told.points.current),
        draft=number(told.points.draft),
    )
