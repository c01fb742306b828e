"""cagnotte worker: what is done by the clock"""

import argparse
import os
import signal
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from gettext import gettext as _
from pathlib import Path

import msgspec
import psycopg

from cagnotte.application.run_jobs import Job, JobOutcome, JobRun, JobState, job_states, run_due_jobs
from cagnotte.application.seal_ledger import Checkpoint
from cagnotte.channels.cli.terminal import DONE, REFUSED, Terminal
from cagnotte.channels.wording import N_
from cagnotte.channels.wording.job_words import JOBS

_EVERY_S = 30
_LOOKS_APART_S = 0.5

_OUTCOMES: dict[JobOutcome, str] = {
    JobOutcome.DONE: N_("%(at)s  %(job)s: done in %(seconds)s s"),
    JobOutcome.REFUSED: N_(
        "%(at)s  %(job)s: %(faults)s faults found; a person must look at it: cagnotte ledger prove"
    ),
    JobOutcome.FAILED: N_("%(at)s  %(job)s: failed; it is tried again in five minutes. %(result)s"),
}


def add_worker(nouns: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    worker = nouns.add_parser("worker", help=_("do by the clock what is due: expiry, seals, proofs"))
    worker.add_argument(
        "--checkpoint", type=Path, metavar="FILE", help=_("add the digests of each seal to this file")
    )
    worker.add_argument("--once", action="store_true", help=_("do what is due now, and end"))
    worker.add_argument(
        "--state", action="store_true", help=_("only say when each job last ran; ends 1 if one failed or is late")
    )
    worker.add_argument(
        "--json", action="store_true", help=_("one JSON object on the standard output for each run")
    )
    worker.add_argument("--quiet", action="store_true", help=_("say only what does not go well"))
    worker.add_argument("--child-of", type=int, metavar="PID", help=argparse.SUPPRESS)
    worker.set_defaults(run=run_worker)


def run_worker(arguments: argparse.Namespace, terminal: Terminal) -> int:
    if arguments.state:
        return _tell_states(arguments, terminal)
    if arguments.child_of is not None:
        threading.Thread(target=_end_with, args=(arguments.child_of,), daemon=True).start()
    if arguments.once:
        return REFUSED if terminal.refuses_unsafe() or not _looked(arguments, terminal) else DONE
    return _work(arguments, terminal)


def _work(arguments: argparse.Namespace, terminal: Terminal) -> int:
    """For ever; while the database is away it waits for it."""
    checked, missed = False, 0
    while True:
        try:
            if not checked and terminal.refuses_unsafe():
                return REFUSED
            checked = True
            _looked(arguments, terminal)
        except psycopg.OperationalError as error:
            wait_s = min(2**missed, _EVERY_S)
            missed += 1
            terminal.warn(
                N_("%(at)s  The database does not answer; it is asked again in %(seconds)s s. %(detail)s"),
                at=_now().isoformat(timespec="seconds"),
                seconds=wait_s,
                detail=str(error).strip(),
            )
            time.sleep(wait_s)
            continue
        if missed:
            terminal.warn(N_("%(at)s  The database answers again."), at=_now().isoformat(timespec="seconds"))
            missed = 0
        time.sleep(_EVERY_S)


def _looked(arguments: argparse.Namespace, terminal: Terminal) -> bool:
    """Do what is due; whether all went well."""
    well = True
    keep = _keeper(arguments.checkpoint)
    with terminal.connected() as conn:
        for job, run in run_due_jobs(conn, _now, keep):
            well = well and run.outcome is JobOutcome.DONE
            if not arguments.quiet or run.outcome is not JobOutcome.DONE:
                _tell(job, run, arguments, terminal)
    return well


def _end_with(parent: int) -> None:
    """Once the process that asked for this one is gone nobody wants it; what it has begun is undone."""
    while os.getppid() == parent:
        time.sleep(_LOOKS_APART_S)
    os.kill(os.getpid(), signal.SIGTERM)


def _now() -> datetime:
    return datetime.now(UTC)


def _keeper(file: Path | None) -> Callable[[Checkpoint], None]:
    def keep(checkpoint: Checkpoint) -> None:
        if file is not None:
            with file.open("ab") as opened:
                opened.write(msgspec.json.encode(checkpoint) + b"\n")

    return keep


def _tell(job: Job, run: JobRun, arguments: argparse.Namespace, terminal: Terminal) -> None:
    if arguments.json:
        terminal.json({"job": job, "run": run})
        return
    terminal.say(
        _OUTCOMES[run.outcome],
        at=run.started_at.isoformat(timespec="seconds"),
        job=terminal.speech.say(JOBS[job]),
        seconds=terminal.speech.number(round((run.ended_at - run.started_at).total_seconds())),
        faults=terminal.speech.number(run.faults),
        result=bytes(run.result).decode(),
    )


def _tell_states(arguments: argparse.Namespace, terminal: Terminal) -> int:
    with terminal.connected() as conn:
        states = job_states(conn, _now())
    if arguments.json:
        terminal.json({"well": all(each.is_well for each in states), "jobs": states})
    else:
        for state in states:
            _tell_state(state, arguments, terminal)
    return DONE if all(each.is_well for each in states) else REFUSED


def _tell_state(state: JobState, arguments: argparse.Namespace, terminal: Terminal) -> None:
    if state.last is not None:
        _tell(state.job, state.last, arguments, terminal)
    if state.is_late:
        terminal.say(
            N_("%(job)s: late, it was due at %(due)s. Is “cagnotte worker” running?"),
            job=terminal.speech.say(JOBS[state.job]),
            due=state.due_since.isoformat(timespec="seconds"),
        )
    elif state.last is None:
        terminal.say(N_("%(job)s: has not run yet"), job=terminal.speech.say(JOBS[state.job]))
