"""A case from beginning to end: its programme, its steps, every figure, and each expectation compared."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import msgspec
from msgspec import UNSET

from cagnotte.application.trials.cases import STORE, Case
from cagnotte.application.trials.comparing import Check, check_faults, checks_of
from cagnotte.application.trials.counting import given_by, standing_of
from cagnotte.application.trials.documents import document_for, programme_for
from cagnotte.application.trials.found import Figures
from cagnotte.application.trials.playing import DAYS, EVALUATE, SALE, Decided, StepPlayed, play
from cagnotte.application.trials.problems import CaseProblem
from cagnotte.domain.baskets.basket import Basket
from cagnotte.domain.evaluator.decision import Decision
from cagnotte.domain.evaluator.effects import Effect
from cagnotte.domain.programme.document import Programme
from cagnotte.domain.programme.faults import ProgrammeError, ProgrammeFault


class Effects(msgspec.Struct, frozen=True):
    """One decision: for whom, about what (the step's word, "day" or "referral"), and what it does."""

    member: str
    about: str
    day: date
    effects: tuple[Effect, ...]


class StepReport(msgspec.Struct, frozen=True):
    """One step. `found` is of its own member, `members` of the others; `due` came before it by itself."""

    number: int
    kind: str
    at: datetime
    member: str
    id: str
    found: dict[str, object]
    members: dict[str, dict[str, object]]
    due: tuple[Effects, ...]
    done: tuple[Effects, ...]


class Problem(msgspec.Struct, frozen=True):
    """Why a case could not be read or played; `at` is the place, as far as it is known."""

    code: str
    at: str
    params: dict[str, str]


class CaseReport(msgspec.Struct, frozen=True):
    """One case. `faults`: of its programme, whose text is `document`, when that was refused."""

    id: str
    title: str
    why: str
    source: str
    passed: bool
    checks: tuple[Check, ...] = ()
    found: dict[str, object] = {}
    members: dict[str, dict[str, object]] = {}
    steps: tuple[StepReport, ...] = ()
    problem: Problem | None = None
    faults: tuple[ProgrammeFault, ...] = ()
    document: str = ""


def run_case(base: Mapping[str, Any], case: Case) -> CaseReport:
    """Play the case under `base`, the tables of the programme that is tested, with the case's own tables."""
    document = document_for(base, case.programme)
    try:
        programme = programme_for(document)
    except ProgrammeError as error:
        return _refused(case, error.faults, document)
    try:
        return _played(programme, case)
    except CaseProblem as problem:
        return reported(case, problem=Problem(problem.code, place(problem.path), problem.params))


def reported(case: Case, **results: Any) -> CaseReport:
    """A report with the case's own words; not passed unless `results` say so."""
    told = CaseReport(str(case.id), str(case.title), str(case.why), str(case.source), passed=False)
    return msgspec.structs.replace(told, **results)


def place(path: Iterable[str | int]) -> str:
    """steps[0].sale.lines[2]: the way to a value of a case, steps and lines counted from 0."""
    told = ""
    for part in path:
        told += f"[{part}]" if isinstance(part, int) else f".{part}"
    return told.removeprefix(".")


def _refused(case: Case, faults: tuple[ProgrammeFault, ...], document: str) -> CaseReport:
    """A programme that is refused passes only where the case expects just that."""
    if case.expect is None or case.expect.programme_faults is UNSET:
        return reported(case, faults=faults, document=document)
    check = check_faults(case.expect, [fault.code for fault in faults])
    return reported(case, passed=check.passed, checks=(check,), faults=faults, document=document)


def _played(programme: Programme, case: Case) -> CaseReport:
    steps = play(programme, case)
    checks: list[Check] = []
    told = []
    for step in steps:
        figures = _figures(programme, [step], alone=True)
        told.append(_step_report(step, figures))
        if step.step.expect is not None:
            checks += checks_of(programme, step.step.expect, figures, step.member, step=step.number)
    if not steps:
        return reported(case, problem=Problem("no_steps", "", {}))
    first = next(iter(steps[-1].after))
    figures = _figures(programme, steps, alone=False)
    if case.expect is not None:
        if case.expect.programme_faults is not UNSET:
            checks.append(check_faults(case.expect, []))
        checks += checks_of(programme, case.expect, figures, first, step=0)
    flat = {name: each.flat() for name, each in figures.items()}
    return reported(
        case,
        passed=all(check.passed for check in checks),
        checks=tuple(checks),
        found=flat.pop(first),
        members=flat,
        steps=tuple(told),
    )


def _figures(programme: Programme, steps: Sequence[StepPlayed], *, alone: bool) -> dict[str, Figures]:
    """Each member's figures over these steps, as they stand after the last one.

    Of one step alone, what came due on the days before it is left out: it is told apart.
    """
    last = steps[-1]
    return {
        member: Figures(
            given_by(
                programme,
                [each for step in steps for each in _decided(step, alone=alone) if each.member == member],
                _last_sale(steps, member),
                currency=next(
                    (step.currency for step in reversed(steps) if step.member == member and step.sells), ""
                ),
                ripened=sum(step.ripened[member] for step in steps if not alone or step.kind in DAYS),
                repeated=any(step.repeated for step in steps if step.member == member),
                other_content=any(step.other_content for step in steps if step.member == member),
            ),
            standing_of(programme, facts, at=last.at, store=_store(last), shared=last.shared),
        )
        for member, facts in last.after.items()
    }


def _decided(step: StepPlayed, *, alone: bool) -> tuple[Decided, ...]:
    if step.kind == EVALUATE and not alone:
        return step.due  # it changed nothing: not a part of what the case gave
    return step.done if alone else (*step.due, *step.done)


def _last_sale(steps: Sequence[StepPlayed], member: str) -> tuple[Basket, Decision] | None:
    for step in reversed(steps):
        if step.member == member and step.basket is not None:
            decision = next(each.decision for each in step.done if each.kind in (SALE, EVALUATE))
            return step.basket, decision
    return None


def _store(step: StepPlayed) -> str:
    return step.basket.store if step.basket else str(STORE)


def _step_report(step: StepPlayed, figures: Mapping[str, Figures]) -> StepReport:
    flat = {name: each.flat() for name, each in figures.items()}
    return StepReport(
        number=step.number,
        kind=step.kind,
        at=step.at,
        member=step.member,
        id=str(step.step.id or ""),
        found=flat.pop(step.member),
        members=flat,
        due=tuple(map(_effects, step.due)),
        done=tuple(map(_effects, step.done)),
    )


def _effects(decided: Decided) -> Effects:
    return Effects(decided.member, decided.kind, decided.decision.day, decided.decision.effects)
