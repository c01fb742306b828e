"""How the system is: each job of the clock, the books' last proof and seal, the database and its schema."""

from collections.abc import Mapping
from datetime import datetime

import msgspec
import psycopg

from cagnotte.application.programme_staff import Actor, Permission
from cagnotte.application.retrying import Race, races_lost
from cagnotte.application.run_jobs import Job, JobState, job_states
from cagnotte.storage.health import DatabaseHealth, database_health

__all__ = ["Health", "show_health"]


class Health(msgspec.Struct, frozen=True):
    """`jobs`: none without a programme, and then nothing is due. `races`: see races_lost."""

    jobs: tuple[JobState, ...]
    database: DatabaseHealth
    races: Mapping[Race, int]

    @property
    def done_again(self) -> int:
        """How often an act was done again in this process because another one was faster."""
        return sum(count for race, count in self.races.items() if race is not Race.GIVEN_UP)

    @property
    def given_up(self) -> int:
        return self.races[Race.GIVEN_UP]

    @property
    def is_well(self) -> bool:
        return all(each.is_well for each in self.jobs)

    @property
    def faults(self) -> int:
        """What the last proof found."""
        return sum(each.last.faults for each in self.jobs if each.job is Job.PROOF and each.last is not None)


def show_health(conn: psycopg.Connection, actor: Actor, now: datetime) -> Health:
    """Raises NotAllowed without the permission `system.health`."""
    actor.check(Permission.SEE_HEALTH)
    return Health(tuple(job_states(conn, now)), database_health(conn), races_lost())
