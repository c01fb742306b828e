"""The share of wallet over a history: in sets what it is one by one, and right on populations of known wallets."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from math import comb
from pathlib import Path

import pytest

from analytics.replay.histories import PRODUCTS
from cagnotte.analytics.history import HistoryWriter, Sold
from cagnotte.analytics.wallets import MemberEstimate, estimates
from cagnotte.domain.kernel import Period, PeriodUnit
from cagnotte.domain.members.profile import Profile
from cagnotte.domain.members.wallet_share import Share, ShareTerms, declared, estimated, ranks_of, wallet_of

LAST = date(2026, 6, 30)
DOC = Path(__file__).parents[2] / "docs/algorithms/share-of-wallet.md"


def a_history(folder: Path, members: Sequence[tuple[Profile, Sequence[tuple[date, int]]]]) -> Path:
    """Members of ids from 1, with (day, paid) of each sale."""
    writer = HistoryWriter(folder, PRODUCTS, {"lyon": "Lyon"})
    for member_id, (profile, sales) in enumerate(members, start=1):
        writer.add([_sold(member_id, number, *sale) for number, sale in enumerate(sales)], profile)
    writer.finish(zone="Europe/Paris", currency="EUR")
    return folder


def _sold(member_id: int, number: int, day: date, paid: int) -> Sold:
    at = datetime(day.year, day.month, day.day, 12)
    return Sold(
        member_id=member_id,
        event_id=member_id * 100_000 + number * 256,
        happened_at=at.replace(tzinfo=UTC),
        at=at,
        conversion=None,
        times=0,
        store="lyon",
        channel="store",
        details=None,
        paid=paid,
        product_ids=[11],
        quantities=[1],
        line_paid=[paid],
        listed=None,
        tax=None,
        cost=None,
        attributes=None,
    )


def of(folder: Path, terms: ShareTerms) -> dict[int, MemberEstimate]:
    return {each.member_id: each for each in estimates(folder, terms).members()}


@pytest.mark.parametrize(("quantile", "confidence"), [(90, 90), (50, 95), (75, 80), (99, 50), (90, 99)])
@pytest.mark.parametrize("peers", [*range(1, 41), 100, 123, 300])
def test_the_interval_is_the_exact_one_of_the_binomial(peers: int, quantile: int, confidence: int) -> None:
    p, side = Fraction(quantile, 100), Fraction(100 - confidence, 200)
    counts = [comb(peers, k) * p**k * (1 - p) ** (peers - k) for k in range(peers + 1)]
    low = max((k for k in range(1, peers + 1) if sum(counts[:k]) <= side), default=0)
    high = min((k for k in range(1, peers + 1) if sum(counts[k:]) <= side), default=peers + 1)

    ranks = ranks_of(peers, quantile, confidence)

    if low < 1 or high > peers:
        assert ranks is None
    else:
        assert ranks is not None
        assert (ranks.low, ranks.high) == (low, high)
        assert sum(counts[low:high]) >= Fraction(confidence, 100)
        assert ranks.low <= ranks.quantile <= ranks.high


def test_the_interval_of_ten_million_peers_takes_no_time() -> None:
    ranks = ranks_of(10_000_000, 90, 90)

    assert ranks is not None
    assert (ranks.low, ranks.quantile, ranks.high) == (8_998_439, 9_000_000, 9_001_561)


def test_a_history_gives_in_sets_what_each_member_alone_would_get(tmp_path: Path) -> None:
    dice = random.Random(20260630)
    terms = ShareTerms(
        ("country", "size", "garden"), least_peers=30, within=Period(3, PeriodUnit.MONTHS), declared="budget"
    )
    members = [_invented(dice) for _ in range(600)]
    folder = a_history(tmp_path / "history", members)

    found = of(folder, terms)

    first = date(2026, 4, 1)  # three months after 31 March are over on 30 June, at 00:00
    spends = [sum(paid for day, paid in sales if first <= day <= LAST) for _, sales in members]
    assert found.keys() == {number for number, spend in enumerate(spends, start=1) if spend > 0}
    levels = set()
    for number, each in found.items():
        profile, spend = members[number - 1][0], spends[number - 1]
        share, level = _alone(profile, spend, members, spends, terms)
        assert (each.spend, each.share) == (spend, share), number
        levels.add(level)
    assert levels == {"said", 0, 1, 2, 3}  # every way of falling back was taken


def _invented(dice: random.Random) -> tuple[Profile, list[tuple[date, int]]]:
    attributes: dict[str, int | str | bool | tuple[str, ...]] = {"garden": dice.random() < 0.1}
    if dice.random() < 0.9:
        attributes["size"] = min(1 + int(dice.expovariate(0.7)), 6)
    if dice.random() < 0.05:
        attributes["budget"] = dice.randrange(1, 900_00)
    country = dice.choices(["FR", "BE", "été", ""], [70, 20, 3, 3])[0]
    sales = [(LAST - timedelta(days=dice.randrange(200)), dice.randrange(-2000, 20_000)) for _ in range(6)]
    sales.append((LAST, 100))
    return Profile(country=country, attributes=attributes), sorted(sales)


def _alone(
    profile: Profile,
    spend: int,
    members: Sequence[tuple[Profile, object]],
    spends: Sequence[int],
    terms: ShareTerms,
) -> tuple[Share, int | str]:
    said = profile.attributes.get("budget", 0)
    assert isinstance(said, int)
    if said:
        return declared(spend, said), "said"
    keys = [(other.country, other.attributes.get("size"), other.attributes.get("garden")) for other, _ in members]
    own = (profile.country, profile.attributes.get("size"), profile.attributes.get("garden"))
    for level in range(3, -1, -1):
        peers = sorted(s for key, s in zip(keys, spends, strict=True) if key[:level] == own[:level] and s > 0)
        wallet = wallet_of(peers, terms)
        if wallet is not None:
            return estimated(spend, wallet), level
    return Share(), "none"


def test_a_discount_abroad_counts_in_the_currency_of_the_programme(tmp_path: Path) -> None:
    """100.00 francs less 10.00 are 105.00 euros less 10.50; in the programme's own currency 10.00 stays 10.00."""
    writer = HistoryWriter(tmp_path / "history", PRODUCTS, {"lyon": "Lyon"})
    for member_id, paid in ((1, 10_500), (2, 10_000)):
        details = '{"order_discount": 1000}'
        sold = _sold(member_id, 0, LAST, paid)._replace(line_paid=[10_000], details=details)
        writer.add([sold], Profile())
    writer.finish(zone="Europe/Paris", currency="EUR")

    found = of(tmp_path / "history", ShareTerms())

    assert {number: each.spend for number, each in found.items()} == {1: 9_450, 2: 9_000}


def test_too_few_members_have_no_share_and_a_history_without_sales_neither(tmp_path: Path) -> None:
    few = a_history(tmp_path / "few", [(Profile(), [(LAST, 1000)])] * 28)
    nobody = a_history(tmp_path / "nobody", [])

    assert {each.share for each in of(few, ShareTerms(("country",))).values()} == {Share()}
    assert of(nobody, ShareTerms(("country",))) == {}


def test_the_interval_holds_the_true_wallet_of_simulated_populations() -> None:
    """400 populations of 60 members, whose spends come from one distribution with a known ninetieth percentile."""
    dice = random.Random(977985)
    terms = ShareTerms()
    held = 0
    for _ in range(400):
        spends = sorted(int(10_000 * dice.random() ** 3) + 1 for _ in range(60))
        wallet = wallet_of(spends, terms)
        assert wallet is not None
        held += wallet.low <= 10_000 * 0.9**3 + 1 <= wallet.high

    assert held == 387


def test_the_estimate_of_a_population_with_known_wallets(tmp_path: Path) -> None:
    """A tenth of the members buys everything here, the others a part; large households spend more."""
    dice = random.Random(1281297)
    truth, members = [], []
    for _ in range(4_000):
        size = dice.randint(1, 5)
        wallet = size * dice.randint(900_00, 1_100_00)
        share = 10_000 if dice.random() < 0.1 else dice.randint(500, 9_000)
        truth.append(share)
        members.append((Profile(attributes={"size": size}), [(LAST, wallet * share // 10_000)]))
    folder = a_history(tmp_path / "history", members)

    errors = {}
    for peers in (("size",), ()):
        found = of(folder, ShareTerms(peers))
        off = sorted(abs(found[number].share.share - share) for number, share in enumerate(truth, start=1))
        errors[peers] = (off[len(off) // 2], off[len(off) * 9 // 10])

    assert errors == {("size",): (244, 974), (): (1275, 4094)}  # basis points: the median, and nine in ten
