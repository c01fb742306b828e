"""A member's life in memory for tests: programmes of a few lines, events one after the other."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time
from itertools import count

from cagnotte.domain.baskets.basket import Basket, Line, PointsPayment
from cagnotte.domain.evaluator import apply, decide, decide_days
from cagnotte.domain.evaluator.apply import brought_to
from cagnotte.domain.evaluator.decision import Decision
from cagnotte.domain.evaluator.effects import RuleEarned
from cagnotte.domain.evaluator.events import DayBegun, Event, Return, Sale, SaleTaken
from cagnotte.domain.evaluator.facts import Facts
from cagnotte.domain.kernel import TRANSFERS_PER_EVENT, EventId
from cagnotte.domain.points.lots import points_pending, points_usable
from cagnotte.domain.programme.document import Programme
from domain.programmes import HEAD, programme_of

MONDAY = date(2026, 3, 2)
NOON = time(12)


def a_programme(text: str, wallet: str = "[wallets.points]\n") -> Programme:
    return programme_of(HEAD + wallet + text)


def a_line(paid: int, category: str = "", quantity: int = 1, **more: object) -> Line:
    return Line(sku=category or "sku", quantity=quantity, paid=paid, category=category, **more)  # type: ignore[arg-type]


class Life:
    """One member: facts, and every sale taken by its name."""

    def __init__(self, programme: Programme, facts: Facts | None = None, day: date = MONDAY) -> None:
        self.programme = programme
        self.facts = facts or Facts(day)
        self.ids: Iterator[EventId] = (EventId(number * TRANSFERS_PER_EVENT) for number in count(1))
        self.sales: dict[str, SaleTaken] = {}
        self.effects: list[object] = []

    def next_id(self) -> EventId:
        return next(self.ids)

    def upto(self, day: date) -> list[Decision]:
        """Everything that is due by itself, up to and with the day."""
        done = []
        for decision, after in decide_days(self.programme, self.facts, day, self.next_id):
            self.facts = after
            done.append(decision)
            self.effects += decision.effects
        self.facts = brought_to(self.facts, day)
        return done

    def take(self, event: Event) -> Decision:
        assert not isinstance(event, DayBegun)
        at = event.basket.at if isinstance(event, Sale) else event.at
        self.upto(max(at.date(), self.facts.as_of))
        decision = decide(self.programme, self.facts, event)
        self.facts = apply(self.facts, decision)
        self.effects += decision.effects
        return decision

    def buy(
        self,
        *lines: Line | int,
        on: date = MONDAY,
        at: time = NOON,
        sale: str = "sale",
        pay: tuple[PointsPayment, ...] = (),
        **more: object,
    ) -> Decision:
        bought = tuple(line if isinstance(line, Line) else a_line(line) for line in lines)
        store = str(more.pop("store", "store-1"))
        basket = Basket(datetime.combine(on, at), store, bought, payments=pay, **more)  # type: ignore[arg-type]
        event = Sale(self.next_id(), basket)
        decision = self.take(event)
        self.sales[sale] = SaleTaken(event, (decision,))
        return decision

    def bring_back(
        self,
        sale: str = "sale",
        lines: tuple[tuple[int, int], ...] | None = None,
        *,
        on: date = MONDAY,
        amount: int | None = None,
        of_line: int | None = None,
    ) -> Decision:
        taken = self.sales[sale]
        event = Return(self.next_id(), datetime.combine(on, time(18)), taken, lines, amount, of_line)
        decision = self.take(event)
        self.sales[sale] = SaleTaken(taken.sale, (*taken.decisions, decision))
        return decision

    def balance(self, wallet: str = "points") -> int:
        return points_usable(self.facts.lots, wallet, self.facts.as_of)

    def pending(self, wallet: str = "points") -> int:
        return points_pending(self.facts.lots, wallet, self.facts.as_of)


def by_rule(decision: Decision) -> dict[str, int]:
    found = Counter[str]()
    for effect in decision.effects:
        if isinstance(effect, RuleEarned):
            found[effect.rule] += effect.points
    return dict(found)
