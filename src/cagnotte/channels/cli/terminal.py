"""What a command is given: where to write, which language to speak, how to reach the shop's database."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol, TextIO

import msgspec
import psycopg

from cagnotte.application.errors import NoProgramme, RequestError
from cagnotte.application.points_refusals import RequestOver
from cagnotte.channels.wording import N_, Speech, accounts_words, by_hand_words
from cagnotte.channels.wording.programme_acts import REFUSALS
from cagnotte.storage.database import connected

DONE, REFUSED, MISUSED = 0, 1, 2

_ERRORS: dict[str, str] = {
    "no_programme": N_("No programme is published here. Publish one: cagnotte programme publish FILE"),
    "unknown_member": N_("No member has the identifier “%(member)s”."),
    "no_partners": N_("The programme has no partners: none of its points are paid by anybody else."),
    "unknown_partner": N_("The programme has no partner “%(partner)s”. It has: %(known)s."),
    "posting_ended": N_(
        "A process of this load was ended from outside, perhaps for lack of memory. What is recorded is whole:"
        " start the same load again."
    ),
    "load_running": N_("Another load of sales is running on this database: wait until it ends."),
    "key_reused": N_("The key was already used for another request: choose a new one."),
    "act_in_future": N_("%(at)s lies in the future: it is %(now)s now."),
    "reason_missing": N_("Say why: what is done by hand is kept with its reason."),
    "books_changed": N_(
        "The member's books have changed: they are at version %(version)s now. Look at the member again."
    ),
    "not_sealed": N_("The books had not been sealed before %(at)s: prove the whole, or since a later time."),
    "unknown_seal": N_(
        "These books have no seal %(seal)s: the file is another shop's, or seals were taken away. Prove the whole."
    ),
    **REFUSALS,
    **accounts_words.REFUSALS,
}
_NO_PROGRAMME_THEN = N_(
    "No programme is in force at %(at)s: it begins later, or it was retired. Publish a version that covers it."
)
_UNSAFE = N_(
    "This database server can lose what it has confirmed when it is cut off: off are %(options)s. Set them to on,"
    " in postgresql.conf or with ALTER SYSTEM; for tests alone, CAGNOTTE_ALLOW_UNSAFE_DATABASE=1 lets it be used."
)


class Shop(Protocol):
    """The database of the shop, started when it is first asked for."""

    def dsn(self) -> str:
        """Where the migrated database is. Raises DatabaseUnavailable, or OperationalError while it is away."""

    def unsafe_options(self) -> tuple[str, ...]:
        """What its server has switched off without which it loses what it has confirmed; () where that is allowed.

        Raises as `dsn`.
        """


class Terminal:
    def __init__(self, speech: Speech, shop: Shop, output: TextIO | None = None) -> None:
        self.speech = speech
        self.shop = shop
        self._output = output

    def on_error_output(self) -> "Terminal":
        """The same, with all sentences on the standard error: after an answer in JSON."""
        return Terminal(self.speech, self.shop, sys.stderr)

    def say(self, sentence: str, **values: object) -> None:
        """One sentence of an answer."""
        self.line(self.speech.say(sentence, **values))

    def warn(self, sentence: str, **values: object) -> None:
        """One sentence that is not part of the answer: the standard error."""
        print(self.speech.say(sentence, **values), file=sys.stderr)

    def warn_count(self, forms: tuple[str, str], number: int, **values: object) -> None:
        print(self.speech.count(forms, number, **values), file=sys.stderr)

    def line(self, text: str) -> None:
        print(text, file=self._output or sys.stdout, flush=True)

    def json(self, value: object) -> None:
        """One JSON object on one line, and nothing else on the standard output."""
        print(msgspec.json.encode(value).decode(), flush=True)

    def refused(self, error: RequestError) -> int:
        if error.code in by_hand_words.REFUSALS or isinstance(error, RequestOver):
            print(by_hand_words.refused_in_words(error, self.speech), file=sys.stderr)
            return REFUSED
        is_for_a_time = isinstance(error, NoProgramme) and error.params["at"]
        self.warn(_NO_PROGRAMME_THEN if is_for_a_time else _ERRORS[error.code], **error.params)
        return REFUSED

    def refuses_unsafe(self) -> bool:
        """Whether nothing may be kept on this server, which is then said."""
        off = self.shop.unsafe_options()
        if off:
            self.warn(_UNSAFE, options=", ".join(off))
        return bool(off)

    @contextmanager
    def connected(self) -> Iterator[psycopg.Connection]:
        with connected(self.shop.dsn()) as conn:
            yield conn
