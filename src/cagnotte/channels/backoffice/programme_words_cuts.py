"""Discounts in words: how much, and off what."""

from django.utils.translation import gettext

from cagnotte.channels.backoffice.programme_words_shape import counted, money, percent, say
from cagnotte.channels.wording import N_, Nn_
from cagnotte.domain.earning.terms import BASIS
from cagnotte.domain.offers.effects import Amount, Cut, On, Percent, Price, Target
from cagnotte.domain.programme.document import Programme

_TARGETS = {
    On.BASKET: N_("the whole basket"),
    On.QUALIFYING: N_("each line that qualifies"),
    On.ALL: N_("each line"),
    On.CHEAPEST: N_("the cheapest article that qualifies"),
    On.DEAREST: N_("the dearest article that qualifies"),
    On.DELIVERY: N_("delivery"),
}
_SEVERAL = {
    On.CHEAPEST: Nn_(
        "the %(number)s cheapest article that qualifies", "the %(number)s cheapest articles that qualify"
    ),
    On.DEAREST: Nn_(
        "the %(number)s dearest article that qualifies", "the %(number)s dearest articles that qualify"
    ),
}


def cut(given: Cut | None, programme: Programme) -> str:
    """`20% off`, `€5.00 off`, `at €10.00`, `free`; None: `full price`."""
    match given:
        case None:
            return say("full price")
        case Percent(basis_points=share) if share == BASIS:
            return say("free")
        case Percent(basis_points=share):
            return say("%(share)s off", share=percent(share))
        case Amount(minor=minor):
            return say("%(money)s off", money=money(programme, minor))
        case Price(minor=minor):
            return say("at %(money)s", money=money(programme, minor))


def target(of: Target) -> str:
    """What a discount is on; with lines of its own, `each of its lines`."""
    if of.on in _SEVERAL:
        if of.units is None or of.units == 1:
            return gettext(_TARGETS[of.on])
        return counted(_SEVERAL[of.on], of.units)
    on = say("each of its lines") if of.lines is not None and of.on is not On.BASKET else gettext(_TARGETS[of.on])
    if of.units is None:
        return on
    forms = Nn_("%(target)s, at most %(number)s article", "%(target)s, at most %(number)s articles")
    return counted(forms, of.units, target=on)


def reduced(given: Cut, of: Target, programme: Programme) -> str:
    """`It takes 20% off the whole basket.`"""
    on = target(of)
    match given:
        case Percent(basis_points=share) if share == BASIS:
            return say("It gives %(target)s free.", target=on)
        case Percent(basis_points=share):
            return say("It takes %(amount)s off %(target)s.", amount=percent(share), target=on)
        case Amount(minor=minor):
            return say("It takes %(amount)s off %(target)s.", amount=money(programme, minor), target=on)
        case Price(minor=minor):
            return say("It brings %(target)s down to %(money)s.", target=on, money=money(programme, minor))
