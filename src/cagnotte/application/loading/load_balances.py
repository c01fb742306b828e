"""Open the balances of a programme that moves here: each row once, and the sums before and after compared."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from datetime import time as clock
from functools import partial
from hashlib import blake2b
from itertools import batched

import msgspec
import psycopg

from cagnotte.application.errors import ActInFuture
from cagnotte.application.facts import Coming, counts_for, known_members
from cagnotte.application.history import MemberHistory, write_histories
from cagnotte.application.ids import new_event_id
from cagnotte.application.loading.opening_rows import BalanceRow, BalancesReport
from cagnotte.application.loading.values import RowFaultCode as Code
from cagnotte.application.loading.values import RowRefused
from cagnotte.application.new_names import lock_new_names
from cagnotte.application.published import Published, day_start
from cagnotte.application.retrying import retried
from cagnotte.domain.evaluator.events import PointsGiven
from cagnotte.domain.kernel import MemberId
from cagnotte.storage.members import Member, add_members
from cagnotte.storage.sql import sql

_PACKAGE = "cagnotte.application.loading"
_ROWS_AT_ONCE = 2_000

type Refuse = Callable[[RowRefused], None]
type Watch = Callable[[int], None]
type Keyed = tuple[str, BalanceRow]


class Opening(msgspec.Struct, frozen=True):
    """`on`: the local day that the balances are opened on. `source`: names the file's origin, for ever."""

    on: date
    source: str = "opening"


def load_balances(
    conn: psycopg.Connection,
    published: Published,
    opening: Opening,
    rows: Iterable[BalanceRow | RowRefused],
    *,
    now: datetime,
    refuse: Refuse,
    watch: Watch = lambda _: None,
    dry_run: bool = False,
) -> BalancesReport:
    """Give each member what the row says, as a lot from `migrated`, in sets that are each a transaction.

    A row is known by its source, member, wallet, days and reference: loaded again it changes nothing, and with
    other points it is refused. Points that have ended by the opening day are written off: said, not posted.
    Unknown members enrol on the opening day. Raises ActInFuture, or NoProgramme when none was in force then;
    then nothing is written.
    """
    begun = time.monotonic()
    at = day_start(opening.on, published.zone)
    if at > now:
        raise ActInFuture(at=at.isoformat(), now=now.isoformat())
    published.at(at)
    load = _Load(conn, published, opening, refuse, dry_run=dry_run)
    for some in batched(rows, _ROWS_AT_ONCE):
        load.add(some)
        watch(load.rows_read)
    return load.report(time.monotonic() - begun)


class _Load:
    def __init__(
        self, conn: psycopg.Connection, published: Published, opening: Opening, refuse: Refuse, *, dry_run: bool
    ) -> None:
        self._conn, self._published, self._opening, self._refuse = conn, published, opening, refuse
        self._dry_run = dry_run
        self._seen: dict[bytes, int] = {}  # what names a row, for ever -> its line in this file
        self._new: set[str] = set()  # members that a dry run would enrol
        self._when_written: list[Callable[[], None]] = []
        self.rows_read = self.members_new = 0
        self._rows = {"refused": 0, "written_off": 0, "already": 0, "opened": 0}
        self._points = dict.fromkeys(self._rows, 0)

    def add(self, rows: Sequence[BalanceRow | RowRefused]) -> None:
        """One set: read, looked up, decided and written in one transaction."""
        self.rows_read += len(rows)
        good = list(self._checked(rows))
        added = retried(lambda: self._write(good), what="load_balances")
        self.members_new += len(added - self._new)
        self._new.update(added if self._dry_run else ())
        for say in self._when_written:
            say()

    def _write(self, rows: Sequence[BalanceRow]) -> set[str]:
        """Who is new. May be done again: what is to be said of the rows waits in `_when_written`."""
        self._when_written.clear()
        with self._conn.transaction(force_rollback=self._dry_run):
            members, added = self._members(rows)
            by_member: dict[MemberId, list[Keyed]] = {}
            for row in rows:
                by_member.setdefault(members[row.member], []).append((self._key(row), row))
            self._open(by_member)
        return added

    def report(self, seconds: float) -> BalancesReport:
        return BalancesReport(
            rows_read=self.rows_read,
            rows_refused=self._rows["refused"],
            rows_written_off=self._rows["written_off"],
            rows_already=self._rows["already"],
            members_new=self.members_new,
            points_told=sum(self._points.values()),
            points_opened=self._points["opened"],
            points_already=self._points["already"],
            points_written_off=self._points["written_off"],
            points_refused=self._points["refused"],
            in_books=None if self._dry_run else self._in_books(),
            dry_run=self._dry_run,
            seconds=seconds,
        )

    def _checked(self, rows: Iterable[BalanceRow | RowRefused]) -> Iterator[BalanceRow]:
        """The rows to be opened; the others are counted, and said."""
        wallets = {wallet.code for wallet in self._published.current.programme.wallets}
        for row in rows:
            if isinstance(row, RowRefused):
                self._rows["refused"] += 1
                self._refuse(row)
            elif row.wallet and row.wallet not in wallets:
                self._say(row, Code.UNKNOWN_WALLET, {"found": row.wallet, "known": ", ".join(sorted(wallets))})
            elif row.expires_on is not None and row.expires_on <= self._opening.on:
                self._say(row, Code.ENDED_BEFORE, {"found": str(row.expires_on)}, as_what="written_off")
            elif row.points:
                yield row

    def _line_of(self, member_id: MemberId, key: str, row: BalanceRow) -> int:
        """The first line of this file that names the same points of the same member."""
        member = row.member if row.member in self._new else member_id
        named = blake2b(f"{member}\0{key}".encode(), digest_size=16).digest()
        return self._seen.setdefault(named, row.line)

    def _key(self, row: BalanceRow) -> str:
        days = "terms" if row.by_terms else f"{row.expires_on or 'never'}:{row.usable_from or ''}"
        wallet = row.wallet or self._published.current.programme.wallets[0].code
        return f"{self._prefix}{wallet}:{days}:{row.reference}"

    @property
    def _prefix(self) -> str:
        return f"opening:{self._opening.source}:"

    def _members(self, rows: Sequence[BalanceRow]) -> tuple[Mapping[str, MemberId], set[str]]:
        """The member of each name, and the names that were added."""
        names = list(dict.fromkeys(row.member for row in rows))
        found = self._named(names)
        missing = [name for name in names if name not in found]
        if missing:
            lock_new_names(self._conn)
            found = self._named(names)
            missing = [name for name in missing if name not in found]
            at = day_start(self._opening.on, self._published.zone)
            added = [Member(MemberId(new_event_id()), name, self._opening.on, enrolled_at=at) for name in missing]
            add_members(self._conn, added)
            found |= {member.external_id: member.member_id for member in added}
        return found, set(missing)

    def _named(self, names: Sequence[str]) -> dict[str, MemberId]:
        rows = self._conn.execute(sql(_PACKAGE, "members_named"), {"names": list(names)})
        return {name: MemberId(member_id) for name, member_id, _ in rows}

    def _open(self, by_member: Mapping[MemberId, Sequence[Keyed]]) -> None:
        coming = dict.fromkeys(by_member, Coming.on(self._opening.on))
        known = known_members(self._conn, self._published, coming, locked=True)
        shared = counts_for(self._conn, self._published, known.values(), locked=True)
        before = self._opened_before(by_member)
        histories = []
        for member_id, rows in by_member.items():
            history = MemberHistory(known[member_id], self._published.current, shared)
            for key, row in rows:
                earlier = before.get((member_id, key))
                if (line := self._line_of(member_id, key, row)) != row.line:
                    self._then_say(row, Code.REPEATED_BALANCE, {"line": str(line)})
                elif earlier is None:
                    self._give(history, key, row)
                elif earlier == row.points:
                    self._then_count(row, "already")
                else:
                    self._then_say(row, Code.OTHER_BALANCE, {"found": str(earlier)})
            history.bring_to(self._published.current, history.facts.as_of)
            histories.append(history)
        write_histories(self._conn, [each for each in histories if each.steps], [])

    def _opened_before(self, by_member: Mapping[MemberId, Sequence[Keyed]]) -> dict[tuple[MemberId, str], int]:
        """(member, key) -> the points that the books hold under it; locked members get no more meanwhile."""
        asked = [(member_id, f"{key}#0") for member_id, rows in by_member.items() for key, _ in rows]
        given = {"members": [member_id for member_id, _ in asked], "keys": [key for _, key in asked]}
        found = self._conn.execute(sql(_PACKAGE, "openings_known"), given)
        return {(MemberId(row[0]), row[1].removesuffix("#0")): row[3] for row in found}

    def _give(self, history: MemberHistory, key: str, row: BalanceRow) -> None:
        at = day_start(self._opening.on, self._published.zone_in(history.country))
        version = self._published.at(day_start(self._opening.on, self._published.zone))
        history.bring_to(version, self._opening.on)
        event = PointsGiven(
            new_event_id(),
            datetime.combine(self._opening.on, clock.min),
            row.wallet or version.programme.wallets[0].code,
            row.points,
            row.reference or self._opening.source,
            by_terms=row.by_terms,
            usable_from=row.usable_from,
            expires_on=row.expires_on,
            migrated=True,
        )
        decision = history.take(version, event, at, key)
        if decision.refusals:
            self._then_say(row, Code.UNKNOWN_WALLET, {"found": event.wallet, "known": ""})
        else:
            self._then_count(row, "opened")

    def _then_count(self, row: BalanceRow, as_what: str) -> None:
        self._when_written.append(partial(self._count, row, as_what))

    def _then_say(self, row: BalanceRow, code: Code, params: dict[str, str]) -> None:
        self._when_written.append(partial(self._say, row, code, params))

    def _count(self, row: BalanceRow, as_what: str) -> None:
        self._rows[as_what] += 1
        self._points[as_what] += row.points

    def _say(self, row: BalanceRow, code: Code, params: dict[str, str], *, as_what: str = "refused") -> None:
        self._count(row, as_what)
        said = f"member={row.member}; points={row.points}"
        self._refuse(RowRefused(row.line, code, {"column": "", **params}, row.member, said))

    def _in_books(self) -> int:
        row = self._conn.execute(sql(_PACKAGE, "openings_of_source"), {"prefix": self._prefix}).fetchone()
        assert row is not None
        return int(row[0])
