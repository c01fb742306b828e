"""What rules are told: the facts of an occasion and of the member, under the names of the vocabulary."""

from calendar import isleap
from collections.abc import Sequence
from datetime import date, datetime

import msgspec

from cagnotte.domain.baskets.basket import Basket, Line
from cagnotte.domain.baskets.codes import normal_code
from cagnotte.domain.earning.terms import Scope
from cagnotte.domain.evaluator.decision import UsedFacts
from cagnotte.domain.evaluator.facts import Facts
from cagnotte.domain.evaluator.prepared import Prepared
from cagnotte.domain.kernel import first_day_counted
from cagnotte.domain.members.profile import NO_ATTRIBUTES, Attributes, Profile
from cagnotte.domain.points.known import LotsKnown
from cagnotte.domain.points.lots import Lot, points_usable
from cagnotte.domain.programme.document import LeapBirthday, Programme
from cagnotte.domain.tiers.terms import MAIN, TierHeld

EPOCH = date(1970, 1, 1).toordinal()


class EligibleFacts(msgspec.Struct, frozen=True, gc=False):
    """What counts for earning, as the programme's `[earning]` table has it: minor units, and articles.

    `numbers`: where the lines that count stand in `sold`.
    """

    paid: int
    quantity: int
    numbers: Sequence[int] = ()
    sold: Sequence[Line] = ()

    @property
    def products(self) -> int:
        """How many different articles; found when a rule asks, which few do. Lines taken back are none."""
        lines = [self.sold[number] for number in self.numbers]
        return len({line.sku for line in lines if line.quantity > 0})


class Named(msgspec.Struct, frozen=True, gc=False):
    """A record whose names are the programme's own."""

    attributes: Attributes = NO_ATTRIBUTES


class MemberSeen(msgspec.Struct, frozen=True, gc=False):
    """`member` in rules."""

    age: int
    birth_month: int
    birth_day: int
    is_birthday: bool
    is_birthday_month: bool
    is_anniversary: bool
    days_enrolled: int
    purchases: int
    language: str
    country: str
    brand: str
    home_store: str
    household: str
    segments: tuple[str, ...]
    badges: tuple[str, ...]
    plan: str
    share_of_wallet: int
    share_low: int
    share_high: int
    share_is_declared: bool
    attributes: Attributes


class RuleFacts(msgspec.Struct, gc=False):
    """Every name of every scope. What an occasion does not have is not in its scope, and empty here.

    What no rule of the programme reads may be empty too, where it takes time to work out.
    """

    day: int
    weekday: int
    month: int
    day_of_month: int
    year: int
    hour: int
    minute: int
    store: str
    channel: str
    tier: str
    tiers: Named
    balance: int
    balances: Named
    measures: Named
    during: Named
    member: MemberSeen
    region: str = ""
    till: str = ""
    eligible: EligibleFacts = EligibleFacts(0, 0)
    paid: int = 0
    list_price: int = 0
    delivery: int = 0
    currency: str = ""
    lines: tuple[Line, ...] = ()
    line: Line | None = None
    coupons: tuple[str, ...] = ()
    order_number: int = 0
    sale: Named = Named()
    event: Named = Named()


_UNKNOWN = Profile()


def used_facts(ready: Prepared, facts: Facts, day: date, known: LotsKnown | None = None) -> UsedFacts:
    """What rules are told of the member, and nothing that none of them asks for.

    Of an event of an earlier day that is reported late: the member as it stands now. `known`: of a caller that
    asks about one member again and again.
    """
    day = max(day, facts.as_of)
    programme, lots, profile = ready.programme, facts.lots, facts.profile
    main = programme.wallets[0].code
    if not ready.reads_profile:
        household, closed_on = profile.household, profile.closed_on
        profile = Profile(household=household, closed_on=closed_on) if household or closed_on else _UNKNOWN
    # In the order of the fields: msgspec takes twice as long to place them by their names.
    return UsedFacts(
        facts.tier,
        points_usable(lots, main, day) if known is None else known.usable(lots, main, day),
        _other_tiers(facts.held) if facts.held else (),
        _other_balances(programme, lots, day) if len(programme.wallets) > 1 else (),
        _measures(programme, facts, day) if programme.measures else (),
        facts.purchases,
        profile,
        plan_in_force(facts, day) if facts.membership is not None else "",
        tuple([each.achievement for each in facts.progress if each.times]) if facts.progress else (),
        facts.tallies,
        facts.shared,
    )


def _other_tiers(held: Sequence[TierHeld]) -> tuple[tuple[str, str], ...]:
    return tuple([(each.family, each.tier) for each in held if each.family != MAIN])


def _other_balances(programme: Programme, lots: Sequence[Lot], day: date) -> tuple[tuple[str, int], ...]:
    balances = [(wallet.code, points_usable(lots, wallet.code, day)) for wallet in programme.wallets[1:]]
    return tuple([each for each in balances if each[1]])


def _measures(programme: Programme, facts: Facts, day: date) -> tuple[tuple[str, int], ...]:
    measures = [(each.code, measure_on(programme, facts, each.code, day)) for each in programme.measures]
    return tuple([each for each in measures if each[1]])


def measure_on(programme: Programme, facts: Facts, code: str, day: date) -> int:
    """What a measure counts on a day: the days of its period, up to and with that day.

    Of a household: those of all its members, for a member who belongs to one.
    """
    measure = next(each for each in programme.measures if each.code == code)
    is_shared = measure.of is Scope.HOUSEHOLD and facts.profile.household
    days = facts.household_days if is_shared else facts.days
    first = date.min if measure.within is None else first_day_counted(day, measure.within)
    return sum(
        value for total in days if first <= total.day <= day for name, value in total.measured if name == code
    )


def plan_in_force(facts: Facts, day: date) -> str:
    membership = facts.membership
    if membership is None or (membership.until is not None and day >= membership.until):
        return ""
    return membership.plan


def sale_facts(ready: Prepared, basket: Basket, used: UsedFacts, paid: int) -> RuleFacts:
    """The facts of a sale of which `paid` is the total, but for `eligible`: the caller sets it as the programme's
    earning table counts it. The basket is as the programme counts it, whatever the currency of the sale."""
    seen = _standing(ready, used, basket.at, basket.store, basket.channel)
    seen.region, seen.till = basket.region, basket.till
    seen.paid = paid
    if "list_price" in ready.roots:
        seen.list_price = sum([line.list_price for line in basket.lines])
    seen.delivery = basket.delivery
    seen.currency = basket.currency or ready.programme.currency
    seen.lines = basket.lines
    if basket.coupons:
        seen.coupons = tuple([normal_code(code) for code in basket.coupons])
    seen.order_number = used.purchases + 1
    if basket.attributes:
        seen.sale = Named(basket.attributes)
    return seen


def event_facts(
    ready: Prepared,
    used: UsedFacts,
    at: datetime,
    *,
    attributes: Attributes = NO_ATTRIBUTES,
    store: str = "",
    channel: str = "",
) -> RuleFacts:
    """The facts of an event, of an occasion of the member's life, or of a day without either."""
    seen = _standing(ready, used, at, store, channel)
    seen.event = Named(attributes)
    return seen


def birthday_in(year: int, born_on: date, leap: LeapBirthday) -> date:
    """The day on which a birthday is kept; 29 February in other years as the programme says."""
    if born_on.month == 2 and born_on.day == 29 and not isleap(year):  # noqa: PLR2004 - 29 February
        return date(year, 2, 28) if leap is LeapBirthday.BEFORE else date(year, 3, 1)
    return born_on.replace(year=year)


def _standing(ready: Prepared, used: UsedFacts, at: datetime, store: str, channel: str) -> RuleFacts:
    programme = ready.programme
    number, tier = at.toordinal() - EPOCH, used.tier or ""
    return RuleFacts(  # in the order of the fields: by their names it takes five times as long
        number,
        at.isoweekday(),
        at.month,
        at.day,
        at.year,
        at.hour,
        at.minute,
        store,
        channel,
        tier,
        Named({**dict(used.tiers), MAIN: tier}) if "tiers" in ready.roots else _NOTHING,
        used.balance,
        Named({**dict(used.balances), programme.wallets[0].code: used.balance})
        if "balances" in ready.roots
        else _NOTHING,
        Named(dict(used.measures)) if used.measures else _NOTHING,
        _during(programme, number, at) if programme.calendars else _NOTHING,
        _member(programme, used, at.date()) if ready.reads_profile else _NOBODY,
    )


_NOTHING = Named()


def _during(programme: Programme, number: int, at: datetime) -> Named:
    return Named({each.code: is_during(programme, each.code, number, at) for each in programme.calendars})


def is_during(programme: Programme, code: str, number: int, at: datetime) -> bool:
    """Whether the calendar holds at a local time; `number` is the day's since 1970-01-01."""
    calendar = next(each for each in programme.calendars if each.code == code)
    if not calendar.hours:
        return number in calendar.days
    minute = at.hour * 60 + at.minute
    return any(_in_hours(calendar.days, number, minute, hours) for hours in calendar.hours)


def _in_hours(days: frozenset[int], number: int, minute: int, hours: Sequence[int]) -> bool:
    begins, ends = hours
    if begins < ends:
        return number in days and begins <= minute < ends
    return (number in days and minute >= begins) or (number - 1 in days and minute < ends)


def _member(programme: Programme, used: UsedFacts, day: date) -> MemberSeen:
    profile = used.profile
    born, joined = profile.born_on, profile.enrolled_on
    return MemberSeen(
        age=0 if born is None else _age(born, day, programme.leap_birthday),
        birth_month=born.month if born else 0,
        birth_day=born.day if born else 0,
        is_birthday=born is not None and birthday_in(day.year, born, programme.leap_birthday) == day,
        is_birthday_month=born is not None and born.month == day.month,
        is_anniversary=_is_anniversary(profile, day, programme.leap_birthday),
        days_enrolled=(day - joined).days if joined else 0,
        purchases=used.purchases,
        language=profile.language,
        country=profile.country,
        brand=profile.brand,
        home_store=profile.home_store,
        household=profile.household,
        segments=profile.segments,
        badges=used.badges,
        plan=used.plan,
        share_of_wallet=profile.share_of_wallet,
        share_low=profile.share_of_wallet if profile.share_declared else profile.share_low,
        share_high=profile.share_of_wallet if profile.share_declared else profile.share_high,
        share_is_declared=profile.share_declared,
        attributes=profile.attributes,
    )


_NOBODY = MemberSeen(
    age=0,
    birth_month=0,
    birth_day=0,
    is_birthday=False,
    is_birthday_month=False,
    is_anniversary=False,
    days_enrolled=0,
    purchases=0,
    language="",
    country="",
    brand="",
    home_store="",
    household="",
    segments=(),
    badges=(),
    plan="",
    share_of_wallet=0,
    share_low=0,
    share_high=0,
    share_is_declared=False,
    attributes=NO_ATTRIBUTES,
)


def _age(born: date, day: date, leap: LeapBirthday) -> int:
    return max(day.year - born.year - (day < birthday_in(day.year, born, leap)), 0)


def _is_anniversary(profile: Profile, day: date, leap: LeapBirthday) -> bool:
    joined = profile.enrolled_on
    return joined is not None and day > joined and birthday_in(day.year, joined, leap) == day
