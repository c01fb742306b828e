"""Prove the books, on demand and every night."""

from collections.abc import Iterator

import psycopg

from cagnotte.ledger.proof import CheckResult, ProofCheck, ProofFault, prove

__all__ = ["CheckResult", "ProofCheck", "ProofFault", "prove_ledger"]


def prove_ledger(conn: psycopg.Connection) -> Iterator[CheckResult]:
    """Each check with what it examined and the faults that it found; the books hold when there are none."""
    return prove(conn)
