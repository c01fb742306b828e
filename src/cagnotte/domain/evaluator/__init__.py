"""The heart: what an event gives a member (`decide`) and the member afterwards (`apply`)."""

from cagnotte.domain.evaluator.ahead import Ahead
from cagnotte.domain.evaluator.apply import apply
from cagnotte.domain.evaluator.decide import decide, decide_and_apply, decide_days, lapsed

__all__ = ["Ahead", "apply", "decide", "decide_and_apply", "decide_days", "lapsed"]
