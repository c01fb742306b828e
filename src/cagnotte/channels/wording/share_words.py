"""The share of wallet of a member, in a sentence."""

from cagnotte.application.show_member import ShareView
from cagnotte.channels.wording.speech import N_, Speech

_DECLARED = N_("%(share)s %% of what the member spends on such goods, as the member says.")
_ESTIMATED = N_(
    "About %(share)s %% of what the member spends on such goods, between %(low)s %% and %(high)s %%: estimated"
    " from members like this one."
)


def share_sentence(share: ShareView, speech: Speech) -> str:
    """In percent with one decimal, cut off."""
    figures = {name: _percent(getattr(share, name), speech) for name in ("share", "low", "high")}
    if share.declared:
        return speech.say(_DECLARED, share=figures["share"])
    return speech.say(_ESTIMATED, **figures)


def _percent(basis_points: int, speech: Speech) -> str:
    whole, tenth = divmod(basis_points // 10, 10)
    point = "," if speech.language == "fr" else "."
    return f"{whole}{point}{tenth}"
