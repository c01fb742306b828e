"""The heart: what an event gives a member (`decide`) and the member afterwards (`apply`)."""

from cagnotte.domain.evaluator.apply import apply
from cagnotte.domain.evaluator.decide import decide, decide_and_apply, decide_days, lapsed

__all__ = ["apply", "decide", "decide_and_apply", "decide_days", "lapsed"]
