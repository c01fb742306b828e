"""Programmes drawn by number: the terms for the reference, and the document that says the same to the program."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from random import Random

from cagnotte.application.published import Published, Version
from domain.programmes import programme_of
from sim.reference import Terms, Wallet

NUMBERS = 64
_BEGAN = datetime(2020, 1, 1, tzinfo=UTC)
_HEAD = """
[programme]
code = "maison"
currency = "EUR"
timezone = "Europe/Paris"
"""
_EARNS = (("points", 100), ("months", 300), ("credit", 700))


def terms_of(number: int) -> Terms:
    """Of each setting one answer. Every fourth programme has a cap; then no sale is paid with points or returned,
    so that what is corrected is what the cap gave.
    """
    dice = Random(number)
    has_cap = number % 4 == 3
    wallets = [
        _wallet(dice, code, per, pays=not place and not has_cap) for place, (code, per) in enumerate(_EARNS)
    ]
    return Terms(
        wallets={wallet.code: wallet for wallet in wallets},
        cap=dice.choice((20, 60)) if has_cap else 0,
        corrects=dice.random() < 0.8,
        automatic=("months", 25) if not has_cap and dice.random() < 0.4 else None,
        sends_anew=dice.random() < 0.3,
        pool_most=dice.choice((None, None, 10)),
        points_back=dice.choice(("decided_again", "decided_again", "in_proportion", "when_whole", "kept")),
        rounding=dice.choice(("up", "down", "half_up", "half_even")),
        gives_back=dice.random() < 0.85,
        back_when_whole=dice.random() < 0.3,
        back_lives=dice.choice((0, 0, 10)),
    )


def _wallet(dice: Random, code: str, per: int, *, pays: bool) -> Wallet:
    days, months, to_month = dice.choice(
        ((30, 0, False), (1, 0, False), (0, 1, False), (0, 1, True), (0, 12, False), (0, 0, False))
    )
    negative = dice.choice(("never", "clawback_only", "allowed"))
    step = dice.choice((1, 1, 1, 5))
    return Wallet(
        code,
        days,
        months,
        to_month=to_month,
        pending=dice.choice((0, 0, 2)),
        order=dice.choice(("soonest_expiry", "oldest", "newest")),
        negative=negative,
        owed_most=dice.choice((None, 40)) if negative == "allowed" else None,
        cut=dice.random() < 0.4,
        step=step,
        least=dice.choice((1, 1, 10)),
        per=per,
        price=10 if code == "points" else 0,
        worth=dice.choice(((10, 100), (3, 100), (1, 7))) if pays else None,
    )


@lru_cache
def published(number: int) -> Published:
    """The programme as its only version; known by its number, which no other has."""
    text = document(terms_of(number))
    return Published((Version("maison", number + 1, _BEGAN, _BEGAN, text, programme_of(text)),))


def document(terms: Terms) -> str:
    """The programme that says these terms."""
    wallets = "".join(_wallet_text(wallet) for wallet in terms.wallets.values())
    return _HEAD + wallets + _acts(terms) + "".join(_earn_text(terms, wallet) for wallet in terms.wallets.values())


def _wallet_text(wallet: Wallet) -> str:
    lines = [f"[wallets.{wallet.code}]", f'negative = "{wallet.negative}"']
    rounded = ', rounded_to = "month"' if wallet.to_month else ""
    if wallet.days or wallet.months:
        period = f"{wallet.days} days" if wallet.days else f"{wallet.months} months"
        lines.append(f'expiry = {{ after = "{period}"{rounded} }}')
    if wallet.pending:
        lines.append(f'pending = {{ for = "{wallet.pending} days" }}')
    if wallet.owed_most:
        lines.append(f"owed_most = {wallet.owed_most}")
    asked = "cut" if wallet.cut else "refuse"
    numbers = f"step = {wallet.step}, least = {wallet.least}"
    lines.append(f'burn = {{ order = "{wallet.order}", over_asked = "{asked}", {numbers} }}')
    if wallet.price:
        lines.append(f"price = {{ points = {wallet.price}, amount = 250 }}")
    if wallet.worth:
        lines.append(f"value = {{ points = {wallet.worth[0]}, amount = {wallet.worth[1]} }}")
    return "\n".join(lines) + "\n"


def _acts(terms: Terms) -> str:
    code, give, into, get = terms.exchange
    most = f"most = {terms.pool_most}" if terms.pool_most else ""
    lives = f'spent_lives = "{terms.back_lives} days"' if terms.back_lives and terms.gives_back else ""
    spent = 'spent = "when_whole"' if terms.back_when_whole and terms.gives_back else ""
    automatic = ""
    if terms.automatic:
        automatic = _conversion("automatic", *terms.automatic)
    return f"""
[transfers]
wallets = ["points", "months", "credit"]
dates = "{"anew" if terms.sends_anew else "kept"}"
[households]
pool = "spend"
wallets = ["{terms.first.code}"]
{most}
[returns]
points = "{terms.points_back}"
rounding = "{terms.rounding}"
give_back_spent = {str(terms.gives_back).lower()}
{spent}
{lives}
[late]
correct = "{"always" if terms.corrects else "never"}"
[[exchanges]]
code = "swap"
wallet = "{code}"
into = "{into}"
give = {give}
get = {get}
{automatic}{_conversion("gift", *terms.gift)}"""


def _conversion(name: str, wallet: str, points: int) -> str:
    trigger = "automatic" if name == "automatic" else "on_request"
    return f"""
[[conversions]]
code = "{name}"
wallet = "{wallet}"
points = {points}
voucher = {{ amount = 500 }}
trigger = "{trigger}"
"""


def _earn_text(terms: Terms, wallet: Wallet) -> str:
    cap = f'cap = {{ points = {terms.cap}, every = "day" }}\n' if terms.cap and wallet is terms.first else ""
    return f'[[earn]]\ncode = "{wallet.code}"\nwallet = "{wallet.code}"\npoints = 1\nper = {wallet.per}\n{cap}'
