"""What is missing: the smallest addition to a basket that unlocks a rule, an offer, a voucher or a tier.

Nothing is guessed from the text of a rule: an addition is tried by deciding the sale again with it, and only
what the decision then really gives is told. What to add is taken from the rules: an amount of anything, or
articles of the kind that a rule names.
"""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum

import msgspec

from cagnotte.domain.baskets.basket import AMOUNT_MOST, Basket, Line, total_paid
from cagnotte.domain.evaluator.decide import decide
from cagnotte.domain.evaluator.decision import Decision
from cagnotte.domain.evaluator.effects import (
    DiscountGiven,
    GiftGiven,
    RuleEarned,
    TierChanged,
    VoucherGiven,
    VouchersIssued,
)
from cagnotte.domain.evaluator.events import Sale
from cagnotte.domain.evaluator.explain_offers import explain_offers
from cagnotte.domain.evaluator.facts import Facts
from cagnotte.domain.evaluator.prepared import prepared
from cagnotte.domain.offers.values import OfferReason
from cagnotte.domain.programme.document import Programme
from cagnotte.domain.programme.vocabulary import PURCHASE
from cagnotte.domain.rules import Rule
from cagnotte.domain.rules.tree import Binary, BinaryOperator, Field, Items, Literal, Tree, children

_KINDS_MOST = 24  # kinds of articles that are tried
_AMOUNTS = tuple(1 << power for power in range(0, 34))  # up to some 85 million euros


class UnlockKind(StrEnum):
    RULE = "rule"
    OFFER = "offer"
    VOUCHER = "voucher"
    TIER = "tier"


class Unlocked(msgspec.Struct, frozen=True):
    """Adding `amount_minor` to the basket, in one article, unlocks `code`; or adding so many `articles`.

    `like`: what the article must be, (field of a line, value); empty: anything. `points`: what the rule or the
    offer then gives; `saving_minor`: what the offer then takes off.
    """

    kind: UnlockKind
    code: str
    amount_minor: int
    like: tuple[tuple[str, str], ...] = ()
    points: int = 0
    saving_minor: int = 0
    articles: int = 0


class _Found(msgspec.Struct, frozen=True):
    """What a decision gives, by what could be unlocked."""

    given: Mapping[tuple[UnlockKind, str], tuple[int, int]]


def what_is_missing(
    programme: Programme, facts: Facts, sale: Sale, *, most_minor: int = 100_000
) -> tuple[Unlocked, ...]:
    """The cheapest addition for each thing that the sale does not give and that an addition of at most
    `most_minor` would; cheapest first. The member's facts must be those before the sale."""
    if total_paid(sale.basket) < 0:
        return ()
    decision = decide(programme, facts, sale)
    given = _given(decision).given
    cheapest = {(each.kind, each.code): each for each in _by_articles(programme, sale, decision)}
    for like in _kinds(programme, sale.basket):
        for unlocked in _by_amount(_Trial(programme, facts, sale, like), given, most_minor):
            key = (unlocked.kind, unlocked.code)
            if key not in cheapest or 0 < unlocked.amount_minor < cheapest[key].amount_minor:
                cheapest[key] = unlocked
    return tuple(sorted(cheapest.values(), key=lambda each: (each.amount_minor, each.kind, each.code)))


def _by_articles(programme: Programme, sale: Sale, decision: Decision) -> Iterator[Unlocked]:
    """Offers that lack articles, whatever these cost: what they need is known to them."""
    if decision.used is None or not programme.offers:
        return
    for offer in explain_offers(programme, sale.basket, decision.used):
        if offer.reason in {OfferReason.BUY_MORE, OfferReason.MORE_PRODUCTS}:
            yield Unlocked(UnlockKind.OFFER, offer.offer, 0, articles=offer.missing)


class _Trial:
    """Decisions of one sale with one more article of one kind, by its amount."""

    def __init__(self, programme: Programme, facts: Facts, sale: Sale, like: tuple[tuple[str, str], ...]) -> None:
        self._programme, self._facts, self._sale = programme, facts, sale
        self.like = like
        self._known: dict[int, _Found] = {}

    def at(self, amount: int) -> _Found:
        found = self._known.get(amount)
        if found is None:
            found = self._known[amount] = _given(decide(self._programme, self._facts, self._with(amount)))
        return found

    def _with(self, amount: int) -> Sale:
        basket = self._sale.basket
        added = _article(self.like, amount)
        more = msgspec.structs.replace(basket, lines=(*basket.lines, added))
        return Sale(self._sale.event_id, more)


def _by_amount(
    trial: _Trial, given: Mapping[tuple[UnlockKind, str], tuple[int, int]], most: int
) -> Iterator[Unlocked]:
    tried = [amount for amount in _AMOUNTS if amount < most] + [min(most, AMOUNT_MOST)]
    before = 0
    told: set[tuple[UnlockKind, str]] = set()
    for amount in tried:
        for key in trial.at(amount).given:
            if key in told or not _is_more(key, trial.at(amount).given, given):
                continue
            told.add(key)
            least = _least(trial, key, given, before, amount)
            points, saving = trial.at(least).given[key]
            yield Unlocked(key[0], key[1], least, trial.like, points, saving)
        before = amount


def _least(
    trial: _Trial,
    key: tuple[UnlockKind, str],
    given: Mapping[tuple[UnlockKind, str], tuple[int, int]],
    low: int,
    high: int,
) -> int:
    """The smallest amount in (low, high] at which it is unlocked, by halving; `high` unlocks it."""
    while high - low > 1:
        middle = (low + high) // 2
        if _is_more(key, trial.at(middle).given, given):
            high = middle
        else:
            low = middle
    return high


def _is_more(
    key: tuple[UnlockKind, str],
    now: Mapping[tuple[UnlockKind, str], tuple[int, int]],
    before: Mapping[tuple[UnlockKind, str], tuple[int, int]],
) -> bool:
    """Whether the thing is given now and was not before; a voucher more is one more thing."""
    if key not in now:
        return False
    return key not in before or (key[0] is UnlockKind.VOUCHER and now[key][0] > before[key][0])


def _given(decision: Decision) -> _Found:
    given: dict[tuple[UnlockKind, str], tuple[int, int]] = {}
    for effect in decision.effects:
        match effect:
            case RuleEarned():
                given[UnlockKind.RULE, effect.rule] = (effect.points, 0)
            case DiscountGiven():
                saving = sum(minor for _, minor in effect.lines) + effect.delivery
                given[UnlockKind.OFFER, effect.offer] = (0, saving)
            case GiftGiven() | VoucherGiven():
                given.setdefault((UnlockKind.OFFER, effect.offer), (0, 0))
            case VouchersIssued():
                given[UnlockKind.VOUCHER, effect.conversion] = (effect.count, 0)
            case TierChanged(after=after) if after is not None:
                given[UnlockKind.TIER, after] = (0, 0)
    return _Found(given)


def _kinds(programme: Programme, basket: Basket) -> Sequence[tuple[tuple[str, str], ...]]:
    """What to try to add: anything, then articles such as the rules on purchases name them."""
    found: dict[tuple[tuple[str, str], ...], None] = {(): None}
    ready = prepared(programme)
    rules: list[Rule | None] = []
    for rule in ready.on(PURCHASE).rules:
        rules += [rule.when, rule.lines]
    for offer in programme.offers:
        rules += [offer.when, offer.lines, *(need.lines for need in offer.needs)]
    for each in rules:
        if each is not None:
            found.update(dict.fromkeys(_named(each.tree)))
    return list(found)[:_KINDS_MOST]


def _named(tree: Tree) -> Iterator[tuple[tuple[str, str], ...]]:
    """Articles that a rule names: a field of a line that is compared with a text, or in a list of texts."""
    match tree:
        case Binary(operator=BinaryOperator.EQUAL, left=Field(name=name), right=Literal(value=str(value))):
            yield ((name, value),)
        case Binary(operator=BinaryOperator.IN, left=Literal(value=str(value)), right=Field(name=name)):
            yield ((name, value),)
        case Binary(operator=BinaryOperator.IN, left=Field(name=name), right=Items(items=items)):
            for item in items:
                if isinstance(item, Literal) and isinstance(item.value, str):
                    yield ((name, item.value),)
        case _:
            pass
    for child in children(tree):
        yield from _named(child)


_TEXTS = frozenset({"sku", "category", "department", "brand", "supplier"})


def _article(like: tuple[tuple[str, str], ...], amount: int) -> Line:
    texts = {name: value for name, value in like if name in _TEXTS}
    tags = tuple(value for name, value in like if name == "tags")
    own = {name: value for name, value in like if name not in _TEXTS and name != "tags"}
    return Line(
        sku=texts.get("sku", ""),
        quantity=1,
        paid=amount,
        category=texts.get("category", ""),
        department=texts.get("department", ""),
        brand=texts.get("brand", ""),
        supplier=texts.get("supplier", ""),
        tags=tags,
        attributes=own,
    )
