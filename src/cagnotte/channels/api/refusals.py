"""Refusals of acts on points and of returns, as callers read them: a code, and a sentence in their language."""

from http import HTTPStatus

import falcon
import msgspec

from cagnotte.application.acting import PointsAnswer
from cagnotte.application.convert_points import ConversionAnswer
from cagnotte.application.return_answer import ReturnAnswer
from cagnotte.channels.api.language import preferred_language
from cagnotte.channels.api.replies import Recorded, Reply
from cagnotte.channels.wording.refusal_words import refusal_in_words
from cagnotte.channels.wording.speech import speech
from cagnotte.domain.evaluator.decision import Refusal


class ToldRefusal(Refusal, frozen=True, tag="Refusal"):
    """Why the programme said no: decide by `code`, which never changes; read `message` to the customer.

    `subject`: the wallet, exchange, conversion, line or sale that it is about. `missing`: points or articles that
    lack or are too many, where that can be said. `message` is in the language of Accept-Language.
    """

    message: str = ""


class ToldPointsAnswer(PointsAnswer, frozen=True):
    """What an act on points did: `points` moved, and how the member stands after it.

    When it was refused, `points` is 0, nothing was posted, and `refusals` say why. `hold`: the one that was begun
    or ended. `amount_minor`: what points bought cost. `version`: of the member's books, higher with each change.
    """

    refusals: tuple[ToldRefusal, ...]


class ToldConversionAnswer(ConversionAnswer, frozen=True):
    """What was given, or why not: then `vouchers` is empty and nothing was posted."""

    refusals: tuple[ToldRefusal, ...]


class ToldReturnAnswer(ReturnAnswer, frozen=True):
    """What came back, and what followed; when it was refused nothing was posted and `refusals` say why.

    `lines`: of this return. `refunds`: of a refund without goods, what is taken off each line. `is_whole`: all of
    the sale has come back by now. `refund_minor`: what the member gets, in `currency`, the sale's. `earned`,
    `offers`, `gifts`: what changes, below 0 where it is taken back. A guest (`member` null) has no points.
    `version`: of the member's books. `corrections`: of a return that arrived late, what it changed of the sales
    after it.
    """

    refusals: tuple[ToldRefusal, ...]


def in_words[A: (ToldPointsAnswer, ToldConversionAnswer, ToldReturnAnswer)](
    req: falcon.Request, resp: falcon.Response, recorded: Recorded, answer: type[A]
) -> Recorded:
    """The answer as it was kept; where it was refused, with the sentence of each refusal.

    Codes are kept and sentences made here: the same key gives the same bytes in one language.
    """
    if recorded.status < HTTPStatus.BAD_REQUEST:
        return recorded
    language = preferred_language(req.get_header("Accept-Language"))
    kept = msgspec.json.decode(recorded.body, type=answer)
    told = msgspec.structs.replace(kept, refusals=tuple(_told(each, language) for each in kept.refusals))
    resp.set_header("Content-Language", language)
    resp.set_header("Vary", "Accept-Language")
    return Reply(msgspec.json.encode(told), recorded.status, recorded.replayed)


def _told(refusal: ToldRefusal, language: str) -> ToldRefusal:
    return msgspec.structs.replace(refusal, message=refusal_in_words(refusal, speech(language)))
