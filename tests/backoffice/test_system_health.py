"""The page of the system's health: who may see it, and what it says of each job."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from django.apps import apps
from django.conf import settings
from django.test import Client

from backoffice.reading import text_of
from backoffice.shop import Shop
from cagnotte.application.retrying import Unposted, first_without_lock
from cagnotte.application.run_jobs import run_due_jobs


@pytest.fixture
def conn(screens: Shop) -> Iterator[psycopg.Connection]:
    with settings.CAGNOTTE_POOL.connection() as connection:
        yield connection
        connection.execute("DELETE FROM job_run")


def test_jobs_that_never_ran_are_late(client: Client, conn: psycopg.Connection) -> None:
    text = text_of(client.get("/backoffice/health/"))

    assert "Late: it was due at" in text
    assert "A job failed or is late." in text


def test_the_last_run_of_each_job_is_told_with_what_it_gave(client: Client, conn: psycopg.Connection) -> None:
    list(run_due_jobs(conn, lambda: datetime.now(UTC)))

    text = text_of(client.get("/backoffice/health/"))

    assert "All is well: each job ran when it was due." in text
    assert "0 faults found." in text
    assert "lots expired, 0 holds ended." in text
    assert "Schema 00" in text


def test_a_job_that_failed_says_why(client: Client, conn: psycopg.Connection) -> None:
    list(run_due_jobs(conn, lambda: datetime.now(UTC)))
    at = datetime.now(UTC) + timedelta(seconds=1)
    conn.execute(
        "INSERT INTO job_run VALUES ('seal', %s, %s, 'failed', 0, '{\"error\": \"disk full\"}')", (at, at)
    )

    text = text_of(client.get("/backoffice/health/"))

    assert "disk full" in text
    assert "A job failed or is late." in text


def test_faults_of_the_proof_are_said_first(client: Client, conn: psycopg.Connection) -> None:
    at = datetime.now(UTC)
    conn.execute("INSERT INTO job_run VALUES ('proof', %s, %s, 'refused', 3, '{}')", (at, at))

    text = text_of(client.get("/backoffice/health/"))

    assert "The books do not hold: a person must look at it" in text
    assert "3 faults found." in text


def test_acts_that_lost_a_race_and_were_done_again_are_counted(client: Client) -> None:
    before = text_of(client.get("/backoffice/health/"))
    outcomes = iter([Unposted.OUTRUN, Unposted.OUTRUN, "done"])

    first_without_lock(lambda: next(outcomes), lambda: "under lock", what="test")
    after = text_of(client.get("/backoffice/health/"))

    said = re.compile(
        r"(\d+) in this server process since it began, because another act was faster; 0 were given up"
    )
    (first,), (second,) = said.findall(before), said.findall(after)
    assert int(second) - int(first) == 2


def test_the_page_is_for_who_may_see_the_health_of_the_system(seller: Client) -> None:
    assert seller.get("/backoffice/health/").status_code == 403
    user = apps.get_model("auth", "User").objects.get(username="seller")
    user.user_permissions.add(apps.get_model("auth", "Permission").objects.get(codename="system.health"))

    assert seller.get("/backoffice/health/").status_code == 200
    assert 'href="/backoffice/health/"' in seller.get("/backoffice/stores/").content.decode()
