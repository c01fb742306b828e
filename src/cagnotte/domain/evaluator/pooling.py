"""Points that the members of a household spend together: who gives how many, and what leaves each one's books."""

from collections.abc import Sequence
from datetime import date, datetime

from cagnotte.domain.earning.caps import Counting
from cagnotte.domain.earning.terms import CapUnit
from cagnotte.domain.evaluator.decision import Refusal, RefusalCode
from cagnotte.domain.evaluator.effects import DrawReason, PoolDue, Tallied, TransferDue
from cagnotte.domain.evaluator.events import PointsPooled, PoolAsked, Purse
from cagnotte.domain.evaluator.facts import Facts
from cagnotte.domain.evaluator.making import Making
from cagnotte.domain.evaluator.paying import drawn, planned, points_to_burn
from cagnotte.domain.evaluator.prepared import prepared
from cagnotte.domain.kernel import MemberId, day_after
from cagnotte.domain.members.profile import Profile
from cagnotte.domain.points.lots import Draw, Lot, burn_order, is_usable
from cagnotte.domain.points.terms import OverAsked, Pooling, Wallet
from cagnotte.domain.programme.document import Programme


def purse_of(programme: Programme, member: MemberId, facts: Facts, at: datetime) -> Purse:
    """What a member can give the household at `at`, their own local time: nothing while they are closed or belong
    to it too short a time, and never more than the caps of `[households]` have left."""
    pooling, day = programme.pooling, at.date()
    if pooling is None or belongs_from(pooling, facts.profile) > day or facts.profile.is_closed(day):
        return Purse(member, (), 0)
    gives = frozenset(pooling.wallets) - {wallet for wallet, owed in facts.debts if owed}  # who owes gives nothing
    lots = tuple(lot for lot in facts.lots if lot.wallet in gives and is_usable(lot, day))
    return Purse(member, lots, _left(programme, pooling, facts, at))


def pooled_points(purses: Sequence[Purse], wallet: str, pooling: Pooling) -> int:
    """How many points of the wallet these members can give in one act."""
    offered = sum(_offered(purse, wallet) for purse in purses)
    return offered if pooling.most is None else min(offered, pooling.most)


def belongs_from(pooling: Pooling, profile: Profile) -> date:
    """The first day on which the member takes part; who has belonged for as long as is known, at once."""
    if pooling.after is None or profile.household_since is None:
        return date.min
    return day_after(profile.household_since, pooling.after)


def cannot_pool(pooling: Pooling, facts: Facts, wallet: str, *, others: int, on: date) -> Refusal | None:
    """Why the member cannot spend with the `others` of the household; None: they can."""
    household, owed = facts.profile.household, dict(facts.debts).get(wallet, 0)
    begins, too_many = belongs_from(pooling, facts.profile), others + 1 - pooling.members_most
    if not household:
        return Refusal(RefusalCode.NO_HOUSEHOLD, wallet)
    if too_many > 0:
        return Refusal(RefusalCode.HOUSEHOLD_TOO_LARGE, household, too_many)
    if begins > on:
        return Refusal(RefusalCode.JOINED_TOO_LATELY, household, (begins - on).days)
    return Refusal(RefusalCode.POINTS_OWED, wallet, owed) if owed else None


def decide_pool(making: Making, asked: PoolAsked) -> date:
    """Say how many points are spent and what each of the others gives of them; nothing is drawn yet.

    The member's own points come first. Of the others', those that expire soonest come first, whoever has them;
    on the same day those of the member with the lower id.
    """
    day, pooling, wallet = asked.at.date(), making.programme.pooling, making.ready.wallets.get(asked.wallet)
    if wallet is None:
        making.refuse(RefusalCode.UNKNOWN_WALLET, asked.wallet)
    elif pooling is None or wallet.code not in pooling.wallets:
        making.refuse(RefusalCode.CANNOT_BE_POOLED, wallet.code)
    elif refused := cannot_pool(pooling, making.facts, wallet.code, others=len(asked.purses), on=day):
        making.refuse(refused.code, refused.subject, refused.missing)
    else:
        _share_out(making, asked, pooling, wallet)
    return day


def decide_pooled(making: Making, pooled: PointsPooled) -> date:
    """Draw what the member gives, as a burn would, and count it. The member did nothing: no point lives longer."""
    day, pooling = pooled.at.date(), making.programme.pooling
    assert pooling is not None, pooled
    missing = pooled.points - making.available(pooled.wallet, day)
    if missing > 0:
        making.refuse(RefusalCode.INSUFFICIENT_POINTS, pooled.wallet, missing)
        return day
    lots = drawn(making, planned(making, making.ready.wallets[pooled.wallet], pooled.points, day))
    draws = [Draw(lot.lot_id, lot.points_open) for lot in lots]
    making.draw(pooled.wallet, DrawReason.POOLED, day, draws, pooled.reference)
    making.add(TransferDue(pooled.to, pooled.wallet, lots, pooled=True))
    counting = making.counting(pooled.at, "")
    for code in pooling.caps:
        cap = making.ready.caps[code]
        counting.add(cap, pooled.points if cap.unit is CapUnit.POINTS else 1)
    if added := counting.added():
        making.add(Tallied(added))
    return day


def _share_out(making: Making, asked: PoolAsked, pooling: Pooling, wallet: Wallet) -> None:
    own = making.available(wallet.code, asked.at.date())
    lacking, others = asked.points - own, pooled_points(asked.purses, wallet.code, pooling)
    offered = sum(_offered(purse, wallet.code) for purse in asked.purses)
    if others < lacking <= offered and wallet.over_asked is OverAsked.REFUSE:
        making.refuse(RefusalCode.MORE_THAN_MOST, wallet.code, lacking - others)
        return
    points = points_to_burn(making, wallet, asked.points, asked.at.date(), may_owe=False, others=others)
    if points > 0:
        making.add(PoolDue(wallet.code, points, _shares(asked.purses, wallet.code, max(points - own, 0))))


def _shares(purses: Sequence[Purse], wallet: str, lacking: int) -> tuple[tuple[MemberId, int], ...]:
    """(member, points), by member: what lacks, taken from the lots of all in their order."""
    left = {purse.member: _offered(purse, wallet) for purse in purses}
    lots = [(purse.member, lot) for purse in purses for lot in purse.lots if lot.wallet == wallet]
    given: dict[MemberId, int] = {}
    for member, lot in sorted(lots, key=_order):
        taken = min(lacking, left[member], lot.points_open)
        if taken > 0:
            lacking, left[member] = lacking - taken, left[member] - taken
            given[member] = given.get(member, 0) + taken
    assert lacking == 0, (purses, wallet, lacking)
    return tuple(sorted(given.items()))


def _order(owned: tuple[MemberId, Lot]) -> tuple[date, MemberId, tuple[date, date, int]]:
    member, lot = owned
    return (lot.expires_on or date.max, member, burn_order(lot))


def _offered(purse: Purse, wallet: str) -> int:
    usable = sum(lot.points_open for lot in purse.lots if lot.wallet == wallet)
    return usable if purse.left is None else min(usable, purse.left)


def _left(programme: Programme, pooling: Pooling, facts: Facts, at: datetime) -> int | None:
    caps = [prepared(programme).caps[code] for code in pooling.caps]
    counting = Counting(facts.tallies, facts.shared, at=at, store="", household=facts.profile.household)
    if any(counting.left(cap) < 1 for cap in caps):
        return 0
    return min((counting.left(cap) for cap in caps if cap.unit is CapUnit.POINTS), default=None)
