"""What the books say that partners pay for each sale is what was decided for it and kept with it."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec
import psycopg

from cagnotte.domain.evaluator.decision import Decision
from cagnotte.domain.evaluator.effects import PointsFunded
from cagnotte.storage.packing import unpack

_CHUNK = 10_000
_decision = msgspec.json.Decoder(Decision)

type Funding = dict[tuple[str, str], int]  # (partner, wallet) -> points, none of them 0


def compared(
    conn: psycopg.Connection, statement: bytes, asked: dict[str, Any]
) -> Iterator[tuple[str, Funding, Funding]]:
    """(subject, as decided, as posted) of every sale that the statement finds; inside the caller's transaction."""
    with conn.cursor("proof_funding") as cursor:
        cursor.itersize = _CHUNK
        cursor.execute(statement, asked)
        for subject, decided, since, funded in cursor:
            yield subject, _decided(decided, since), _summed(funded or ())


def as_text(funding: Funding) -> str:
    parts = [f"{points} of {wallet} by {partner}" for (partner, wallet), points in sorted(funding.items())]
    return ", ".join(parts) or "nothing"


def _decided(packed: bytes | None, since: Sequence[str]) -> Funding:
    decisions = [_decision.decode(unpack(packed))] if packed else []
    decisions += [_decision.decode(text) for text in since]
    effects = [effect for decision in decisions for effect in decision.effects]
    return _summed((e.partner, e.wallet, int(e.points)) for e in effects if isinstance(e, PointsFunded))


def _summed(parts: Iterable[Sequence[Any]]) -> Funding:
    found: Funding = {}
    for partner, wallet, points in parts:
        found[partner, wallet] = found.get((partner, wallet), 0) + points
    return {key: points for key, points in found.items() if points}
