"""Golden cases of the share of wallet: the wallet of a group, and a member's share of it."""

import tomllib
from pathlib import Path

import msgspec
import pytest

from cagnotte.domain.members.wallet_share import Share, ShareTerms, declared, estimated, wallet_of

FILE = Path(__file__).parent / "shares" / "wallets.toml"


class Given(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"first": "from"}):
    """The peers spent `first`, `first + step`, and so on. `said`: what the member says to spend; 0: nothing."""

    first: int
    step: int
    peers: int
    spend: int
    quantile: int = 90
    least_peers: int = 30
    said: int = 0


class Expect(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """(low, estimate, high) of the wallet, where there is one, and of the share."""

    share: tuple[int, int, int]
    wallet: tuple[int, int, int] | None = None


class Case(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    why: str
    source: str
    given: Given
    expect: Expect


class CaseFile(msgspec.Struct, frozen=True):
    cases: tuple[Case, ...]


CASES = msgspec.convert(tomllib.loads(FILE.read_text(encoding="utf-8")), CaseFile).cases


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_golden(case: Case) -> None:
    given = case.given
    terms = ShareTerms(quantile=given.quantile, least_peers=given.least_peers)
    spends = [given.first + number * given.step for number in range(given.peers)]

    wallet = wallet_of(spends, terms)
    share = estimated(given.spend, wallet) if wallet else Share()
    if given.said:
        share = declared(given.spend, given.said)

    if case.expect.wallet is not None:
        assert wallet is not None
        assert (wallet.low, wallet.estimate, wallet.high) == case.expect.wallet
    assert (share.low, share.share, share.high) == case.expect.share


def test_every_case_says_why_and_from_where() -> None:
    assert all(len(case.why) > 20 and case.source for case in CASES)
    assert len({case.name for case in CASES}) == len(CASES)
