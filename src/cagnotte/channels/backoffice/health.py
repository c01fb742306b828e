"""System health: what the clock's jobs last did, whether the books hold, which schema the database has."""

from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

import msgspec
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cagnotte.application.errors import NoProgramme
from cagnotte.application.programme_refusals import NotAllowed
from cagnotte.application.programme_staff import find_actor
from cagnotte.application.published import load_published
from cagnotte.application.run_jobs import Job, JobOutcome, JobRun, JobState
from cagnotte.application.show_health import show_health
from cagnotte.channels.backoffice import written
from cagnotte.channels.backoffice.pages import crumb, show
from cagnotte.channels.wording.job_words import JOBS, OUTCOMES

_MEGABYTE = 1_000_000


class JobRow(msgspec.Struct, frozen=True):
    """One job as the page tells it; `seconds` None: it has never run."""

    name: str
    began: datetime | None
    seconds: int | None
    outcome: str
    gave: str
    is_well: bool


def page(request: HttpRequest) -> HttpResponse:
    with settings.CAGNOTTE_POOL.connection() as conn:
        actor = find_actor(conn, request.user.get_username(), channel="backoffice")
        try:
            health = show_health(conn, actor, datetime.now(UTC))
        except NotAllowed as error:
            raise PermissionDenied from error
        try:
            zone: Any = load_published(conn).zone
        except NoProgramme:
            zone = UTC
    with timezone.override(zone):
        return show(
            request,
            "backoffice/health.html",
            title=_("System health"),
            crumbs=[crumb("index", _("Dashboard"))],
            health=health,
            jobs=[_row(each) for each in health.jobs],
            megabytes=health.database.bytes // _MEGABYTE,
            program=version("cagnotte"),
            zone=str(zone),
        )


def _row(state: JobState) -> JobRow:
    last = state.last
    return JobRow(
        _(JOBS[state.job]).capitalize(),
        None if last is None else timezone.localtime(last.started_at),
        None if last is None else round((last.ended_at - last.started_at).total_seconds()),
        _late(state) if state.is_late or last is None else _(OUTCOMES[last.outcome]),
        "" if last is None else _gave(state.job, last),
        state.is_well,
    )


def _late(state: JobState) -> str:
    if not state.is_late:
        return _("Has not run yet")
    return _("Late: it was due at %(due)s") % {"due": written.instant(timezone.localtime(state.due_since))}


def _gave(job: Job, run: JobRun) -> str:
    """What the run reports, in a sentence."""
    told: dict[str, Any] = msgspec.json.decode(run.result)
    if run.outcome is JobOutcome.FAILED:
        return str(told.get("error", ""))
    match job:
        case Job.EXPIRY:
            values = {name: written.whole(told.get(name, 0)) for name in ("points", "lots", "holds", "members")}
            return _("%(points)s points in %(lots)s lots expired, %(holds)s holds ended.") % values
        case Job.SEAL:
            members = told["members"]
            return ngettext(
                "Seal %(number)s, of the books of %(members)s member.",
                "Seal %(number)s, of the books of %(members)s members.",
                members,
            ) % {"number": told["seal_no"], "members": written.whole(members)}
        case Job.PROOF:
            return ngettext("%(faults)s fault found.", "%(faults)s faults found.", run.faults) % {
                "faults": written.whole(run.faults)
            }
