"""Offers in words: when one is given, what for, how often, and with which others."""

from django.utils.translation import gettext

from cagnotte.channels.backoffice import written
from cagnotte.channels.backoffice.programme_words_effects import effect
from cagnotte.channels.backoffice.programme_words_offer_policy import reckoning
from cagnotte.channels.backoffice.programme_words_points import paid_by
from cagnotte.channels.backoffice.programme_words_shape import (
    CONDITION,
    Item,
    all_of,
    any_of,
    counted,
    item,
    joined,
    money,
    quoted,
    say,
)
from cagnotte.channels.backoffice.programme_words_time import budget, during, life
from cagnotte.channels.wording import N_, Nn_
from cagnotte.domain.offers.terms import BestPer, Need, Offer, Prices, Stack, Uses
from cagnotte.domain.programme.document import Programme
from cagnotte.domain.rules import Rule

_PRICES = {
    Prices.ANY: "",
    Prices.LIST: N_("Only articles at the list price qualify."),
    Prices.REDUCED: N_("Only reduced articles qualify."),
}


def of_offer(offer: Offer, programme: Programme) -> Item:
    """All that an offer says."""
    effects = [effect(each, programme) for each in offer.effects]
    return item(
        offer.name,
        offer.code,
        [
            *(told.sentence for told in effects),
            say("It is given when the condition holds.") if offer.when else "",
            _qualifies(offer),
            _asked(offer, programme),
            *(_needed(each, programme) for each in offer.needs),
            _coupons(offer),
            life(offer.life),
            during(programme, offer.during),
            _how_often(offer),
            _bounds(offer, programme),
            *(budget(programme, each) for each in offer.caps),
            say("Its limits count each time it is given within a sale.") if offer.uses is Uses.TIMES else "",
            _beside_others(offer, programme),
            paid_by(programme, offer.funded_by),
            *reckoning(offer.reckoning, programme.offer_policy.reckoning),
        ],
        _rules(offer, [rule for told in effects for rule in told.rules]),
    )


def _rules(offer: Offer, of_effects: list[tuple[str, Rule | None]]) -> list[tuple[str, Rule | None]]:
    return [
        (CONDITION, offer.when),
        (N_("Lines"), offer.lines),
        (N_("Lines left out"), offer.exclude),
        *((N_("Lines needed"), each.lines) for each in offer.needs),
        *of_effects,
    ]


def _qualifies(offer: Offer) -> str:
    return joined(
        [
            say("Only the lines that meet their condition qualify.") if offer.lines else "",
            say("Some lines are left out.") if offer.exclude else "",
            gettext(_PRICES[offer.prices]) if offer.prices is not Prices.ANY else "",
        ]
    )


def _asked(offer: Offer, programme: Programme) -> str:
    asked = _amounts(offer, programme)
    return say("At least %(amounts)s of what qualifies must be bought.", amounts=asked) if asked else ""


def _needed(need: Need, programme: Programme) -> str:
    amounts = _amounts(need, programme)
    if need.lines is None:
        return say("The basket must hold %(amounts)s.", amounts=amounts)
    return say("The basket must hold %(amounts)s of the lines needed.", amounts=amounts)


def _amounts(asked: Offer | Need, programme: Programme) -> str:
    amounts = []
    if asked.spend:
        amounts.append(money(programme, asked.spend))
    if asked.quantity:
        amounts.append(counted(Nn_("%(number)s article", "%(number)s articles"), asked.quantity))
    if asked.products:
        forms = Nn_("%(number)s different article", "%(number)s different articles")
        amounts.append(counted(forms, asked.products))
    return all_of(amounts)


def _coupons(offer: Offer) -> str:
    if not offer.coupons:
        return ""
    if len(offer.coupons) == 1:
        return say("The code %(code)s must come with the sale.", code=offer.coupons[0])
    return say("The code %(codes)s must come with the sale.", codes=any_of(offer.coupons))


def _how_often(offer: Offer) -> str:
    repeated = say("It is given as often as this fits.") if offer.repeat else ""
    if offer.times is None:
        return repeated
    forms = Nn_(
        "It is given at most %(number)s time in one sale.", "It is given at most %(number)s times in one sale."
    )
    return joined([repeated, counted(forms, offer.times)])


def _bounds(offer: Offer, programme: Programme) -> str:
    return joined(
        [
            say("In one sale it takes off at most %(money)s.", money=money(programme, offer.most))
            if offer.most is not None
            else "",
            say("No article goes below %(money)s.", money=money(programme, offer.floor)) if offer.floor else "",
            say("No article goes below its cost.") if offer.floor_at_cost else "",
        ]
    )


def _beside_others(offer: Offer, programme: Programme) -> str:
    return joined(
        [
            say("Its priority is %(number)s.", number=written.whole(offer.priority)) if offer.priority else "",
            say(
                "Beside what it takes off, it is worth %(money)s when offers compete.",
                money=money(programme, offer.worth),
            )
            if offer.worth
            else "",
            *_stack(offer.stack),
        ]
    )


def _stack(stack: Stack) -> list[str]:
    said = []
    if stack.exclusive:
        said.append(
            say("It never goes with another offer of the group “%(group)s”.", group=stack.group)
            if stack.group
            else say("It never goes with another offer.")
        )
    elif stack.best_per is BestPer.LINE:
        said.append(say("On each line, only the best offer of the group “%(group)s” counts.", group=stack.group))
    elif stack.group:
        said.append(say("It is of the group “%(group)s”.", group=stack.group))
    if stack.combines_with is not None:
        said.append(_combines(stack.combines_with))
    if stack.last:
        said.append(say("No offer comes after it."))
    if not stack.on_discounted:
        said.append(say("Lines that an offer has reduced before are left out."))
    return said


def _combines(groups: tuple[str, ...]) -> str:
    if not groups:
        return say("It goes with no other offer.")
    return say("It goes only with offers of %(groups)s.", groups=all_of([quoted(group) for group in groups]))
