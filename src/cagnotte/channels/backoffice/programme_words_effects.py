"""What an offer gives, in words."""

import msgspec
from django.utils.translation import get_language, gettext

from cagnotte.channels.backoffice import written
from cagnotte.channels.backoffice.programme_words_cuts import cut, reduced, target
from cagnotte.channels.backoffice.programme_words_shape import (
    all_of,
    any_of,
    counted,
    factor,
    joined,
    money,
    percent,
    period,
    place,
    quoted,
    say,
    wallet,
)
from cagnotte.channels.wording import N_, Nn_
from cagnotte.domain.offers.effects import (
    Bundle,
    BuyGet,
    Discount,
    Effect,
    GroupOff,
    Per,
    PointsBonus,
    PointsMultiplier,
    Present,
    ShownMessage,
    Steps,
    StepsBy,
    Voucher,
)
from cagnotte.domain.offers.policy import Pick
from cagnotte.domain.programme.document import Programme, called
from cagnotte.domain.rules import Rule

_LINES = N_("Lines of the effect")
_PICKS = {
    Pick.CHEAPEST: N_("The cheapest articles are reduced."),
    Pick.DEAREST: N_("The dearest articles are reduced."),
}
_PRESENTS = {
    "product": N_("It gives a product: %(what)s."),
    "service": N_("It gives a service: %(what)s."),
    "experience": N_("It gives an experience: %(what)s."),
    "access": N_("It gives access: %(what)s."),
    "charity": N_("It gives a donation: %(what)s."),
    "partner": N_("It gives a partner’s benefit: %(what)s."),
    "game": N_("It gives a part in a game: %(what)s."),
    "tier": N_("It gives a status: %(what)s."),
    "gift_card": N_("It gives a gift card: %(what)s."),
    "other": N_("It gives %(what)s."),
}


class Told(msgspec.Struct, frozen=True):
    """What an effect gives, and the rules that it quotes."""

    sentence: str
    rules: tuple[tuple[str, Rule | None], ...] = ()


def effect(each: Effect, programme: Programme) -> Told:  # noqa: PLR0911 - one plain list, one line per kind
    """One effect of an offer."""
    match each:
        case Discount():
            return Told(_discount(each, programme), ((_LINES, each.target.lines),))
        case GroupOff():
            return Told(_groups(each, programme), ((_LINES, each.lines),))
        case BuyGet():
            return Told(_buy_get(each, programme), ((_LINES, each.lines),))
        case Bundle():
            return Told(_bundle(each, programme), tuple((_LINES, part.lines) for part in each.parts))
        case Steps():
            return Told(_steps(each, programme), ((_LINES, each.target.lines),))
        case Present():
            return Told(_present(each))
        case Voucher():
            return Told(_voucher(each, programme))
        case PointsBonus():
            return Told(_bonus(each, programme), ((_LINES, each.lines),))
        case PointsMultiplier():
            return Told(_multiplier(each, programme), ((_LINES, each.lines),))
        case ShownMessage():
            text = called(each.text, "", (get_language() or "en")[:2])
            return Told(say("It shows %(place)s: “%(text)s”", place=place(each.place), text=text))


def _discount(each: Discount, programme: Programme) -> str:
    said = [reduced(each.cut, each.target, programme), _per(each.per), *_few(each.target.units_per_line)]
    if each.first is not None:
        said.append(say("For the first article it is %(money)s.", money=money(programme, each.first)))
    return joined([*said, _most(each.most, programme)])


def _per(per: Per) -> str:
    match per:
        case Per.SALE:
            return ""
        case Per.LINE:
            return say("This is for each line.")
        case Per.UNIT:
            return say("This is for each article.")


def _few(units_per_line: int | None) -> list[str]:
    if units_per_line is None:
        return []
    forms = Nn_("At most %(number)s article of each line.", "At most %(number)s articles of each line.")
    return [counted(forms, units_per_line)]


def _most(most: int | None, programme: Programme) -> str:
    return "" if most is None else say("It takes off at most %(money)s.", money=money(programme, most))


def _groups(each: GroupOff, programme: Programme) -> str:
    places = ", ".join(cut(place_cut, programme) for place_cut in each.cuts)
    said = say(
        "Of each %(number)s articles that qualify, from the dearest to the cheapest: %(places)s.",
        number=written.whole(len(each.cuts)),
        places=places,
    )
    apart = say("Each line makes groups of its own.") if each.by_line else ""
    return joined([said, gettext(_PICKS[each.pick]) if each.pick else "", apart])


def _buy_get(each: BuyGet, programme: Programme) -> str:
    bought = (
        say("%(money)s of articles that qualify", money=money(programme, each.spend))
        if each.spend
        else counted(Nn_("%(number)s article that qualifies", "%(number)s articles that qualify"), each.buy)
    )
    got = _articles(each.get, each.lines)
    said = say("For each %(bought)s, %(got)s: %(cut)s.", bought=bought, got=got, cut=cut(each.cut, programme))
    together = say("This is for these articles together.") if each.shared else ""
    return joined([said, together, gettext(_PICKS[each.pick]) if each.pick else ""])


def _bundle(each: Bundle, programme: Programme) -> str:
    parts = [_articles(part.quantity, part.lines) for part in each.parts]
    return say("Bought together, %(parts)s: %(cut)s.", parts=all_of(parts), cut=cut(each.cut, programme))


def _articles(number: int, lines: Rule | None) -> str:
    if lines is None:
        return counted(Nn_("%(number)s article that qualifies", "%(number)s articles that qualify"), number)
    forms = Nn_("%(number)s article of the effect’s lines", "%(number)s articles of the effect’s lines")
    return counted(forms, number)


def _steps(each: Steps, programme: Programme) -> str:
    def reached(least: int) -> str:
        if each.by is StepsBy.SPEND:
            return money(programme, least)
        return counted(Nn_("%(number)s article", "%(number)s articles"), least)

    on = target(each.target)
    if each.every:
        given = cut(each.steps[0].cut, programme)
        said = say("On %(target)s, for each %(every)s: %(cut)s.", target=on, every=reached(each.every), cut=given)
    else:
        steps = all_of(
            [
                say("%(cut)s from %(least)s on", cut=cut(step.cut, programme), least=reached(step.least))
                for step in each.steps
            ]
        )
        said = say("On %(target)s: %(steps)s.", target=on, steps=steps)
    apart = say("Each line reaches steps of its own.") if each.by_line else ""
    return joined([said, _per(each.per), apart, _most(each.most, programme)])


def _present(each: Present) -> str:
    what = (
        say("%(choices)s, as the member chooses", choices=any_of([quoted(choice) for choice in each.choices]))
        if each.choices
        else quoted(each.what)
    )
    several = what if each.quantity == 1 else f"{written.whole(each.quantity)} × {what}"
    return say(_PRESENTS.get(each.kind, _PRESENTS["other"]), what=several)


def _voucher(each: Voucher, programme: Programme) -> str:
    if each.basis_points:
        forms = Nn_(
            "It gives a voucher of %(share)s of what is left to pay for the lines that qualify.",
            "It gives %(number)s vouchers of %(share)s of what is left to pay for the lines that qualify.",
        )
        said = counted(forms, each.quantity, share=percent(each.basis_points))
    else:
        forms = Nn_("It gives a voucher of %(money)s.", "It gives %(number)s vouchers of %(money)s.")
        said = counted(forms, each.quantity, money=money(programme, each.amount_minor))
    used = (
        say("The voucher can be used without limit of time.")
        if each.valid_for is None
        else say("The voucher can be used for %(period)s.", period=period(each.valid_for))
    )
    return joined([said, used])


def _bonus(each: PointsBonus, programme: Programme) -> str:
    named = wallet(programme, each.wallet)
    if not each.per:
        forms = Nn_("It gives %(number)s point in “%(wallet)s”.", "It gives %(number)s points in “%(wallet)s”.")
        return counted(forms, each.points, wallet=named)
    forms = Nn_(
        "It gives %(number)s point in “%(wallet)s” for each %(per)s left to pay.",
        "It gives %(number)s points in “%(wallet)s” for each %(per)s left to pay.",
    )
    return counted(forms, each.points, wallet=named, per=money(programme, each.per))


def _multiplier(each: PointsMultiplier, programme: Programme) -> str:
    named = wallet(programme, each.wallet)
    times = factor(each.basis_points)
    if each.lines is None:
        return say("It multiplies the sale’s points in “%(wallet)s” by %(factor)s.", wallet=named, factor=times)
    return say("It multiplies the points of its lines in “%(wallet)s” by %(factor)s.", wallet=named, factor=times)
