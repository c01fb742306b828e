"""Earn rules, measures, achievements and referral in words."""

from collections.abc import Sequence

from cagnotte.channels.backoffice import written
from cagnotte.channels.backoffice.pages import in_words
from cagnotte.channels.backoffice.programme_words_points import expiry, paid_by, pending
from cagnotte.channels.backoffice.programme_words_policies import rounding
from cagnotte.channels.backoffice.programme_words_shape import (
    CONDITION,
    Item,
    all_of,
    counted,
    factor,
    item,
    money,
    occasion_that,
    period,
    points_of,
    quoted,
    say,
    wallet,
)
from cagnotte.channels.backoffice.programme_words_time import cap, during, life, shared_cap
from cagnotte.channels.wording import N_, Nn_
from cagnotte.domain.earning.terms import (
    Achievement,
    Band,
    Bands,
    EarnRule,
    Every,
    Formula,
    Measure,
    Multiplier,
    Rate,
    Referral,
    Scope,
)
from cagnotte.domain.programme.document import Programme
from cagnotte.domain.rules import Rule

_COUNTED = N_("Counted")
_POINTS = N_("Points")
_STREAKS = {
    Every.DAY: Nn_("%(number)s day in a row", "%(number)s days in a row"),
    Every.WEEK: Nn_("%(number)s week in a row", "%(number)s weeks in a row"),
    Every.MONTH: Nn_("%(number)s month in a row", "%(number)s months in a row"),
}


def earn(rule: EarnRule, programme: Programme) -> Item:
    """All that an earn rule says."""
    shared = {each.code for each in programme.caps if not each.code.startswith("earn.")}
    return item(
        rule.name,
        rule.code,
        [
            _given(rule, programme),
            say("Only the lines that meet their condition count.") if rule.lines else "",
            say("The code %(code)s must come with the sale.", code=rule.coupon) if rule.coupon else "",
            life(rule.life),
            during(programme, rule.during),
            _group(rule),
            *(
                shared_cap(programme, code) if code in shared else cap(programme, programme.cap(code))
                for code in rule.caps
            ),
            paid_by(programme, rule.funded_by),
            rounding(rule.rounding) if rule.rounding else "",
            pending(rule.pending, programme) if rule.pending else "",
            expiry(rule.expiry, programme) if rule.expiry else "",
        ],
        ((CONDITION, rule.when), (N_("Lines"), rule.lines), *_formulas(rule)),
    )


def measure(each: Measure, programme: Programme) -> Item:
    occasion = occasion_that(programme, each.on, each.when)
    number = _whole(each.counts)
    counts = (
        say("%(occasion)s adds what the formula counts.", occasion=occasion)
        if number is None
        else say("%(occasion)s adds %(count)s.", occasion=occasion, count=written.whole(number))
    )
    window = (
        say("What was added since the member joined counts.")
        if each.within is None
        else say("What was added within %(period)s counts.", period=period(each.within))
    )
    together = say("It is one figure for all members of a household, of what they did while belonging to it.")
    formula = each.counts if number is None else None
    said = [counts, window, together if each.of is Scope.HOUSEHOLD else ""]
    return item(each.name, each.code, said, ((CONDITION, each.when), (_COUNTED, formula)))


def achievement(each: Achievement, programme: Programme) -> Item:
    number = _whole(each.counts)
    return item(
        each.name,
        each.code,
        [
            _target(each, programme, number),
            _prize(each, programme),
            say("It begins anew once it is reached.") if each.repeats else say("It is reached once."),
        ],
        ((CONDITION, each.when), (_COUNTED, None if number == 1 else each.counts)),
    )


def referral(each: Referral, programme: Programme) -> Item:
    """What both sides of a referral get."""
    sale = (
        say("It is given at the friend’s first sale.")
        if each.when is None
        else say("It is given at the friend’s first sale that meets the condition.")
    )
    return item(
        {},
        say("Referral"),
        [
            say(
                "The sponsor gets %(sponsor)s in “%(sponsor_wallet)s”, "
                "the friend %(friend)s in “%(friend_wallet)s”.",
                sponsor=points_of(each.sponsor_points),
                sponsor_wallet=wallet(programme, each.sponsor_wallet),
                friend=points_of(each.friend_points),
                friend_wallet=wallet(programme, each.friend_wallet),
            ),
            sale,
            say("The sale must come within %(period)s of joining.", period=period(each.within))
            if each.within
            else "",
            say("Both wait %(period)s for their points.", period=period(each.after)) if each.after else "",
            counted(
                Nn_(
                    "A sponsor is rewarded for at most %(number)s friend a year.",
                    "A sponsor is rewarded for at most %(number)s friends a year.",
                ),
                each.most_per_year,
            )
            if each.most_per_year
            else "",
        ],
        ((CONDITION, each.when),),
    )


def _given(rule: EarnRule, programme: Programme) -> str:
    terms = {
        "occasion": occasion_that(programme, rule.on, rule.when),
        "wallet": wallet(programme, rule.wallet),
    }
    match rule.amount:
        case Formula(points=points):
            return _fixed(points, terms)
        case Rate():
            return _rate(rule.amount, programme, terms)
        case Bands():
            return _bands(rule.amount, programme, terms)
        case Multiplier():
            return _multiplied(rule.amount, programme, terms)


def _fixed(points: Rule, terms: dict[str, str]) -> str:
    number = _whole(points)
    if number is None:
        return say("%(occasion)s gives points in “%(wallet)s”, as many as the formula says.", **terms)
    forms = Nn_(
        "%(occasion)s gives %(number)s point in “%(wallet)s”.",
        "%(occasion)s gives %(number)s points in “%(wallet)s”.",
    )
    return counted(forms, number, **terms)


def _rate(rate: Rate, programme: Programme, terms: dict[str, str]) -> str:
    if rate.of is None:
        forms = Nn_(
            "%(occasion)s gives %(number)s point in “%(wallet)s” for each %(per)s.",
            "%(occasion)s gives %(number)s points in “%(wallet)s” for each %(per)s.",
        )
        return counted(forms, rate.points, per=money(programme, rate.per), **terms)
    forms = Nn_(
        "%(occasion)s gives %(number)s point in “%(wallet)s” for each %(per)s of what the formula counts.",
        "%(occasion)s gives %(number)s points in “%(wallet)s” for each %(per)s of what the formula counts.",
    )
    return counted(forms, rate.points, per=written.whole(rate.per), **terms)


def _bands(bands: Bands, programme: Programme, terms: dict[str, str]) -> str:
    given = all_of([_band(band, programme, as_money=bands.of is None) for band in bands.bands])
    if bands.marginal:
        return say(
            "%(occasion)s gives points in “%(wallet)s”, each band for the part inside it: %(bands)s.",
            bands=given,
            **terms,
        )
    return say(
        "%(occasion)s gives points in “%(wallet)s”, the band of the whole amount for all of it: %(bands)s.",
        bands=given,
        **terms,
    )


def _band(band: Band, programme: Programme, *, as_money: bool) -> str:
    def amount(number: int) -> str:
        return money(programme, number) if as_money else written.whole(number)

    rate = counted(
        Nn_("%(number)s point for each %(per)s", "%(number)s points for each %(per)s"),
        band.points,
        per=amount(band.per),
    )
    if band.upto is None:
        return say("%(rate)s above that", rate=rate)
    return say("%(rate)s up to %(amount)s", rate=rate, amount=amount(band.upto))


def _multiplied(amount: Multiplier, programme: Programme, terms: dict[str, str]) -> str:
    times = factor(amount.basis_points)
    if not amount.rules:
        return say("%(occasion)s multiplies all points of “%(wallet)s” by %(factor)s.", factor=times, **terms)
    names = {each.code: each.name for each in programme.earn}
    rules = all_of([quoted(in_words(names[code], code)) for code in amount.rules])
    return say(
        "%(occasion)s multiplies the points of %(rules)s by %(factor)s.",
        factor=times,
        rules=rules,
        occasion=terms["occasion"],
    )


def _group(rule: EarnRule) -> str:
    if not rule.group:
        return ""
    return say("Of the rules of the group “%(group)s”, only the one that gives most counts.", group=rule.group)


def _formulas(rule: EarnRule) -> Sequence[tuple[str, Rule | None]]:
    match rule.amount:
        case Formula(points=points):
            return ((_POINTS, points if _whole(points) is None else None),)
        case Rate(of=of) | Bands(of=of):
            return ((_COUNTED, of),)
        case Multiplier():
            return ()


def _target(each: Achievement, programme: Programme, number: int | None) -> str:
    occasion = occasion_that(programme, each.on, each.when)
    if each.streak is not None:
        streak = counted(_STREAKS[each.streak], each.target)
        return say(
            "%(occasion)s counts; it takes one at least in each of %(streak)s.", occasion=occasion, streak=streak
        )
    if number == 1:
        forms = Nn_(
            "%(occasion)s counts; it takes %(number)s of them.",
            "%(occasion)s counts; it takes %(number)s of them.",
        )
        return counted(forms, each.target, occasion=occasion)
    return say(
        "%(occasion)s adds what the formula counts; it takes %(target)s in all.",
        occasion=occasion,
        target=written.whole(each.target),
    )


def _prize(each: Achievement, programme: Programme) -> str:
    if not each.points:
        return say("It gives the badge.")
    forms = Nn_(
        "It gives the badge and %(number)s point in “%(wallet)s”.",
        "It gives the badge and %(number)s points in “%(wallet)s”.",
    )
    return counted(forms, each.points, wallet=wallet(programme, each.wallet))


def _whole(rule: Rule) -> int | None:
    """The number, when the rule is nothing but one."""
    return int(rule.source) if rule.source.isascii() and rule.source.isdecimal() else None
