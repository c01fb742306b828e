"""python -m benchmarks NAME [--json] [--rounds N]: run one bench; without a name, list them."""

import argparse
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import msgspec
import psycopg

from benchmarks import evaluate, expiry, ledger, load, pages, proof, replay, rules
from benchmarks.history import demo_year
from benchmarks.machine import describe_machine, load_now
from benchmarks.place import temporary_place
from benchmarks.result import ROUNDS_MIN, BenchFailed, Told, table
from cagnotte.application.errors import RequestError
from cagnotte.host.postgres import DatabaseUnavailable

_DONE, _FAILED, _MISUSED = 0, 1, 2


def main(argv: list[str] | None = None) -> int:
    """0 with the result on the standard output; 1 with the reason on the standard error; 2 when misused."""
    signal.signal(signal.SIGTERM, _ended)
    arguments = _parser().parse_args(argv)
    if arguments.name is None:
        print(_listed())
        return _DONE
    try:
        told = _BENCHES[arguments.name][1](arguments)
    except (BenchFailed, DatabaseUnavailable, RequestError, psycopg.Error, OSError) as error:
        print(f"bench {arguments.name} failed: {error}", file=sys.stderr)
        return _FAILED
    if arguments.json:
        print(msgspec.json.encode(told.result).decode())
    else:
        print(table(told.result), *told.sentences, sep="\n\n")
    return _DONE


def _load(arguments: argparse.Namespace) -> Told:
    before = load_now()
    with temporary_place() as place:
        return load.bench_load(place, demo_year(), arguments.rounds, load_before=before)


def _pages(arguments: argparse.Namespace) -> Told:
    return pages.bench_pages(arguments.data, arguments.rounds, load_before=load_now())


def _evaluate(arguments: argparse.Namespace) -> Told:
    before = load_now()
    with temporary_place() as place:
        return evaluate.bench_evaluate(place, demo_year(), arguments.rounds, load_before=before)


def _ledger(arguments: argparse.Namespace) -> Told:
    before = load_now()
    with temporary_place() as place:
        return ledger.bench_ledger(place, arguments.rounds, load_before=before)


def _rules(arguments: argparse.Namespace) -> Told:
    before = load_now()
    with temporary_place() as place:
        machine = describe_machine(place.server.dsn(), load_before=before)
    return rules.bench_rules(machine, arguments.rounds)


def _replay(arguments: argparse.Namespace) -> Told:
    before = load_now()
    with temporary_place() as place:
        return replay.bench_replay(place, demo_year(), arguments.rounds, load_before=before)


def _expiry(arguments: argparse.Namespace) -> Told:
    before = load_now()
    with temporary_place() as place:
        return expiry.bench_expiry(
            place, arguments.rounds, members=arguments.members or 20_000, load_before=before
        )


def _proof(arguments: argparse.Namespace) -> Told:
    before = load_now()
    members = arguments.members or proof.MEMBERS
    with temporary_place() as place:
        return proof.bench_proof(place, arguments.rounds, members=members, load_before=before)


_BENCHES: dict[str, tuple[str, Callable[[argparse.Namespace], Told]]] = {
    "load": ("the whole demo load, beside a bare COPY of its lines (about 6 minutes)", _load),
    "pages": ("the back office's pages on the demo data, cold and warm (about 2 minutes)", _pages),
    "evaluate": (
        "evaluating and recording one sale, beside one-statement round trips (about 2 minutes)",
        _evaluate,
    ),
    "expiry": (
        "expiry of whole books beside one statement, and a till meanwhile (about 5 minutes)",
        _expiry,
    ),
    "proof": ("the whole proof of ten million entries, and their seal (about 15 minutes)", _proof),
    "replay": ("the demo's year decided again under 50 rules, beside the bare read (about 6 minutes)", _replay),
    "ledger": (
        "the statement that writes an act, beside the yardstick's posting functions (about 6 minutes)",
        _ledger,
    ),
    "rules": ("matching 20 to 1,000 rules beside other engines, and whole decisions (about a minute)", _rules),
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="do.py bench", description=_listed(), formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("name", nargs="?", choices=sorted(_BENCHES), metavar="NAME", help="one of the above")
    parser.add_argument("--json", action="store_true", help="one JSON object on the standard output, nothing else")
    parser.add_argument("--rounds", type=_rounds, default=ROUNDS_MIN, metavar="N", help=f"{ROUNDS_MIN} or more")
    parser.add_argument("--members", type=int, metavar="N", help="expiry, proof: members with ten lots each")
    parser.add_argument("--data", type=Path, metavar="DIR", help="pages: a data folder that `cagnotte demo` made")
    return parser


def _rounds(text: str) -> int:
    rounds = int(text)
    if rounds < ROUNDS_MIN:
        raise argparse.ArgumentTypeError(f"a median needs {ROUNDS_MIN} rounds or more")
    return rounds


def _listed() -> str:
    return "\n".join(f"{name:<9} {purpose}" for name, (purpose, _) in _BENCHES.items())


def _ended(signum: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + signum)  # so that the temporary server is stopped and its folder removed


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
