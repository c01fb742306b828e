"""The books against their model: whatever a member lives, the database says what the fold in memory says."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cagnotte.domain.evaluator.facts import Facts
from cagnotte.storage.database import connect
from domain.evaluator.invented_histories import FIRST, HISTORIES, Act
from domain.programmes import DOCUMENTS
from ledger.member_lives import a_member, as_stored, balances, failed_checks, live, read_back, version_of

VERSIONS = tuple(version_of(text) for text in DOCUMENTS)
LAST = FIRST + timedelta(days=200)


@pytest.fixture(scope="module")
def program(module_database: str) -> Iterator[psycopg.Connection]:
    """As the running program connects: it commits, as the role that cannot change the books."""
    with connect(module_database) as conn:
        yield conn


def _held(facts: Facts) -> dict[str, int]:
    held = Counter[str]()
    for lot in facts.lots:
        held[lot.wallet] += lot.points_open
    return dict(held)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(number=st.integers(0, len(VERSIONS) - 1), acts=HISTORIES, cuts=st.lists(st.integers(0, 12), max_size=3))
def test_what_is_read_back_is_what_was_folded_and_the_proof_finds_nothing(
    program: psycopg.Connection, number: int, acts: list[Act], cuts: list[int]
) -> None:
    version = VERSIONS[number]
    member_id = a_member(program)
    bounds = sorted({0, *(min(cut, len(acts)) for cut in cuts), len(acts)})

    for start, end in zip(bounds, [*bounds[1:], len(acts)], strict=True):
        folded = live(program, version, member_id, acts[start:end], FIRST)
        assert read_back(program, version, member_id) == as_stored(version.programme, folded)
        stored = balances(program, member_id)
        assert {wallet: points for wallet, points in stored.items() if points} == _held(folded)
    in_one_go = live(program, version, other := a_member(program), acts, LAST)
    in_parts = live(program, version, member_id, [], LAST)

    assert failed_checks(program) == []
    assert (in_parts.tier, _held(in_parts)) == (in_one_go.tier, _held(in_one_go))
    assert balances(program, member_id) == balances(program, other)
