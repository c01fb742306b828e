"""A programme in sentences: what is earned, what it buys, which statuses there are."""

import msgspec
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cagnotte.channels.backoffice import written
from cagnotte.channels.backoffice.pages import in_words
from cagnotte.domain.kernel import Period, PeriodUnit
from cagnotte.domain.programme.document import Conversion, EarnRule, Programme, Wallet
from cagnotte.domain.tiers.qualification import Tier


class Item(msgspec.Struct, frozen=True):
    """One thing of the programme: its name, a sentence, and the rules it quotes as (what, text)."""

    name: str
    sentence: str
    rules: tuple[tuple[str, str], ...] = ()


class Section(msgspec.Struct, frozen=True):
    heading: str
    items: list[Item]
    nothing: str


def in_sentences(programme: Programme) -> list[Section]:
    """The whole programme, in the reader's language."""
    return [
        Section(
            _("How points are earned"), [_earn(rule, programme) for rule in programme.earn], _("No earning rule.")
        ),
        Section(_("Wallets"), [_wallet(wallet) for wallet in programme.wallets], _("No wallet.")),
        Section(
            _("What points buy"),
            [_conversion(each, programme) for each in programme.conversions],
            _("No conversion."),
        ),
        Section(_("Statuses"), [_tier(tier, programme) for tier in programme.tiers], _("No status.")),
    ]


def period(length: Period) -> str:
    """`12 months`, `14 days`."""
    if length.unit is PeriodUnit.DAYS:
        return ngettext("%(count)s day", "%(count)s days", length.count) % {"count": written.whole(length.count)}
    return ngettext("%(count)s month", "%(count)s months", length.count) % {"count": written.whole(length.count)}


def _earn(rule: EarnRule, programme: Programme) -> Item:
    wallet = in_words(programme.wallet(rule.wallet).name, rule.wallet)
    given = (_("Points"), rule.points.source)
    if rule.when is None:
        sentence = _("Each sale gives points in “%(wallet)s”.") % {"wallet": wallet}
        return Item(in_words(rule.name, rule.code), sentence, (given,))
    sentence = _("Each sale that meets the condition gives points in “%(wallet)s”.") % {"wallet": wallet}
    return Item(in_words(rule.name, rule.code), sentence, ((_("Condition"), rule.when.source), given))


def _wallet(wallet: Wallet) -> Item:
    name = in_words(wallet.name, wallet.code)
    if wallet.expires_after is None:
        return Item(name, _("Points never expire."))
    length = {"period": period(wallet.expires_after)}
    if wallet.to_month_end:
        return Item(name, _("Points expire %(period)s after the sale, at the end of that month.") % length)
    return Item(name, _("Points expire %(period)s after the sale.") % length)


def _conversion(conversion: Conversion, programme: Programme) -> Item:
    terms = {
        "points": written.whole(conversion.points),
        "wallet": in_words(programme.wallet(conversion.wallet).name, conversion.wallet),
        "money": written.money(conversion.voucher.amount_minor, programme.currency),
    }
    sentences = [_("%(points)s points of “%(wallet)s” become a voucher of %(money)s.") % terms]
    sentences.append(
        _("This happens by itself, right after a sale, as often as it fits.")
        if conversion.automatic
        else _("The member asks for it.")
    )
    valid_for = conversion.voucher.valid_for
    sentences.append(
        _("The voucher can be used without limit of time.")
        if valid_for is None
        else _("The voucher can be used for %(period)s.") % {"period": period(valid_for)}
    )
    return Item(in_words(conversion.name, conversion.code), " ".join(sentences))


def _tier(tier: Tier, programme: Programme) -> Item:
    return Item(in_words(tier.name, tier.code), _reach(tier, programme))


def _reach(tier: Tier, programme: Programme) -> str:
    reach = tier.reach
    if reach.wallet is None:
        money = {"money": written.money(reach.at_least, programme.currency)}
        if reach.within is None:
            return _("Reached by spending %(money)s since joining.") % money
        return _("Reached by spending %(money)s within %(period)s.") % {**money, "period": period(reach.within)}
    points = {
        "points": written.whole(reach.at_least),
        "wallet": in_words(programme.wallet(reach.wallet).name, reach.wallet),
    }
    if reach.within is None:
        return _("Reached by earning %(points)s points in “%(wallet)s” since joining.") % points
    return _("Reached by earning %(points)s points in “%(wallet)s” within %(period)s.") % {
        **points,
        "period": period(reach.within),
    }
