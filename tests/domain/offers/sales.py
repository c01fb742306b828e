"""Sales and offers for tests: offers as a document writes them, lines as short as the test allows."""

import tomllib
from collections.abc import Sequence
from datetime import datetime

import msgspec

from cagnotte.domain.baskets.basket import Line
from cagnotte.domain.evaluator.seen import MemberSeen, Named, RuleFacts
from cagnotte.domain.offers.decide import decide_offers
from cagnotte.domain.offers.policy import OfferPolicy
from cagnotte.domain.offers.terms import Offer
from cagnotte.domain.offers.values import OfferSale, OffersDecided
from cagnotte.domain.programme.document import Declared
from cagnotte.domain.programme.faults import ProgrammeFault
from cagnotte.domain.programme.known import Known
from cagnotte.domain.programme.notes import Notes
from cagnotte.domain.programme.offers import read_offer_policy, read_offers
from cagnotte.domain.programme.reading import document
from cagnotte.domain.programme.shapes import Inner, Key, Rows, Shape
from cagnotte.domain.programme.tables_offers import OFFER, OFFER_POLICY, OFFERS_MOST
from cagnotte.domain.programme.vocabulary import Vocabulary

NOON = datetime(2026, 3, 10, 12, 0)  # a Tuesday
CALENDARS = ("happy", "sales")
_SHAPE = Shape("", "", (Key("offer_policy", Inner(OFFER_POLICY)), Key("offers", Rows(OFFER, OFFERS_MOST))))
_VOCABULARY = Vocabulary(
    Declared(), wallets=["points", "stars"], families=["main"], measures=[], calendars=CALENDARS
)
_KNOWN = Known(vocabulary=_VOCABULARY, wallets=("points", "stars"), calendars=CALENDARS)
_NOBODY = MemberSeen(
    age=0, birth_month=0, birth_day=0, is_birthday=False, is_birthday_month=False, is_anniversary=False,
    days_enrolled=0, purchases=0, language="", country="", brand="", home_store="", household="", segments=(),
    badges=(), plan="", share_of_wallet=0, share_low=0, share_high=0, share_is_declared=False, attributes={},
)  # fmt: skip


def read(text: str) -> tuple[tuple[Offer, ...], OfferPolicy, tuple[ProgrammeFault, ...]]:
    notes = Notes(text, tomllib.loads(text))
    root = document(notes, _SHAPE)
    policy = read_offer_policy(root, _KNOWN)
    return read_offers(root, _KNOWN, policy), policy, notes.faults


def offers_of(text: str) -> tuple[tuple[Offer, ...], OfferPolicy]:
    """What a text without faults says."""
    offers, policy, faults = read(text)
    assert not faults, faults
    return offers, policy


def offer(effect: str, *, code: str = "it", more: str = "") -> str:
    """One offer; `effect` is the inside of its inline table, `more` its other lines."""
    return f'[[offers]]\ncode = "{code}"\neffect = {{ {effect} }}\n{more}\n'


def line(sku: str, quantity: int, price: int, **more: object) -> Line:
    """A line of `quantity` articles at `price` each; `more` as the fields of a line."""
    return msgspec.structs.replace(Line(sku, quantity, quantity * price), **more)


def facts_of(lines: Sequence[Line], at: datetime = NOON, **more: object) -> RuleFacts:
    day = at.date()
    facts = RuleFacts(
        day=day.toordinal() - 719_163, weekday=day.isoweekday(), month=day.month, day_of_month=day.day,
        year=day.year, hour=at.hour, minute=at.minute, store="s1", channel="store", region="", till="",
        tier="", tiers=Named(), balance=0, balances=Named(), measures=Named(), during=Named(), member=_NOBODY,
        lines=tuple(lines), paid=sum(each.paid for each in lines), order_number=1,
    )  # fmt: skip
    for name, value in more.items():
        setattr(facts, name, value)
    return facts


def decided(
    text: str,
    *lines: Line,
    facts: dict[str, object] | None = None,
    explain: bool = False,
    **sale: object,
) -> OffersDecided:
    """The decision about a basket; `sale` as the fields of OfferSale."""
    offers, policy = offers_of(text)
    at = sale.setdefault("at", NOON)
    assert isinstance(at, datetime)
    told = facts_of(lines, at, **(facts or {}))
    return decide_offers(offers, policy, OfferSale(lines=lines, facts=told, **sale), explain=explain)


def saved(text: str, *lines: Line, **sale: object) -> list[int]:
    """What offers take off each line."""
    return decided(text, *lines, **sale).line_discounts(len(lines))
