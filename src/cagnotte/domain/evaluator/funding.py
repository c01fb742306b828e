"""Who pays for the points of an event: the partner of the rule or the offer that gave them."""

from cagnotte.domain.evaluator.effects import PointsFunded, RuleEarned
from cagnotte.domain.evaluator.making import Making
from cagnotte.domain.kernel import Points


def charge_partners(making: Making) -> None:
    """One transfer for each partner and wallet, of all that the event gave less what it took back.

    A rule that takes points back does so for its partner as well, whether or not the member still had them: what
    the member keeps of a sale that came back is the programme's own loss.
    """
    by_code = making.ready.funded_by
    points: dict[tuple[str, str], int] = {}
    for effect in making.effects:
        if isinstance(effect, RuleEarned) and effect.rule in by_code:
            key = (by_code[effect.rule], effect.wallet)
            points[key] = points.get(key, 0) + effect.points
    for (partner, wallet), number in points.items():
        if number:
            making.add(PointsFunded(making.next_transfer(), partner, wallet, Points(number)))
