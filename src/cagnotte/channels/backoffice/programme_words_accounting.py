"""How points stand in the company's accounts, in words."""

from datetime import date

from babel.dates import format_date
from django.utils.translation import get_language, gettext

from cagnotte.channels.backoffice import written
from cagnotte.channels.backoffice.programme_words_shape import Item, counted, item, money, say
from cagnotte.channels.wording import N_, Nn_
from cagnotte.domain.points.accounts import Account, Accounting, Entries, Portfolios, Role
from cagnotte.domain.points.terms import EstimateTerms, Wallet
from cagnotte.domain.programme.document import Programme, called

_ROLES = {
    Role.DEFERRED: N_("What was paid for points that are not used yet: %(account)s."),
    Role.REVENUE: N_("The sales that it is taken from, and becomes: %(account)s."),
    Role.PROVISION: N_("What points will cost that nobody paid for: %(account)s."),
    Role.EXPENSE: N_("That cost, when the points are given: %(account)s."),
    Role.REVERSAL: N_("What of the provision is not needed any more: %(account)s."),
    Role.SUSPENSE: N_("The other side of points sold and of the programme before: %(account)s."),
    Role.RECEIVABLE: N_("What partners owe for points given in their name: %(account)s."),
    Role.MOVED: N_("Points that go to other members and wallets, and come from them: %(account)s."),
}
_LEAP = 2024  # any year that has the day


def accounting(terms: Accounting) -> list[Item]:
    """Nothing when the programme leaves it to us."""
    if terms == Accounting():
        return []
    day = date(_LEAP, *terms.fiscal_year)
    begins = format_date(day, "d MMMM", locale=(get_language() or "en").replace("-", "_"))
    said = [
        say("The company’s year begins on %(day)s.", day=begins),
        say("Entries bear the day of what happened.")
        if terms.entries is Entries.DAILY
        else say("Entries bear the last day of their month."),
        say("Points of each store are looked at apart, and entries name the store.")
        if terms.portfolios is Portfolios.STORE
        else "",
        *(gettext(_ROLES[role]) % {"account": _account(terms.account(role))} for role, _ in terms.accounts),
    ]
    return [item({}, say("Points in the accounts"), said)]


def of_wallet(each: Wallet, programme: Programme) -> list[str]:
    """What the programme says of the value of a wallet's points in the accounts."""
    terms, said = each.accounts, []
    if terms.value is not None:
        forms = Nn_(
            "In the accounts, %(number)s point is worth %(money)s.",
            "In the accounts, %(number)s points are worth %(money)s.",
        )
        said.append(counted(forms, terms.value.points, money=money(programme, terms.value.amount_minor)))
    if terms.breakage:
        share = _percent(terms.breakage)
        said.append(say("In the accounts, %(share)s %% of the points are expected never to be used.", share=share))
    if terms.estimate is not None:
        said.append(_estimated(terms.estimate))
    return said


def _estimated(terms: EstimateTerms) -> str:
    shares = {"floor": _percent(terms.floor), "ceiling": _percent(terms.ceiling), "sure": str(terms.confidence)}
    if terms.constrained:
        return say(
            "Closing a month estimates the points that are never used; the accounts count with what is highly"
            " probable, at %(sure)s %% confidence, from %(floor)s to %(ceiling)s %%.",
            **shares,
        )
    return say(
        "Closing a month estimates the points that are never used, and the accounts count with the estimate, from"
        " %(floor)s to %(ceiling)s %%.",
        **shares,
    )


def _percent(basis_points: int) -> str:
    whole, rest = divmod(basis_points, 100)
    return written.decimal(f"{whole}.{rest:02}".removesuffix(".00"))


def _account(account: Account) -> str:
    return f"{account.number} {called(account.name, '', get_language() or 'en')}".strip()
