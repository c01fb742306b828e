"""The members as a case begins: facts that no event made."""

from collections.abc import Iterator, Mapping
from datetime import date

import msgspec

from cagnotte.application.trials.baskets import attributes_of, minor_of
from cagnotte.application.trials.cases import DayLived, LotHeld, MemberGiven, ProfileGiven
from cagnotte.application.trials.problems import CaseProblem, unknown
from cagnotte.application.trials.values import Word
from cagnotte.domain.evaluator.facts import Facts
from cagnotte.domain.kernel import EventId, LotId, MemberId, Points
from cagnotte.domain.members.profile import Membership, Profile
from cagnotte.domain.points.lots import Lot, burn_order
from cagnotte.domain.programme.document import Programme
from cagnotte.domain.tiers.days import DayTotal, with_day
from cagnotte.domain.tiers.qualification import granted
from cagnotte.domain.tiers.terms import HeldBy, TierHeld

_SHARES = ("share_of_wallet", "share_low", "share_high", "share_declared")
_PLAIN = ("language", "country", "brand", "home_store", "household")


def facts_of(
    programme: Programme,
    given: MemberGiven,
    *,
    as_of: date,
    ids: Iterator[EventId],
    members: Mapping[str, MemberId],
) -> Facts:
    """The member on the evening of `as_of`."""
    days: tuple[DayTotal, ...] = ()
    for lived in given.history:
        days = with_day(days, _day(programme, lived))
    plan = given.plan and Membership(str(given.plan), given.plan_since or as_of, given.plan_until)
    return Facts(
        as_of=as_of,
        lots=tuple(sorted(_lots(programme, given, as_of, ids), key=burn_order)),
        days=days,
        held=tuple(_held(programme, given, as_of)),
        debts=tuple(sorted((wallet, points) for wallet, points in given.debts.items() if points)),
        profile=profile_of(programme, Profile(), given, members),
        membership=plan or None,
        purchases=given.purchases + sum(total.visits for total in days),
        last_active=days[-1].day if days else None,
    )


def profile_of(
    programme: Programme, before: Profile, given: ProfileGiven, members: Mapping[str, MemberId]
) -> Profile:
    """The profile with what is named changed; attributes one by one."""
    changes: dict[str, object] = {
        name: str(getattr(given, name)) for name in _PLAIN if getattr(given, name) is not None
    }
    if given.enrolled is not None:
        changes["enrolled_on"] = given.enrolled
    if given.born is not None:
        changes["born_on"] = given.born
    if given.segments is not None:
        changes["segments"] = tuple(map(str, given.segments))
    if given.household_since is not None:
        changes["household_since"] = given.household_since
    changes |= {name: found for name in _SHARES if (found := getattr(given, name)) is not None}
    if given.attributes is not None:
        own = attributes_of(programme.declared.member, given.attributes)
        changes["attributes"] = {**before.attributes, **own}
    if given.sponsor is not None:
        if given.sponsor not in members:
            raise unknown("unknown_member", given.sponsor, members)
        changes["sponsor"] = members[given.sponsor]
    return msgspec.structs.replace(before, **changes)


def _lots(programme: Programme, given: MemberGiven, as_of: date, ids: Iterator[EventId]) -> Iterator[Lot]:
    first = programme.wallets[0].code
    points = {first: given.points} if isinstance(given.points, int) else given.points
    plain = [LotHeld(count, wallet=Word(wallet)) for wallet, count in points.items() if count]
    for lot in (*plain, *given.lots):
        wallet = str(lot.wallet) or first
        if not programme.has_wallet(wallet):
            raise unknown("unknown_wallet", wallet, [each.code for each in programme.wallets])
        if lot.points < 1:
            raise CaseProblem("lot_without_points", found=str(lot.points))
        yield Lot(
            lot_id=LotId(next(ids)),
            wallet=wallet,
            points_open=Points(lot.points),
            earned_on=lot.earned or as_of,
            expires_on=lot.expires,
            usable_from=lot.usable_from,
            awaits=str(lot.awaits),
        )


def _held(programme: Programme, given: MemberGiven, as_of: date) -> Iterator[TierHeld]:
    families = {tier.code: tier.family for tier in programme.tiers}
    codes = [str(given.tier)] if given.tier else []
    for code in (*codes, *given.tiers.values()):
        if code not in families:
            raise unknown("unknown_tier", code, families)
        since = given.tier_since or as_of
        yield granted(programme.tiers_of(families[code]), None, code, since, given.tier_until, HeldBy.GIFT)


def _day(programme: Programme, lived: DayLived) -> DayTotal:
    first = programme.wallets[0].code
    points = {first: lived.points} if isinstance(lived.points, int) else lived.points
    return DayTotal(
        day=lived.day,
        paid=minor_of(programme.currency, lived.spent),
        earned=tuple(sorted((wallet, count) for wallet, count in points.items() if count)),
        visits=lived.visits,
        measured=tuple(sorted((code, value) for code, value in lived.measures.items() if value)),
    )
