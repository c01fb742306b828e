from __future__ import annotations

import socket
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from cagnotte.host.postgres import DatabaseUnavailable, EmbeddedPostgres, Server, open_server
from cagnotte.host.postgres.unavailable import ServerUnreachable
from cagnotte.host.settings import Settings


def test_without_a_url_the_embedded_server_opens_with_the_program_s_database(tmp_path: Path) -> None:
    server = open_server(Settings(data_dir=tmp_path / "data"))

    with psycopg.connect(server.dsn()) as conn:
        name = conn.info.dbname
    server.stop()

    assert server.kind == "embedded"
    assert name == "cagnotte"
    assert (tmp_path / "data" / "postgres" / "data" / "PG_VERSION").exists()


def test_a_url_is_used_as_it_is_and_its_server_outlives_us(tmp_path: Path) -> None:
    with EmbeddedPostgres(tmp_path / "theirs") as theirs:
        url = theirs.dsn("postgres")
        server: Server = open_server(Settings(database_url=url, data_dir=tmp_path / "ours"))

        server.ensure_database("other")
        with psycopg.connect(server.dsn("other")) as conn:
            name = conn.info.dbname
        server.stop()
        with psycopg.connect(url) as conn:
            still_answers = conn.execute("SELECT 1").fetchone() == (1,)

    assert server.kind == "external"
    assert server.dsn() == url
    assert conninfo_to_dict(server.dsn("other")) == conninfo_to_dict(url) | {"dbname": "other"}
    assert name == "other"
    assert still_answers
    assert not (tmp_path / "ours").exists()


def test_a_server_that_does_not_answer_is_named_without_its_password() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))  # bound and not listening: nobody can answer there
        port = unused.getsockname()[1]
        url = f"postgresql://shop:s3cret@127.0.0.1:{port}/loyalty"

        with pytest.raises(ServerUnreachable) as refused:
            open_server(Settings(database_url=url))

    assert f"host=127.0.0.1 port={port} dbname=loyalty" in str(refused.value)
    assert "unset DATABASE_URL" in str(refused.value)
    assert "s3cret" not in str(refused.value)


def test_a_url_that_is_not_one_is_refused_with_an_example() -> None:
    with pytest.raises(DatabaseUnavailable, match="write postgresql://user:password@host:5432/name") as refused:
        open_server(Settings(database_url="mysql://shop:s3cret@127.0.0.1/loyalty"))

    assert "s3cret" not in str(refused.value)
