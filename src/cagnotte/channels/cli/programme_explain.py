"""cagnotte programme explain: each sale of a case in words, rule by rule, and what is missing."""

import argparse
from collections.abc import Mapping, Sequence
from gettext import gettext as _
from pathlib import Path
from typing import Any

from cagnotte.application.trials.documents import document_for, programme_for
from cagnotte.application.trials.playing import StepPlayed, play
from cagnotte.application.trials.problems import CaseProblem
from cagnotte.channels.cli.programme_test import base_tables, chosen_of, files_of, read_all
from cagnotte.channels.cli.terminal import DONE, MISUSED, Terminal
from cagnotte.channels.files.cases import ReadCase
from cagnotte.channels.wording import N_, Speech, speech
from cagnotte.channels.wording.decision_words import Telling
from cagnotte.channels.wording.programme_faults import sentence
from cagnotte.channels.wording.trial_words import problem_sentence
from cagnotte.domain.evaluator.decision import Decision
from cagnotte.domain.evaluator.effects import PaidWithPoints
from cagnotte.domain.evaluator.events import Sale
from cagnotte.domain.evaluator.explain import explain_rules
from cagnotte.domain.evaluator.explain_offers import explain_offers
from cagnotte.domain.evaluator.missing import what_is_missing
from cagnotte.domain.programme.document import Programme
from cagnotte.domain.programme.faults import ProgrammeError


def add_explain(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    explain = verbs.add_parser(
        "explain", help=_("tell of each sale in case files why each rule gave what it gave, and what is missing")
    )
    explain.add_argument("programme", metavar="PROGRAMME", help=_("the programme's file; “-” for none"))
    explain.add_argument("cases", nargs="+", type=Path, metavar="CASES", help=_("case files or folders"))
    explain.add_argument("--only", action="append", metavar="ID", help=_("only the case of this id"))
    explain.add_argument("--short", action="store_true", help=_("only what a receipt would say"))
    explain.set_defaults(run=run_explain)


def run_explain(arguments: argparse.Namespace, terminal: Terminal) -> int:
    base = base_tables(arguments.programme, terminal)
    if isinstance(base, int):
        return base
    found, unread = read_all(files_of(arguments.cases, Path(arguments.programme)), terminal)
    for read in chosen_of(found, arguments.only):
        if not _told(base, read, terminal, short=arguments.short):
            unread += 1
    return MISUSED if unread else DONE


def _told(base: Mapping[str, Any], read: ReadCase, terminal: Terminal, *, short: bool) -> bool:
    """Tell the sales of one case; False when the case cannot be read or played, which is said too."""
    if read.case is None:
        assert read.fault is not None
        code, params = read.fault.code, read.fault.params
    else:
        try:
            programme = programme_for(document_for(base, read.case.programme))
            steps = play(programme, read.case)
        except ProgrammeError as error:
            for fault in error.faults:
                terminal.warn("%(id)s: %(said)s", id=read.case_id, said=sentence(fault, terminal.speech))
            return False
        except CaseProblem as refused:
            code, params = refused.code, refused.params
        else:
            terminal.line(f"{read.case_id}  {read.case.title}")
            _sales(programme, steps, terminal, short=short)
            return True
    terminal.warn("%(id)s: %(said)s", id=read.case_id, said=problem_sentence(code, params, terminal.speech))
    return False


def _sales(programme: Programme, steps: Sequence[StepPlayed], terminal: Terminal, *, short: bool) -> None:
    for step in steps:
        if step.basket is None or not step.done:
            continue
        profile = step.before.profile
        languages = programme.languages_of(profile.language, profile.country)
        own = _speech_of(languages, terminal.speech) if short else terminal.speech
        telling = Telling(programme, own, currency=step.currency, languages=languages if short else ())
        decision = step.done[0].decision
        missing = what_is_missing(programme, step.before, Sale(decision.event_id, step.basket))
        if short or decision.used is None:
            told = telling.receipt(decision, step.after[step.member], missing)
        else:
            rules = explain_rules(programme, step.basket, decision.used, points_paid=paid_with_points(decision))
            offers = explain_offers(programme, step.basket, decision.used)
            told = [*telling.offers(offers), *telling.support(rules, missing)]
        terminal.say(N_("Step %(number)s, %(at)s"), number=step.number, at=step.at.isoformat(" ", "minutes"))
        for line in told:
            terminal.line(f"  {line}")


def _speech_of(languages: Sequence[str], otherwise: Speech) -> Speech:
    """A receipt speaks the member's language, where we do."""
    known = [language.partition("-")[0] for language in languages]
    return next((speech(language) for language in known if language in {"en", "fr"}), otherwise)


def paid_with_points(decision: Decision) -> int:
    return sum(effect.amount_minor for effect in decision.effects if isinstance(effect, PaidWithPoints))
