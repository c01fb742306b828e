"""Kitties of points in words: when points can be used, when they end, what they are worth and what they buy."""

from datetime import date

from babel.dates import format_date
from django.utils.translation import get_language, gettext

from cagnotte.channels.backoffice import programme_words_accounting as accounting_words
from cagnotte.channels.backoffice import written
from cagnotte.channels.backoffice.pages import in_words
from cagnotte.channels.backoffice.programme_words_shape import (
    Item,
    all_of,
    counted,
    event,
    item,
    money,
    period,
    points_of,
    say,
    tier,
    wallet,
)
from cagnotte.channels.wording import N_, Nn_
from cagnotte.domain.points.terms import (
    BurnOrder,
    Exchange,
    Expiry,
    ExpiryStart,
    Negative,
    OverAsked,
    Partner,
    Pending,
    RoundedTo,
    Wallet,
)
from cagnotte.domain.programme.document import Conversion, Programme

_AFTER = {
    RoundedTo.DAY: N_("Points expire %(period)s after the sale."),
    RoundedTo.MONTH: N_("Points expire %(period)s after the sale, at the end of that month."),
    RoundedTo.QUARTER: N_("Points expire %(period)s after the sale, at the end of that quarter."),
    RoundedTo.YEAR: N_("Points expire %(period)s after the sale, at the end of that year."),
}
_AFTER_USABLE = {
    RoundedTo.DAY: N_("Points expire %(period)s after they became usable."),
    RoundedTo.MONTH: N_("Points expire %(period)s after they became usable, at the end of that month."),
    RoundedTo.QUARTER: N_("Points expire %(period)s after they became usable, at the end of that quarter."),
    RoundedTo.YEAR: N_("Points expire %(period)s after they became usable, at the end of that year."),
}
_NEGATIVE = {
    Negative.NEVER: N_("The balance never falls below zero: what a return cannot take back is forgiven."),
    Negative.CLAWBACK_ONLY: N_(
        "A return may take the balance below zero, and nothing else may; the next points pay the debt."
    ),
    Negative.ALLOWED: N_("The balance may fall below zero; the next points pay the debt."),
}
_ORDER = {
    BurnOrder.SOONEST_EXPIRY: N_("The points that end soonest are spent first."),
    BurnOrder.OLDEST: N_("The oldest points are spent first."),
    BurnOrder.NEWEST: N_("The newest points are spent first."),
}
_OVER_ASKED = {
    OverAsked.REFUSE: N_("Who asks for more points than there are is refused."),
    OverAsked.CUT: N_("Who asks for more points than there are spends those there are."),
}


def of_wallet(each: Wallet, programme: Programme) -> Item:
    """All that a wallet says."""
    return item(
        each.name,
        each.code,
        [
            expiry(each.expiry, programme),
            pending(each.pending or Pending(), programme),
            gettext(_ORDER[each.order]),
            _bounds(each),
            gettext(_OVER_ASKED[each.over_asked]),
            gettext(_NEGATIVE[each.negative]),
            _owed(each),
            _value(each, programme),
            _price(each, programme),
            counted(
                Nn_(
                    "They are set aside for an open order for %(number)s minute.",
                    "They are set aside for an open order for %(number)s minutes.",
                ),
                each.hold_minutes,
            ),
            *accounting_words.of_wallet(each, programme),
        ],
    )


def _owed(each: Wallet) -> str:
    if each.owed_most is None:
        return ""
    forms = Nn_(
        "Spending leaves at most %(number)s point owed.", "Spending leaves at most %(number)s points owed."
    )
    return counted(forms, each.owed_most)


def expiry(ends: Expiry, programme: Programme) -> str:
    """When points end."""
    said = []
    if ends.after is not None:
        forms = _AFTER_USABLE if ends.counts_from is ExpiryStart.USABLE else _AFTER
        said.append(say(forms[ends.rounded_to], period=period(ends.after)))
    if ends.by_tier:
        said.append(_by_tier(ends, programme))
    if ends.on is not None:
        said.append(_yearly(ends))
    if ends.idle is not None:
        said.append(say("All points end when the member does nothing for %(period)s.", period=period(ends.idle)))
    return " ".join(said) or say("Points never expire.")


def pending(wait: Pending, programme: Programme) -> str:
    """How long points wait before they can be used."""
    if wait.period is not None:
        return say("Points can be used %(period)s after the sale.", period=period(wait.period))
    if wait.until is not None:
        return say("Points can be used from %(day)s on.", day=written.day(wait.until))
    if wait.event:
        called = event(programme, wait.event)
        return say("Points can be used when the event “%(event)s” is reported for the sale.", event=called)
    return say("Points can be used at once.")


def conversion(each: Conversion, programme: Programme) -> Item:
    terms = {
        "wallet": wallet(programme, each.wallet),
        "money": money(programme, each.voucher.amount_minor),
    }
    valid_for = each.voucher.valid_for
    return item(
        each.name,
        each.code,
        [
            counted(
                Nn_(
                    "%(number)s point of “%(wallet)s” becomes a voucher of %(money)s.",
                    "%(number)s points of “%(wallet)s” become a voucher of %(money)s.",
                ),
                each.points,
                **terms,
            ),
            say("This happens by itself, right after a sale, as often as it fits.")
            if each.automatic
            else say("The member asks for it."),
            say("The voucher can be used without limit of time.")
            if valid_for is None
            else say("The voucher can be used for %(period)s.", period=period(valid_for)),
        ],
    )


def partner(each: Partner, programme: Programme) -> Item:
    forms = Nn_(
        "Pays %(amount)s for %(number)s point given in its name.",
        "Pays %(amount)s for %(number)s points given in its name.",
    )
    amount = money(programme, each.price.amount_minor)
    return item(each.name, each.code, [counted(forms, each.price.points, amount=amount)])


def paid_by(programme: Programme, code: str) -> str:
    """Who pays for the points of a rule or an offer; "" where it is the programme itself."""
    names = {each.code: in_words(each.name, each.code) for each in programme.partners}
    return say("“%(partner)s” pays for these points.", partner=names[code]) if code else ""


def exchange(each: Exchange, programme: Programme) -> Item:
    forms = Nn_(
        "%(number)s point of “%(wallet)s” becomes %(points)s of “%(into)s” when the member asks.",
        "%(number)s points of “%(wallet)s” become %(points)s of “%(into)s” when the member asks.",
    )
    names = {"wallet": wallet(programme, each.wallet), "into": wallet(programme, each.into)}
    return item(each.name, each.code, [counted(forms, each.give, points=points_of(each.get), **names)])


def sending(programme: Programme) -> list[Item]:
    """What members may send each other; nothing when they may not."""
    terms = programme.sending
    if terms is None:
        return []
    wallets = all_of([say("“%(wallet)s”", wallet=wallet(programme, code)) for code in terms.wallets])
    return [
        item(
            {},
            "",
            [
                say("Members may send each other points of %(wallets)s.", wallets=wallets),
                say("At least %(points)s at a time.", points=points_of(terms.least)) if terms.least > 1 else "",
                "" if terms.most is None else say("At most %(points)s at a time.", points=points_of(terms.most)),
                say("What a member sends is limited by %(caps)s.", caps=all_of(list(terms.caps)))
                if terms.caps
                else "",
                say("The points keep their days.")
                if terms.keeps_dates
                else say("The points begin anew, on the terms of their wallet."),
            ],
        )
    ]


def pooling(programme: Programme) -> list[Item]:
    """What the members of a household may spend together; nothing when they may not."""
    terms = programme.pooling
    if terms is None:
        return []
    wallets = all_of([say("“%(wallet)s”", wallet=wallet(programme, code)) for code in terms.wallets])
    return [
        item(
            {},
            "",
            [
                say("Members of a household may spend points of %(wallets)s together.", wallets=wallets),
                ""
                if terms.most is None
                else say("At most %(points)s of the others at a time.", points=points_of(terms.most)),
                say("What a member gives is limited by %(caps)s.", caps=all_of(list(terms.caps)))
                if terms.caps
                else "",
                counted(
                    Nn_(
                        "A household of more than %(number)s member cannot.",
                        "A household of more than %(number)s members cannot.",
                    ),
                    terms.members_most,
                ),
                ""
                if terms.after is None
                else say(
                    "Who has belonged to it for less than %(period)s takes no part.", period=period(terms.after)
                ),
            ],
        )
    ]


def _price(each: Wallet, programme: Programme) -> str:
    if each.price is None:
        return ""
    cost = money(programme, each.price.amount_minor)
    forms = Nn_("%(number)s point can be bought for %(money)s.", "%(number)s points can be bought for %(money)s.")
    return counted(forms, each.price.points, money=cost)


def _yearly(ends: Expiry) -> str:
    assert ends.on is not None
    day = _day_of_year(*ends.on)
    if ends.after is None:
        return say("Points expire each year on %(day)s, at 00:00.", day=day)
    return say("They then live to the next %(day)s, and end at 00:00 of that day.", day=day)


def _by_tier(ends: Expiry, programme: Programme) -> str:
    parts = [
        say("%(period)s with “%(tier)s”", period=period(length), tier=tier(programme, code))
        for code, length in ends.by_tier
    ]
    return say("By the status held when they are earned, it is %(periods)s.", periods=all_of(parts))


def _bounds(each: Wallet) -> str:
    if each.step == 1 and each.least == 1:
        return ""
    least = points_of(each.least)
    if each.step == 1:
        return say("No fewer than %(least)s are spent at a time.", least=least)
    step = points_of(each.step)
    if each.least <= each.step:
        return say("They are spent in multiples of %(step)s.", step=step)
    return say(
        "They are spent in multiples of %(step)s, and no fewer than %(least)s at a time.", step=step, least=least
    )


def _value(each: Wallet, programme: Programme) -> str:
    if each.value is None:
        return say("They do not pay at the till.")
    paid = money(programme, each.value.amount_minor)
    forms = Nn_("%(number)s point pays %(money)s at the till.", "%(number)s points pay %(money)s at the till.")
    said = counted(forms, each.value.points, money=paid)
    if not each.shown_as_money:
        return said
    return f"{said} {say('The balance is shown as money.')}"


def _day_of_year(month: int, day: int) -> str:
    """A day of every year, as `31 December`."""
    french = (get_language() or "").startswith("fr")
    text = str(format_date(date(2001, month, day), "d MMMM" if french else "MMMM d", "fr" if french else "en"))
    return f"1er{text[1:]}" if french and day == 1 else text
