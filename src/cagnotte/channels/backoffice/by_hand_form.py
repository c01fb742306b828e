"""What the forms of acts by hand on a member's page hold: what the person may do, and what was typed before."""

import secrets
from collections.abc import Mapping
from datetime import date

import msgspec
from django.http import HttpRequest

from cagnotte.application.programme_staff import Permission
from cagnotte.channels.backoffice.pages import Shop
from cagnotte.channels.backoffice.programme_desk import actor_of


class HandForms(msgspec.Struct, frozen=True):
    """`what`: the form that was sent and comes back with what was typed ("": none). `key`: a second click on the
    same button does nothing. `version`: of the books that the page shows."""

    may_adjust: bool
    may_close: bool
    wallets: tuple[tuple[str, str], ...]
    version: str
    key: str
    closed_on: date | None
    what: str = ""
    typed: Mapping[str, str] = {}

    @property
    def is_any(self) -> bool:
        return self.may_adjust or self.may_close


def hand_forms(request: HttpRequest, shop: Shop, *, version: int, closed_on: date | None, what: str) -> HandForms:
    actor = actor_of(request)
    return HandForms(
        may_adjust=actor.may(Permission.ADJUST_POINTS),
        may_close=actor.may(Permission.CLOSE_MEMBERS),
        wallets=tuple((wallet.code, shop.wallet(wallet.code)) for wallet in shop.programme.wallets),
        version=str(version),  # as a number it would be written with separators
        key=f"backoffice-{secrets.token_hex(16)}",
        closed_on=closed_on,
        what=what,
        typed=request.POST.dict() if what else {},
    )
