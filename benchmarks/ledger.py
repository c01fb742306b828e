"""The statement that writes an act, beside the yardstick's posting functions, in the same server and rounds."""

import re
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any
from unittest import mock

import msgspec
import psycopg

from benchmarks.evaluate import load_yardstick
from benchmarks.machine import Machine, describe_machine
from benchmarks.place import Place, say
from benchmarks.result import BenchFailed, Figures, Told, result_of
from cagnotte.application.burn_points import BurnPoints, burn_points
from cagnotte.application.publish_programme import publish_programme
from cagnotte.application.published import load_published
from cagnotte.application.record_sale import record_sale
from cagnotte.application.sale_command import SaleCommand, SaleLine
from cagnotte.host.postgres.account import server_account
from cagnotte.host.postgres.binaries import find_binaries
from cagnotte.ledger.one_act import POST
from cagnotte.storage.database import connected

NAME = "ledger"
CLIENTS = (1, 8)
_MEMBERS = 200_000  # as the yardstick has accounts
_SECONDS = 6
_IDS = 1_024  # ids of one act are closer together than this
_WAL_BUDGET = 4_000  # bytes of a posting
_HERE = Path(__file__).resolve().parent
_LIMITS = _HERE / "limits"
_TEMPLATE = 77_000_077  # the member whose acts the scripts repeat for all others
_REVISION, _VERSION = 880_000_001, 990_000_001  # of the template, so that they are found in its rows
_AT = datetime(2026, 3, 1, 13, tzinfo=UTC)
_PROGRAMME = """
[programme]
code = "maison"
name = { fr = "La Maison", en = "The House" }
currency = "EUR"
timezone = "Europe/Paris"

[wallets.points]
expiry = { after = "12 months" }

[[earn]]
code = "base"
on = "purchase"
points = "eligible.paid / 100"

[[earn]]
code = "bonus"
on = "purchase"
points = "eligible.paid / 100"
expiry = { after = "90 days" }

[[tiers]]
code = "gold"
reach = { spend = 20000, within = "12 months" }
"""


class Script(msgspec.Struct, frozen=True):
    """One act as pgbench sends it: our statement, its parameters with places for what differs from act to act."""

    text: str
    values: Mapping[str, str]
    dsn: str


class Run(msgspec.Struct, frozen=True):
    per_s: float
    wal_bytes: float  # per posting


type Round = dict[tuple[str, int], Run]


def bench_ledger(
    place: Place, rounds: int, *, load_before: float, seconds: int = _SECONDS, members: int = _MEMBERS
) -> Told:
    """Each round runs ours and theirs in turn, with 1 client and with 8."""
    with place.database("ledger", migrated=True) as dsn, place.database("limits", migrated=False) as bare:
        say(f"filling the books of {members:,} members, and the yardstick's {members:,} accounts")
        _fill(dsn, members)
        load_yardstick(bare, members)
        burn = _script(dsn, members, _burn_parameters(dsn))  # before the sale: from the lots that every member has
        scripts = {
            "sale": _script(dsn, members, _sale_parameters(dsn)),
            "earn_full": Script(_limit("earn_full", members), {}, bare),
            "burn_points": burn,
            "burn": Script(_limit("burn", members), {}, bare),
        }
        programs = find_binaries(server_account(place.folder)).folder
        measured: list[Round] = []
        for number in range(rounds + 1):  # the one before the first fills caches and is not measured
            found = _round(programs, scripts, seconds if number else 2)
            if number:
                measured.append(found)
                say(f"round {number} of {rounds}")
        _check(dsn)
        wal = {name: _steady_wal(programs, scripts[name], seconds) for name in ("sale", "burn_points")}
        flat = _flat(programs, dsn, scripts["sale"], seconds)
    return told(measured, flat, wal, describe_machine(place.server.dsn(), load_before=load_before))


def told(
    rounds: Sequence[Round], flat: Sequence[float], wal: Mapping[str, Sequence[float]], machine: Machine
) -> Told:
    """`flat`: of members with many entries over those with few; `wal`: bytes of a posting at steady state."""
    figures: Figures = {"rounds": len(rounds)}
    for name, found in wal.items():
        figures[f"{name}_wal_bytes"] = round(median(found))
    for name in ("sale", "earn_full", "burn_points", "burn"):
        for clients in CLIENTS:
            runs = [each[name, clients] for each in rounds]
            figures[f"{name}_{clients}"] = {
                "per_s": round(median(run.per_s for run in runs)),
                "wal_bytes": round(median(run.wal_bytes for run in runs)),  # with whole pages after a checkpoint
            }
    ratios: dict[str, list[float]] = {}
    for ours, theirs in (("sale", "earn_full"), ("burn_points", "burn")):
        for clients in CLIENTS:
            ratio = [each[ours, clients].per_s / each[theirs, clients].per_s for each in rounds]
            ratios[f"{ours}_vs_{theirs}_{clients}"] = ratio
    ratios["eight_clients_vs_one"] = [each["sale", 8].per_s / each["sale", 1].per_s for each in rounds]
    ratios["wal_budget_vs_sale"] = [_WAL_BUDGET / each for each in wal["sale"]]
    ratios["many_entries_vs_few"] = list(flat)
    return Told(result_of(NAME, figures, ratios, machine), ())


def _round(programs: Path, scripts: Mapping[str, Script], seconds: int) -> Round:
    return {
        (name, clients): _run(programs, script, clients, seconds)
        for clients in CLIENTS
        for name, script in scripts.items()
    }


def _run(programs: Path, script: Script, clients: int, seconds: int) -> Run:
    """Postings per second and bytes of WAL of each. Raises BenchFailed when pgbench does."""
    with tempfile.TemporaryDirectory() as folder, psycopg.connect(script.dsn, autocommit=True) as conn:
        path = Path(folder) / "act.pgb"
        path.write_text(script.text, encoding="utf-8")
        values = [part for name, value in script.values.items() for part in ("-D", f"{name}={value}")]
        command = [
            str(programs / "pgbench"), "-M", "prepared", "-n", "-c", str(clients),
            "-j", str(min(clients, 2)), "-T", str(seconds), "-f", str(path), *values, script.dsn,
        ]  # fmt: skip
        before = _wal(conn)
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        written = _wal(conn) - before
    said = dict(
        re.findall(r"^(tps|number of transactions actually processed)\D+([0-9.]+)", done.stdout, re.MULTILINE)
    )
    if done.returncode or "tps" not in said or "number of failed transactions: 0" not in done.stdout:
        raise BenchFailed(f"pgbench ended with {done.returncode}: {done.stderr[:700]}")
    return Run(float(said["tps"]), written / int(said["number of transactions actually processed"]))


def _wal(conn: psycopg.Connection) -> int:
    row = conn.execute("SELECT pg_current_wal_insert_lsn() - '0/0'").fetchone()
    assert row is not None
    return int(row[0])


def _limit(name: str, members: int) -> str:
    return (_LIMITS / f"{name}.pgb").read_text(encoding="utf-8").replace(str(_MEMBERS), str(members))


def _fill(dsn: str, members: int) -> None:
    """Members with three open lots each, all by the books, and the template."""
    with connected(dsn) as conn:
        publish_programme(conn, _PROGRAMME, effective_from=None, past=True)
    with psycopg.connect(dsn, autocommit=True) as conn:
        for statement in (_HERE / "ledger_fill.sql").read_text(encoding="utf-8").split(";\n"):
            if statement.strip():
                conn.execute(
                    statement.replace(":members", str(members)).replace(":template", str(_TEMPLATE)).encode()
                )


def _sale_parameters(dsn: str) -> list[object]:
    """What the program sends for a sale of five lines that gives two lots."""
    lines = tuple(SaleLine(f"A{n}", n, 1_000 * n) for n in range(1, 6))
    with connected(dsn) as conn, _as_template(dsn), _sent() as sent:
        published = load_published(conn)
        sale = SaleCommand("ticket-2026-@K", "s1", _AT, lines, "template")
        record_sale(conn, published, sale, key="key-@K", now=_AT)
    return sent[-1]


def _burn_parameters(dsn: str) -> list[object]:
    """What the program sends for 30 points that are spent."""
    with connected(dsn) as conn, _as_template(dsn), _sent() as sent:
        published = load_published(conn)
        burn_points(conn, published, BurnPoints("template", 30, at=_AT), key="burn-@K", now=_AT)
    return sent[-1]


@contextmanager
def _as_template(dsn: str) -> Iterator[None]:
    """The template's standing with numbers that are found again in what is sent."""
    with psycopg.connect(dsn, autocommit=True) as conn:
        conn.execute(
            "UPDATE member_standing SET revision = %s, version = %s WHERE member_id = %s",
            (_REVISION, _VERSION, _TEMPLATE),
        )
    yield


@contextmanager
def _sent() -> Iterator[list[list[object]]]:
    """The parameters of each act that is posted meanwhile."""
    seen: list[list[object]] = []
    execute = psycopg.Cursor.execute

    def kept(cursor: psycopg.Cursor[Any], query: Any, params: Any = None, **options: Any) -> psycopg.Cursor[Any]:
        if isinstance(query, bytes) and b"post_act" in query:
            seen.append(list(params))
        return execute(cursor, query, params, **options)

    with mock.patch.object(psycopg.Cursor, "execute", kept):
        yield seen


def _script(dsn: str, members: int, parameters: Sequence[object]) -> Script:
    """The same statement for any member: places for the member, the ids, the key and the numbers of its books."""
    first, *more = parameters
    assert isinstance(first, list), "the locks"
    ids = sorted({int(each) for each in re.findall(r"\b\d{18}\b", " ".join(map(str, more)))})
    places = {str(_TEMPLATE): ":m::text", str(_REVISION): "own.revision::text", "@K": ":s::text"}
    places |= {str(_VERSION + n): f"(own.version + {n})::text" for n in range(1, 4)}
    places |= {str(each): f"(:s::bigint * 1024 + {each - ids[0]})::text" for each in ids if each - ids[0] < _IDS}
    values: dict[str, str] = {}
    pieces = ["ARRAY[:s::bigint]"]
    for number, given in enumerate(more, start=1):
        if given is None:
            pieces.append("NULL")
            continue
        text = "{" + ",".join(given) + "}" if isinstance(given, list) else str(given)
        values[f"p{number}"], piece = _placed(text, f":p{number}", places)
        pieces.append(piece)
    statement = POST.decode()
    for piece in pieces:
        statement = statement.replace("%s", piece, 1)
    chosen = f"\\set m random(1, {members})\n\\set s random(1, 4000000000000000)\n"
    return Script(f"{chosen}{statement} FROM member_standing AS own WHERE own.member_id = :m;\n", values, dsn)


def _placed(text: str, name: str, places: Mapping[str, str]) -> tuple[str, str]:
    """(the text with a place for each thing that differs, the expression that fills them in one pass)."""
    used = [what for what in places if what in text]
    if not used:
        return text, name
    numbers = {what: f"%{number}$s" for number, what in enumerate(used, start=1)}
    placed = re.sub("|".join(map(re.escape, used)), lambda found: numbers[found[0]], text.replace("%", "%%"))
    return placed, f"format({name}, {', '.join(places[what] for what in used)})"


def _steady_wal(programs: Path, script: Script, seconds: int) -> list[float]:
    """Bytes of WAL once every page that is touched was written since the last checkpoint: few members.

    One client: of several on one member all but the first write nothing and are to be decided anew.
    """
    few = _among(script, 201, 232)
    _run(programs, few, 1, seconds)
    return [_run(programs, few, 1, max(2, seconds // 2)).wal_bytes for _ in range(5)]


def _among(script: Script, first: int, last: int) -> Script:
    """The same for these members only."""
    return msgspec.structs.replace(
        script, text=re.sub(r"(?<=set m )random\(1, \d+\)", f"random({first}, {last})", script.text)
    )


def _check(dsn: str) -> None:
    """The postings were made: sums are zero and lots say what entries say."""
    with psycopg.connect(dsn) as conn:
        row = conn.execute("SELECT count(*) > 0 FROM sale").fetchone()
    if row != (True,):
        raise BenchFailed("no sale was posted")


def _flat(programs: Path, dsn: str, sale: Script, seconds: int) -> list[float]:
    """Postings per second to members with 10,000 entries over those to members with as good as none."""
    with psycopg.connect(dsn, autocommit=True) as conn:
        for statement in (_HERE / "ledger_many.sql").read_text(encoding="utf-8").split(";\n"):
            if statement.strip():
                conn.execute(statement.encode())
    few = _among(sale, 101, 116)
    many = _among(sale, 1, 16)
    found = []
    for _ in range(5):
        slow, quick = _run(programs, many, 1, seconds), _run(programs, few, 1, seconds)
        found.append(slow.per_s / quick.per_s)
    return found
