"""The programme as a value: what a checked document says. Made by `check.check_programme` only."""

from collections.abc import Mapping
from enum import StrEnum

import msgspec

from cagnotte.domain.earning.terms import (
    Achievement,
    Calendar,
    Cap,
    EarnPolicy,
    EarnRule,
    Life,
    Measure,
    Mode,
    Referral,
)
from cagnotte.domain.kernel import Period, PeriodUnit
from cagnotte.domain.members.wallet_share import ShareTerms
from cagnotte.domain.offers.terms import Offer, OfferPolicy
from cagnotte.domain.points.accounts import Accounting
from cagnotte.domain.points.ceilings import Adjustments
from cagnotte.domain.points.terms import Exchange, Name, Pooling, Sending, Wallet
from cagnotte.domain.rules import Rule
from cagnotte.domain.tiers.terms import Tier


class AttributeType(StrEnum):
    """The types an attribute of the programme's own may have; a date is a day number in rules."""

    INT = "int"
    TEXT = "text"
    BOOL = "bool"
    TEXTS = "texts"
    DATE = "date"


class Declared(msgspec.Struct, frozen=True):
    """Attributes of the programme's own: name -> type, by what they belong to; and events with theirs."""

    member: Mapping[str, AttributeType] = {}
    sale: Mapping[str, AttributeType] = {}
    line: Mapping[str, AttributeType] = {}
    events: Mapping[str, Mapping[str, AttributeType]] = {}
    event_names: Mapping[str, Name] = {}  # what people read, of those that have a name


class Goal(msgspec.Struct, frozen=True):
    """What the programme is for: one of the known kinds, how success is measured, and what would be success."""

    code: str
    kind: str
    measured_by: str = ""
    success: str = ""
    strategy: str = ""
    name: Name = {}


class Country(msgspec.Struct, frozen=True):
    """What differs in one country of an international programme; "" as the programme's.

    `worth`: what one unit of its currency is worth in units of the programme's, as a decimal text.
    """

    code: str
    timezone: str = ""
    currency: str = ""
    language: str = ""
    worth: str = ""


class Brand(msgspec.Struct, frozen=True):
    code: str
    name: Name = {}


class Plan(msgspec.Struct, frozen=True):
    """A membership: free or paid, for how long, and the tier that it brings.

    `renewable_from`: how long before its end it can be renewed without losing a day (None: at any time).
    """

    code: str
    fee_minor: int = 0
    valid_for: Period | None = None
    tier: str = ""
    renewable_from: Period | None = None
    name: Name = {}


class Message(msgspec.Struct, frozen=True):
    """A text shown when `when` holds: on the receipt, on the till or on the seller's screen."""

    code: str
    text: Name
    place: str = "receipt"
    on: str = "purchase"
    when: Rule | None = None


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


class Announce(StrEnum):
    """Of several tiers passed at once, which are announced."""

    HIGHEST = "highest"
    EVERY = "every"


class ReturnedPoints(StrEnum):
    """How a return finds what was earned for the lines that come back."""

    DECIDED_AGAIN = "decided_again"  # the sale is decided again without them
    IN_PROPORTION = "in_proportion"  # the share of their amount in the sale
    WHEN_WHOLE = "when_whole"  # everything, once all of the sale has come back; nothing before
    KEPT = "kept"  # the member keeps what rules and offers gave


class SpentBack(StrEnum):
    """When points that paid come back."""

    BY_LINE = "by_line"  # with each return, its share
    WHEN_WHOLE = "when_whole"  # all of them, once all of the sale has come back


class ReturnedDiscounts(StrEnum):
    """What becomes of the offers of a sale of which a part comes back."""

    DECIDED_AGAIN = "decided_again"  # for what stays
    AS_SHARED = "as_shared"  # each line keeps the share that it had


class ReturnPolicy(msgspec.Struct, frozen=True):
    """The `[returns]` table. `rounding`: of the points that are taken back in proportion, all returns of the
    sale together."""

    points: ReturnedPoints = ReturnedPoints.DECIDED_AGAIN
    rounding: Mode = Mode.UP
    discounts: ReturnedDiscounts = ReturnedDiscounts.DECIDED_AGAIN
    give_back_spent: bool = True  # points that paid for the lines go back to their lots
    spent: SpentBack = SpentBack.BY_LINE
    spent_lives: Period | None = None  # how long those live whose lot has ended; None: they end at once
    give_back_uses: bool = True  # limits and coupons that the sale used are free again, when all of it is returned


class LateCorrection(StrEnum):
    """Whether an event that arrives late corrects the sales after it, which were decided without it."""

    ALWAYS = "always"
    NEVER = "never"


class LatePolicy(msgspec.Struct, frozen=True):
    """The `[late]` table. `within`: how old an event that corrects others may be when it arrives."""

    correct: LateCorrection = LateCorrection.ALWAYS
    within: Period = Period(3, PeriodUnit.MONTHS)


class LeapBirthday(StrEnum):
    """When a birthday of 29 February is kept in other years."""

    BEFORE = "28 february"
    AFTER = "1 march"


class Programme(msgspec.Struct, frozen=True, eq=False, dict=True):
    """One checked programme. The first wallet is the one whose points `balance` means in rules."""

    code: str
    name: Name
    currency: str
    timezone: str
    wallets: tuple[Wallet, ...]
    earn: tuple[EarnRule, ...] = ()
    tiers: tuple[Tier, ...] = ()
    conversions: tuple[Conversion, ...] = ()
    sending: Sending | None = None  # None: members send each other no points
    pooling: Pooling | None = None  # None: each member spends their own points alone
    exchanges: tuple[Exchange, ...] = ()
    goals: tuple[Goal, ...] = ()
    audience: Rule | None = None  # who may take part; None: everyone
    life: Life = Life()
    brands: tuple[Brand, ...] = ()
    countries: tuple[Country, ...] = ()
    declared: Declared = Declared()
    calendars: tuple[Calendar, ...] = ()
    measures: tuple[Measure, ...] = ()
    earning: EarnPolicy = EarnPolicy()
    caps: tuple[Cap, ...] = ()
    achievements: tuple[Achievement, ...] = ()
    referral: Referral | None = None
    plans: tuple[Plan, ...] = ()
    offers: tuple[Offer, ...] = ()
    offer_policy: OfferPolicy = OfferPolicy()
    messages: tuple[Message, ...] = ()
    announce: Announce = Announce.HIGHEST
    returns: ReturnPolicy = ReturnPolicy()
    late: LatePolicy = LatePolicy()
    accounting: Accounting = Accounting()
    adjustments: Adjustments = Adjustments()
    leap_birthday: LeapBirthday = LeapBirthday.BEFORE
    share_of_wallet: ShareTerms | None = None  # None: it is not estimated

    def wallet(self, code: str) -> Wallet:
        return next(wallet for wallet in self.wallets if wallet.code == code)

    def has_wallet(self, code: str) -> bool:
        return any(wallet.code == code for wallet in self.wallets)

    def cap(self, code: str) -> Cap:
        return next(cap for cap in self.caps if cap.code == code)

    def country(self, code: str) -> Country | None:
        """What the programme says of a member's country; None when it says nothing."""
        return next((country for country in self.countries if country.code == code), None)

    def timezone_in(self, country: str) -> str:
        """The clock of a member of that country ("": not known): its own, else the programme's."""
        found = self.country(country) if country else None
        return (found.timezone if found else "") or self.timezone

    def currency_in(self, country: str) -> str:
        """The currency in which a member of that country ("": not known) buys where the sale does not say."""
        found = self.country(country) if country else None
        return (found.currency if found else "") or self.currency

    def languages_of(self, language: str, country: str) -> tuple[str, ...]:
        """What a member is spoken to in, for `called`: their own as in their country, else the country's."""
        found = self.country(country) if country else None
        spoken = (language.replace("_", "-"), found.language if found else "")
        regional = [each if "-" in each or not country else f"{each}-{country}" for each in spoken if each]
        return tuple(dict.fromkeys(regional))

    @property
    def currencies(self) -> tuple[str, ...]:
        """Every currency that a sale may be in, the programme's first."""
        return tuple(dict.fromkeys([self.currency, *[each.currency for each in self.countries if each.currency]]))

    def other_timezones(self) -> dict[str, str]:
        """Country -> its clock, of those that have another one than the programme."""
        own = {country.code: self.timezone_in(country.code) for country in self.countries}
        return {code: zone for code, zone in own.items() if zone != self.timezone}

    def families(self) -> tuple[str, ...]:
        """The families of tiers, in the order of the document."""
        return tuple(dict.fromkeys(tier.family for tier in self.tiers))

    def tiers_of(self, family: str) -> tuple[Tier, ...]:
        return tuple(tier for tier in self.tiers if tier.family == family)


def called(name: Name, code: str, *languages: str) -> str:
    """What people read for a named thing: their languages in turn, else English, else any, else its code.

    `fr-CH` is French of Switzerland, also where the name writes `fr_CH`; without it, it is French. A language is
    also found where a name has it for another region alone.
    """
    for language in languages:
        if said := _in_language(name, language):
            return said
    return name.get("en") or next(iter(name.values()), code)


def _in_language(name: Name, language: str) -> str:
    base = language.partition("-")[0]
    said = name.get(language) or name.get(language.replace("-", "_")) or name.get(base)
    others = (text for key, text in name.items() if key.replace("_", "-").partition("-")[0] == base)
    return said or next(others, "")
