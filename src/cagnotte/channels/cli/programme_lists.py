"""cagnotte programme drafts | versions: what there is, and how each came and ended."""

import argparse
from datetime import UTC, datetime
from gettext import gettext as _

import msgspec

from cagnotte.application.programme_drafts import list_drafts
from cagnotte.application.programme_versions import VersionState, all_versions, states_of
from cagnotte.application.publish_programme import FROM_THE_BEGINNING
from cagnotte.channels.cli.terminal import DONE, Terminal
from cagnotte.channels.wording import N_
from cagnotte.channels.wording.programme_acts import DRAFT_STATES, VERSION_STATES


class VersionReport(msgspec.Struct, frozen=True):
    """One version of `cagnotte programme versions --json`."""

    programme: str
    version: int
    state: VersionState
    effective_from: datetime
    ends_at: datetime | None
    published_at: datetime
    author: str | None
    approver: str | None
    draft: str | None


def add_lists(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    drafts = verbs.add_parser("drafts", help=_("list the drafts with their states"))
    drafts.add_argument("--json", action="store_true", help=_("one JSON list on the standard output"))
    drafts.set_defaults(run=run_drafts)
    versions = verbs.add_parser("versions", help=_("list the published versions with their states"))
    versions.add_argument("--json", action="store_true", help=_("one JSON list on the standard output"))
    versions.set_defaults(run=run_versions)


def run_drafts(arguments: argparse.Namespace, terminal: Terminal) -> int:
    with terminal.connected() as conn:
        rows = list_drafts(conn)
    if arguments.json:
        terminal.json(rows)
        return DONE
    if not rows:
        terminal.say(N_("There is no draft."))
    for row in rows:
        state, authors = terminal.speech.say(DRAFT_STATES[row.state]), ", ".join(row.authors)
        if row.approver is None:
            terminal.say(
                N_("%(draft)s: %(state)s. Written by %(authors)s."), draft=row.name, state=state, authors=authors
            )
        else:
            terminal.say(
                N_("%(draft)s: %(state)s. Written by %(authors)s, approved by %(approver)s."),
                draft=row.name,
                state=state,
                authors=authors,
                approver=row.approver,
            )
    return DONE


def run_versions(arguments: argparse.Namespace, terminal: Terminal) -> int:
    with terminal.connected() as conn:
        rows = all_versions(conn)
    states = states_of(rows, datetime.now(UTC))
    reports = [
        VersionReport(
            row.code,
            row.version,
            states[row.version],
            row.effective_from,
            row.ends_at,
            row.published_at,
            row.author,
            row.approver,
            row.draft,
        )
        for row in rows
    ]
    if arguments.json:
        terminal.json(reports)
        return DONE
    if not reports:
        terminal.say(N_("No version is published."))
    for report in reports:
        _tell(report, terminal)
    return DONE


def _tell(report: VersionReport, terminal: Terminal) -> None:
    values = {
        "version": report.version,
        "state": terminal.speech.say(VERSION_STATES[report.state]),
        "begins": report.effective_from.isoformat(timespec="seconds"),
    }
    if report.effective_from == FROM_THE_BEGINNING:
        terminal.say(N_("%(version)s: %(state)s. Rules from the beginning."), **values)
    else:
        terminal.say(N_("%(version)s: %(state)s. Rules from %(begins)s."), **values)
    if report.ends_at is not None and report.state is not VersionState.WITHDRAWN:
        terminal.say(N_("  No sale earns from %(ends)s on."), ends=report.ends_at.isoformat(timespec="seconds"))
    if report.author is None:
        terminal.say(N_("  Published directly by the operator."))
    else:
        terminal.say(
            N_("  Written by %(author)s, approved by %(approver)s."),
            author=report.author,
            approver=report.approver,
        )
