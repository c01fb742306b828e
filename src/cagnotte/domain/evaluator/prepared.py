"""A programme made ready to decide with: what it says, by the question that an event asks of it."""

from collections.abc import Callable, Iterator, Mapping, Sequence

import msgspec

from cagnotte.domain.baskets.exchange import Exchange, exchange_of
from cagnotte.domain.earning.terms import (
    Achievement,
    Cap,
    EarnRule,
    Every,
    Formula,
    Life,
    Measure,
    Multiplier,
    RoundedPer,
    Scope,
)
from cagnotte.domain.offers.abroad import offer_abroad
from cagnotte.domain.offers.book import OfferBook
from cagnotte.domain.points.terms import Expiry, Pending, Wallet
from cagnotte.domain.programme.currencies import DECIMALS
from cagnotte.domain.programme.document import Message, Programme
from cagnotte.domain.programme.vocabulary import PURCHASE, TIER
from cagnotte.domain.rules import INT, Record, Rule, compile_rule, names_used
from cagnotte.domain.rules.index import Asked, build_index, compile_indexed
from cagnotte.domain.rules.predicates import Contains, OneOf, Predicate, Step
from cagnotte.domain.rules.tree import Literal
from cagnotte.domain.tiers.terms import Reach, Tier

_KEPT = "prepared"
_ALWAYS = Life()


class LotTerms(msgspec.Struct, frozen=True, eq=False):
    """How points become a lot. Equal terms of one programme are one object, which is its own key."""

    wallet: Wallet
    pending: Pending | None
    expiry: Expiry
    wallet_place: int  # of the wallet in the programme


class Occasion:
    """Everything a programme does on one kind of occasion."""

    def __init__(self, programme: Programme, on: str) -> None:
        self.rules = [rule for rule in programme.earn if rule.on == on]
        self.measures: list[Measure] = [each for each in programme.measures if each.on == on]
        self.achievements: list[Achievement] = [each for each in programme.achievements if each.on == on]
        self.messages: list[Message] = [each for each in programme.messages if each.on == on]
        self.is_empty = not (self.rules or self.measures or self.achievements or self.messages)
        # Rules with lines of their own see another eligible amount, so they are asked one by one.
        alone = [n for n, rule in enumerate(self.rules) if rule.lines is not None]
        together = [n for n, rule in enumerate(self.rules) if rule.lines is None]
        self.with_lines: Sequence[int] = alone
        self.together: Sequence[int] = together
        self.matching: Callable[[object], list[tuple[int, int]]] = compile_indexed(
            [(self.rules[n].when, counted(self.rules[n], is_sale=on == PURCHASE)) for n in together],
            also=[_also(self.rules[n]) for n in together],
        )
        self.with_lines_index = build_index(
            [Asked(self.rules[n].when, self.rules[n].lines, _also(self.rules[n])) for n in alone],
            changing=frozenset({"eligible"}),
        )
        self._look_at_terms(programme)

    def _look_at_terms(self, programme: Programme) -> None:
        """What most programmes do without is not looked for sale by sale."""
        rules, policy = self.rules, programme.earning
        roundings = [rule.rounding or policy.rounding for rule in rules]
        # Whether a rule has dates, calendars or a coupon to look at.
        self.is_limited = [bool(rule.during or rule.coupon or rule.life != _ALWAYS) for rule in rules]
        # Whether a rule that holds gives just the number that it asks for.
        self.is_plain = [isinstance(rule.amount, Formula) and not rule.caps for rule in rules]
        self.is_all_plain = all(self.is_plain) and not any(self.is_limited) and not self.with_lines
        self.has_shares = not all(isinstance(rule.amount, Formula) for rule in rules)
        self.has_multipliers = any(isinstance(rule.amount, Multiplier) for rule in rules)
        self.has_groups = any(rule.group for rule in rules)
        self.has_caps = any(rule.caps for rule in rules)
        self.rounds_sums = any(each.per is RoundedPer.SALE for each in roundings)


class Prepared:
    """Made once for a programme, and kept with it."""

    def __init__(self, programme: Programme) -> None:
        self.programme = programme
        self._occasions: dict[str, Occasion] = {}
        self.families: dict[str, tuple[Tier, ...]] = {
            family: programme.tiers_of(family) for family in programme.families()
        }
        self.families_in_order = sorted(self.families)
        reaches = [reach for tier in programme.tiers for reach in (tier.reach, tier.keep.reach) if reach]
        self.tiers_ask = any(reach.when is not None for reach in reaches)
        self.household_measures = frozenset(each.code for each in programme.measures if each.of is Scope.HOUSEHOLD)
        self.shares_tiers = any(
            self._is_of_household(reach) for reach in reaches
        )  # what others buy may move a tier
        self.caps = {cap.code: cap for cap in programme.caps}
        self.has_caps = bool(programme.caps) or any(offer.caps for offer in programme.offers)
        self.shared_caps = _shared_caps(programme)
        self.book = OfferBook(programme.offers)
        self._abroad: dict[str, tuple[Exchange, OfferBook]] = {}  # by currency
        self.offers = {offer.code: offer for offer in programme.offers}
        self.wallets = {wallet.code: wallet for wallet in programme.wallets}
        self.idle_wallets = [wallet for wallet in programme.wallets if wallet.expiry.idle is not None]
        self.funded_by = {
            **{rule.code: rule.funded_by for rule in programme.earn if rule.funded_by},
            **{offer.code: offer.funded_by for offer in programme.offers if offer.funded_by},
        }
        self.conversions_automatic = [each for each in programme.conversions if each.automatic]
        self.roots = frozenset(name.partition(".")[0] for name in names_read(programme))  # names that rules read
        self.reads_profile = "member" in self.roots
        self._terms: dict[tuple[str, Pending | None, Expiry], LotTerms] = {}
        self.terms_of_wallet = {
            wallet.code: self.terms(wallet.code, wallet.pending, wallet.expiry) for wallet in programme.wallets
        }
        self.terms_of_rule = {rule.code: self._terms_of(rule) for rule in programme.earn}
        self.days_of_life = [day for day in ("birthday", "anniversary") if not self.on(day).is_empty]
        self.keeps_tiers = not self.on(TIER).is_empty  # whether something happens when a tier is reached

    def _is_of_household(self, reach: Reach) -> bool:
        asked = {reach.counts}
        if reach.when is not None:
            asked |= {name.removeprefix("measures.") for name in names_used(reach.when)}
        return not self.household_measures.isdisjoint(asked)

    def on(self, occasion: str) -> Occasion:
        found = self._occasions.get(occasion)
        if found is None:
            found = self._occasions[occasion] = Occasion(self.programme, occasion)
        return found

    def abroad(self, currency: str) -> tuple[Exchange, OfferBook]:
        """How a currency other than the programme's is exchanged, and the offers in it. Made when first asked for.

        Raises KeyError for a currency that no country of the programme has.
        """
        found = self._abroad.get(currency)
        if found is None:
            exchange = exchange_in(self.programme, currency)
            book = OfferBook([offer_abroad(offer, exchange) for offer in self.programme.offers])
            found = self._abroad[currency] = (exchange, book)
        return found

    def terms(self, wallet: str, pending: Pending | None, expiry: Expiry) -> LotTerms:
        key = (wallet, pending, expiry)
        if key not in self._terms:
            place = list(self.wallets).index(wallet)
            self._terms[key] = LotTerms(self.wallets[wallet], pending, expiry, place)
        return self._terms[key]

    def _terms_of(self, rule: EarnRule) -> LotTerms:
        wallet = self.wallets[rule.wallet]
        return self.terms(rule.wallet, rule.pending or wallet.pending, rule.expiry or wallet.expiry)


def exchange_in(programme: Programme, currency: str) -> Exchange:
    """Raises KeyError for a currency that no country of the programme has."""
    worths = {each.currency: each.worth for each in programme.countries if each.worth}
    return exchange_of(worths[currency], currency, DECIMALS[currency], DECIMALS[programme.currency])


def _shared_caps(programme: Programme) -> tuple[Cap, ...]:
    """The caps that count what several members do: those of a sale are over with it."""
    caps = (*programme.caps, *(cap for offer in programme.offers for cap in offer.caps))
    return tuple(cap for cap in caps if cap.scope is not Scope.MEMBER and cap.every is not Every.SALE)


def prepared(programme: Programme) -> Prepared:
    found: Prepared | None = programme.__dict__.get(_KEPT)
    if found is None:
        found = programme.__dict__[_KEPT] = Prepared(programme)
    return found


def _also(rule: EarnRule) -> tuple[Predicate, ...]:
    """What the rule asks beside its condition, as far as it can be looked up: its coupon and its calendars."""
    coupon = [Contains((Step("coupons"),), frozenset({rule.coupon}))] if rule.coupon else []
    alone = rule.during if len(rule.during) == 1 else ()  # one of several is enough: they are looked at later
    during = [OneOf((Step("during"), Step(code, absent=False)), frozenset({True})) for code in alone]
    return (*coupon, *during)


def names_read(programme: Programme) -> frozenset[str]:
    """Every value that any rule of the programme reads."""
    return frozenset().union(*(names_used(rule) for rule in _rules_in(programme)))


def _rules_in(value: object) -> Iterator[Rule]:
    """Every rule of a document's value, wherever it stands: no table can be forgotten."""
    if isinstance(value, Rule):
        yield value
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from _rules_in(getattr(value, name))
    elif isinstance(value, tuple):
        for each in value:
            yield from _rules_in(each)
    elif isinstance(value, Mapping):
        yield from _rules_in(tuple(value.values()))


def counted(rule: EarnRule, *, is_sale: bool) -> Rule:
    """The number that a rule asks for: its points, or the amount that its rate or bands are about."""
    amount = rule.amount
    if isinstance(amount, Formula):
        return amount.points
    if isinstance(amount, Multiplier):
        return _NOTHING
    if amount.of is not None:
        return amount.of
    return _ELIGIBLE_PAID if is_sale else _NOTHING


def is_fixed(rule: EarnRule) -> bool:
    """Whether the rule is a fixed bonus: a whole number as it is written."""
    return isinstance(rule.amount, Formula) and isinstance(rule.amount.points.tree, Literal)


_NOTHING = compile_rule("0", gives=INT, scope={})
_ELIGIBLE_PAID = compile_rule("eligible.paid", gives=INT, scope={"eligible": Record("eligible", {"paid": INT})})
