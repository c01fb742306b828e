"""What came back of a sale, in sentences."""

from datetime import datetime

import msgspec
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cagnotte.application.after_sale import AfterSale, ReturnSeen
from cagnotte.application.return_answer import PointsReturned
from cagnotte.channels.backoffice import written
from cagnotte.channels.backoffice.pages import Shop


class FollowedShown(msgspec.Struct, frozen=True):
    """One thing that followed the sale: when, what, and what it led to."""

    when: datetime
    what: str
    sentences: list[str]


def returns_shown(after: AfterSale, currency: str, shop: Shop) -> list[FollowedShown]:
    return [_return_shown(each, currency, shop) for each in after.returns]


def _return_shown(seen: ReturnSeen, currency: str, shop: Shop) -> FollowedShown:
    refund = {"money": written.money(seen.kept.refund_minor, currency)}
    if seen.kept.is_void:
        what = _("The sale is void; %(money)s were paid back.") % refund
    else:
        what = _("Goods came back; %(money)s were paid back.") % refund
    sentences = [_line_sentence(line, quantity) for line, quantity in seen.lines]
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
