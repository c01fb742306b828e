"""What came back of a sale, in sentences."""

from datetime import datetime

import msgspec
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cagnotte.application.after_sale import AfterSale, ReturnSeen
from cagnotte.application.return_answer import PointsReturned
from cagnotte.channels.backoffice import written
from cagnotte.channels.backoffice.pages import Shop, in_words
from cagnotte.domain.evaluator.effects import DebtMoved, PointsForgiven, RuleEarned
from cagnotte.storage.returns import KeptCorrection


class FollowedShown(msgspec.Struct, frozen=True):
    """One thing that followed the sale: when, what, and what it led to."""

    when: datetime
    what: str
    sentences: list[str]


def returns_shown(after: AfterSale, currency: str, shop: Shop) -> list[FollowedShown]:
    return [_return_shown(each, currency, shop) for each in after.returns]


def corrections_shown(after: AfterSale, shop: Shop) -> list[FollowedShown]:
    return [_correction_shown(each, shop) for each in after.corrections]


def _correction_shown(kept: KeptCorrection, shop: Shop) -> FollowedShown:
    """What each rule gives otherwise, and what of it could not be taken any more."""
    if kept.late_sale is None:
        what = _("Put right after a return that arrived late.")
    else:
        what = _("Put right after the sale %(sale)s, which happened before and arrived late.") % {
            "sale": kept.late_sale
        }
    names = {each.code: each.name for each in shop.programme.earn}
    sentences = []
    for effect in kept.decision.effects:
        if isinstance(effect, RuleEarned):
            values = {
                "rule": in_words(names.get(effect.rule, {}), effect.rule),
                "points": written.signed(effect.points),
                "wallet": shop.wallet(effect.wallet),
            }
            sentences.append(_("“%(rule)s”: %(points)s of “%(wallet)s”.") % values)
        elif isinstance(effect, PointsForgiven):
            sentences += _points_sentences(PointsReturned(effect.wallet, 0, 0, effect.points, 0), shop)
        elif isinstance(effect, DebtMoved) and effect.points > 0:
            sentences += _points_sentences(PointsReturned(effect.wallet, 0, effect.points, 0, 0), shop)
    return FollowedShown(kept.posted_at, what, sentences)


def _return_shown(seen: ReturnSeen, currency: str, shop: Shop) -> FollowedShown:
    refund = {"money": written.money(seen.kept.refund_minor, currency)}
    if seen.kept.is_void:
        what = _("The sale is void; %(money)s were paid back.") % refund
    elif seen.refunds:
        what = _("%(money)s were paid back; no goods came back.") % refund
    else:
        what = _("Goods came back; %(money)s were paid back.") % refund
    sentences = [_line_sentence(line, quantity) for line, quantity in seen.lines]
    for line, minor in seen.refunds:
        less = {"line": written.whole(line), "money": written.money(minor, currency)}
        sentences.append(_("Line %(line)s: %(money)s less.") % less)
    for moved in seen.points:
        sentences += _points_sentences(moved, shop)
    if seen.kept.reason:
        sentences.append(_("Reason: %(reason)s") % {"reason": seen.kept.reason})
    return FollowedShown(seen.kept.happened_local, what, sentences)


def _line_sentence(line: int, quantity: int) -> str:
    said = {"line": written.whole(line), "quantity": written.whole(quantity)}
    return (
        ngettext("Line %(line)s: %(quantity)s article.", "Line %(line)s: %(quantity)s articles.", quantity) % said
    )


def _points_sentences(moved: PointsReturned, shop: Shop) -> list[str]:
    wallet = shop.wallet(moved.wallet)
    said = []
    if moved.taken_back:
        said.append(
            ngettext(
                "%(points)s point of “%(wallet)s” was taken back.",
                "%(points)s points of “%(wallet)s” were taken back.",
                moved.taken_back,
            )
            % {"points": written.whole(moved.taken_back), "wallet": wallet}
        )
    if moved.owed:
        said.append(
            ngettext(
                "%(points)s point of “%(wallet)s” is owed: the next earn pays it.",
                "%(points)s points of “%(wallet)s” are owed: the next earn pays them.",
                moved.owed,
            )
            % {"points": written.whole(moved.owed), "wallet": wallet}
        )
    if moved.forgiven:
        said.append(
            ngettext(
                "%(points)s point of “%(wallet)s” had been spent and is forgiven.",
                "%(points)s points of “%(wallet)s” had been spent and are forgiven.",
                moved.forgiven,
            )
            % {"points": written.whole(moved.forgiven), "wallet": wallet}
        )
    if moved.expired:
        said.append(
            ngettext(
                "%(points)s point of “%(wallet)s” had expired: there was nothing to take back.",
                "%(points)s points of “%(wallet)s” had expired: there was nothing to take back.",
                moved.expired,
            )
            % {"points": written.whole(moved.expired), "wallet": wallet}
        )
    if moved.given_back:
        said.append(
            ngettext(
                "%(points)s point of “%(wallet)s” that had paid was given back.",
                "%(points)s points of “%(wallet)s” that had paid were given back.",
                moved.given_back,
            )
            % {"points": written.whole(moved.given_back), "wallet": wallet}
        )
    return said
