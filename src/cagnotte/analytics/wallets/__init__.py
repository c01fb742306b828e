"""How much of what members spend on such goods they spend here, estimated over the history."""

from cagnotte.analytics.wallets.estimate import Estimates, GroupSeen, MemberEstimate, estimates

__all__ = ["Estimates", "GroupSeen", "MemberEstimate", "estimates"]
