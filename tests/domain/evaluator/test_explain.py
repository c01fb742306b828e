"""Explanations: why rules and offers gave what they gave, what they lost to, what they would have given."""

from datetime import datetime

from cagnotte.domain.baskets.basket import Basket, Line
from cagnotte.domain.evaluator.decision import UsedFacts
from cagnotte.domain.evaluator.events import Sale
from cagnotte.domain.evaluator.explain import RuleExplained, RuleOutcome, explain_rules
from cagnotte.domain.evaluator.explain_offers import OfferExplained, explain_offers
from cagnotte.domain.evaluator.facts import Facts
from cagnotte.domain.evaluator.missing import Unlocked, UnlockKind, what_is_missing
from cagnotte.domain.kernel import EventId
from cagnotte.domain.offers.values import OfferReason
from domain.evaluator.lives import MONDAY, a_line, a_programme

NOON = datetime(2026, 3, 2, 12)


def rules(text: str, *lines: Line) -> dict[str, RuleExplained]:
    said = explain_rules(a_programme(text), Basket(NOON, "store-1", lines), UsedFacts())
    return {rule.rule: rule for rule in said}


def offers(text: str, *lines: Line) -> dict[str, OfferExplained]:
    said = explain_offers(a_programme(text), Basket(NOON, "store-1", lines), UsedFacts())
    return {offer.offer: offer for offer in said}


def test_a_rule_that_lost_in_its_group_says_to_which_and_what_it_would_have_given() -> None:
    said = rules(
        '[[earn]]\ncode = "flat"\npoints = 15\ngroup = "g"\n'
        '[[earn]]\ncode = "rate"\npoints = 1\nper = 100\ngroup = "g"\n',
        a_line(2_000),
    )

    assert (said["rate"].outcome, said["rate"].points) == (RuleOutcome.EARNED, 20)
    assert (said["flat"].outcome, said["flat"].points) == (RuleOutcome.LOST, 0)
    assert (said["flat"].lost_to, said["flat"].would_give) == ("rate", 15)


def test_a_rule_cut_by_a_cap_closed_by_its_dates_or_without_lines_says_so() -> None:
    said = rules(
        '[[earn]]\ncode = "capped"\npoints = 1\nper = 100\ncap = { points = 5, every = "day" }\n'
        '[[earn]]\ncode = "gone"\npoints = 9\nends = 2026-03-01\n'
        '[[earn]]\ncode = "wine"\npoints = 9\nlines = \'line.category == "wine"\'\n',
        a_line(2_000),
    )

    assert (said["capped"].points, said["capped"].cut, said["capped"].capped_by) == (5, 15, "earn.capped")
    assert said["gone"].outcome is RuleOutcome.CLOSED
    assert said["wine"].outcome is RuleOutcome.NO_LINES


def test_an_offer_says_what_it_takes_off_what_lacks_or_what_it_lost_to() -> None:
    said = offers(
        '[[offers]]\ncode = "ten"\neffect = { kind = "percent_off", percent = 10 }\n'
        'stack = { group = "g", exclusive = true }\n'
        '[[offers]]\ncode = "three"\neffect = { kind = "amount_off", amount = 300 }\n'
        'stack = { group = "g", exclusive = true }\n'
        '[[offers]]\ncode = "large"\nspend = 5000\neffect = { kind = "amount_off", amount = 1000 }\n'
        '[[offers]]\ncode = "web"\nwhen = \'channel == "web"\'\neffect = { kind = "amount_off", amount = 100 }\n',
        a_line(4_000),
    )

    assert (said["ten"].is_given, said["ten"].saving) == (True, 400)
    assert (said["three"].reason, said["three"].lost_to, said["three"].alone) == (OfferReason.LOST, ("ten",), 300)
    assert (said["large"].reason, said["large"].missing) == (OfferReason.SPEND_MORE, 1_000)
    assert said["web"].reason is OfferReason.CONDITION
    assert [(clause.text, clause.holds) for clause in said["web"].clauses] == [('channel == "web"', False)]


def test_articles_that_lack_for_an_offer_are_told_as_articles() -> None:
    programme = a_programme('[[offers]]\ncode = "three-for-two"\neffect = { kind = "nth_off", every = 3 }\n')
    sale = Sale(EventId(64), Basket(NOON, "store-1", (a_line(2_400, quantity=2),)))

    assert what_is_missing(programme, Facts(MONDAY), sale) == (
        Unlocked(UnlockKind.OFFER, "three-for-two", 0, articles=1),
    )
