"""The programme as a value: what a checked document says. Made by `check.check_programme` only."""

from collections.abc import Callable

import msgspec

from cagnotte.domain.kernel import Period
from cagnotte.domain.rules import Rule
from cagnotte.domain.tiers.qualification import Tier

Name = dict[str, str]  # language code -> what people read


class Wallet(msgspec.Struct, frozen=True):
    """A kitty of points. `expires_after` None: points never expire."""

    code: str
    expires_after: Period | None = None
    to_month_end: bool = False
    name: Name = {}


class EarnRule(msgspec.Struct, frozen=True):
    """`points` go to `wallet` for each sale on which `when` holds (None: always)."""

    code: str
    wallet: str
    when: Rule | None
    points: Rule
    name: Name = {}


class VoucherTerms(msgspec.Struct, frozen=True):
    """A gift voucher's value in minor units and how long it can be used (None: without limit)."""

    amount_minor: int
    valid_for: Period | None = None


class Conversion(msgspec.Struct, frozen=True):
    """Each `points` of `wallet` become one voucher: right after a sale, or when the member asks."""

    code: str
    wallet: str
    points: int
    voucher: VoucherTerms
    automatic: bool = True
    name: Name = {}


class Programme(msgspec.Struct, frozen=True):
    """One checked programme. The first wallet is the one whose points `balance` means in rules."""

    code: str
    name: Name
    currency: str
    timezone: str
    wallets: tuple[Wallet, ...]
    earn: tuple[EarnRule, ...]
    tiers: tuple[Tier, ...]
    conversions: tuple[Conversion, ...]
    earned: Callable[[object], list[tuple[int, int]]]  # facts -> (index in `earn`, points) of rules that hold

    def wallet(self, code: str) -> Wallet:
        return next(wallet for wallet in self.wallets if wallet.code == code)


def called(name: Name, code: str, language: str) -> str:
    """What people read for a named thing: their language, else English, else any, else its code."""
    return name.get(language) or name.get("en") or next(iter(name.values()), code)
