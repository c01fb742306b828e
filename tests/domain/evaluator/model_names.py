"""What rules are told: the names of docs/reference/programme/facts.md, worked out anew."""

from collections.abc import Mapping
from datetime import date, datetime
from types import SimpleNamespace

from cagnotte.domain.baskets.basket import Basket
from cagnotte.domain.evaluator.facts import Facts
from cagnotte.domain.programme.document import LeapBirthday, Programme
from domain.evaluator.model_earning import counted_of, eligible, holds_on
from domain.evaluator.model_tiers import measured

EPOCH = date(1970, 1, 1)


def member_names(
    programme: Programme, facts: Facts, at: datetime, *, tiers: dict[str, str] | None = None
) -> dict[str, object]:
    """`tiers`: held by family, when it is not that of the facts."""
    day = at.date()
    held = {each.family: each.tier for each in facts.held} if tiers is None else tiers
    now = max(day, facts.as_of)
    usable = {
        wallet.code: sum(
            lot.points_open
            for lot in facts.lots
            if lot.wallet == wallet.code
            and not lot.awaits
            and (lot.usable_from is None or lot.usable_from <= now)
            and (lot.expires_on is None or lot.expires_on > now)
        )
        for wallet in programme.wallets
    }
    return {
        "day": (day - EPOCH).days,
        "weekday": day.isoweekday(),
        "month": day.month,
        "day_of_month": day.day,
        "year": day.year,
        "hour": at.hour,
        "minute": at.minute,
        "tier": held.get("main", ""),
        "tiers": _record({family: held.get(family, "") for family in programme.families()}),
        "balance": usable[programme.wallets[0].code],
        "balances": _record(usable),
        "measures": _record({each.code: measured(facts.days, each, day) for each in programme.measures}),
        "during": _record({each.code: holds_on(each, at) for each in programme.calendars}),
        "member": _member(programme, facts, day),
    }


def sale_names(
    programme: Programme, facts: Facts, basket: Basket, **more: dict[str, str] | None
) -> SimpleNamespace:
    names = SimpleNamespace(
        **member_names(programme, facts, basket.at, **more),
        store=basket.store,
        channel=basket.channel,
        region=basket.region,
        till=basket.till,
        lines=basket.lines,
        paid=sum(line.paid for line in basket.lines),
        list_price=sum(line.list_price for line in basket.lines),
        delivery=basket.delivery,
        coupons=tuple(code.upper().replace(" ", "").replace("-", "") for code in basket.coupons),
        order_number=facts.purchases + 1,
        sale=SimpleNamespace(attributes=basket.attributes),
    )
    amounts = eligible(programme.earning, names, basket)
    counted = [line for line, amount in zip(basket.lines, amounts, strict=True) if amount is not None]
    paid = sum(amount for amount in amounts if amount is not None)
    names.eligible = counted_of(paid + (basket.delivery if programme.earning.delivery_counts else 0), counted)
    return names


def _record(values: Mapping[str, object]) -> SimpleNamespace:
    return SimpleNamespace(attributes=values)


def _member(programme: Programme, facts: Facts, day: date) -> SimpleNamespace:
    profile = facts.profile
    born, joined = profile.born_on, profile.enrolled_on
    member = facts.membership
    in_force = member is not None and (member.until is None or day < member.until)
    return SimpleNamespace(
        age=_years(programme, born, day) if born else 0,
        birth_month=born.month if born else 0,
        birth_day=born.day if born else 0,
        is_birthday=born is not None and kept(born, day.year, programme.leap_birthday) == day,
        is_birthday_month=born is not None and born.month == day.month,
        is_anniversary=joined is not None
        and day > joined
        and kept(joined, day.year, programme.leap_birthday) == day,
        days_enrolled=(day - joined).days if joined else 0,
        purchases=facts.purchases,
        segments=profile.segments,
        badges=tuple(each.achievement for each in facts.progress if each.times),
        plan=member.plan if member is not None and in_force else "",
        household=profile.household,
        home_store=profile.home_store,
        language=profile.language,
        country=profile.country,
        brand=profile.brand,
        share_of_wallet=profile.share_of_wallet,
        share_low=profile.share_of_wallet if profile.share_declared else profile.share_low,
        share_high=profile.share_of_wallet if profile.share_declared else profile.share_high,
        share_is_declared=profile.share_declared,
        attributes=profile.attributes,
    )


def kept(born: date, year: int, leap: LeapBirthday) -> date:
    """The day on which a birthday is kept that year."""
    try:
        return born.replace(year=year)
    except ValueError:
        return date(year, 2, 28) if leap is LeapBirthday.BEFORE else date(year, 3, 1)


def _years(programme: Programme, born: date, day: date) -> int:
    whole = day.year - born.year
    return whole - (day < kept(born, day.year, programme.leap_birthday))
