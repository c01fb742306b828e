"""cagnotte accounts breakage | backtest | liability | forecast"""

import argparse
import sys
from datetime import UTC, date, datetime
from gettext import gettext as _
from pathlib import Path

import msgspec

from cagnotte.application.errors import RequestError
from cagnotte.application.forecast_closing import Forecast, ForecastClosing, forecast_closing
from cagnotte.application.published import load_published
from cagnotte.application.show_breakage import BackTest, Shown, back_test_estimates, show_breakage
from cagnotte.application.show_liability import Cut, LiabilityOf, show_liability
from cagnotte.channels.cli.arguments import a_day, a_month
from cagnotte.channels.cli.terminal import DONE, REFUSED, Terminal
from cagnotte.channels.files.liabilities import csv_liability
from cagnotte.channels.wording import N_
from cagnotte.domain.breakage.estimate import Between, CohortEstimate
from cagnotte.domain.breakage.made import Made
from cagnotte.domain.programme.currencies import DECIMALS

_WHOLE = 10_000
_UPLIFT_MOST = 100_000

_KEPT = N_("“%(wallet)s”, %(month)s: breakage as it was estimated when the month was closed.")
_MADE_NOW = N_("“%(wallet)s”, %(month)s: breakage estimated now, from the books as they stand.")
_NEW = N_(
    "Of points given anew, %(share)s %% are expected never to be used (from %(low)s to %(high)s, at %(sure)s %%"
    " confidence)."
)
_APPLIED = N_("The accounts count with %(share)s %%, between the floor %(floor)s and the ceiling %(ceiling)s.")
_APPLIED_LOW = N_(
    "The accounts count with %(share)s %%, which is highly probable: the lower end of the interval, between the"
    " floor %(floor)s and the ceiling %(ceiling)s."
)
_NOT_APPLIED = N_(
    "The accounts count with %(share)s %%, as the programme says or a person stated. To count with the estimate:"
    " [wallets.%(wallet)s.accounting.estimate]"
)
_CHANGED = N_("The month before it was %(share)s %% (%(low)s to %(high)s), and %(applied)s %% counted.")
_BOOKED = N_("The new estimate changed the balance by %(amount)s.")
_YET = N_(
    "Of %(open)s points open, %(use)s are expected to be used yet (from %(low)s to %(high)s); members in %(parts)s"
    " groups."
)
_BEYOND = N_(
    "No cohort is older than %(oldest)s months; after that, use is taken to go on as in the last three ages until"
    " the points end, and the interval goes from no use to the most use of any age."
)
_VOUCHERS = N_("Points that became a voucher count as used; whether vouchers are used is not in the books.")
_COHORTS = N_(
    "month | given | taken back | used | expired | open | of its own | never used, % | from | to | counted"
)
_AGES = N_("age | used, in percent of what was open | expired, in percent")
_TRIANGLE = N_("used by age: month | 0 | 1 | 2 …")

_TESTED = N_("estimated in | open | expected to be used | from | to | used | error, % | within | made")
_KEPT_THEN, _REMADE, _KEPT_OTHER = N_("then"), N_("remade"), N_("then, and the books give another now")
_YES, _NO = N_("yes"), N_("no")
_VERDICT = N_(
    "%(within)s of %(months)s months lie within their interval, %(cohorts_within)s of %(cohorts)s cohorts;"
    " %(sure)s %% were promised. Error of all months together: %(bias)s %%."
)

_FROM = N_("“%(wallet)s” from the end of %(month)s, the last closed month, to %(day)s.")
_ASSUMED = N_(
    "Taken: points are given up to %(earn)s, %(given)s in a whole month; used up to %(burn)s, by the hazards of"
    " the estimate, %(uplift)s %% more from the month of %(announced)s on; what is open then is lost."
)
_AHEAD = N_("month | open | given | used | expired | lost | open at its end | goods given for points")
_EARNED = N_(
    "Deferred revenue of %(balance)s today: %(catch_up)s is earned at once, since another use is expected;"
    " %(rest)s with the use of the points."
)
_PROVISION = N_(
    "Provision of %(balance)s today: %(catch_up)s is not needed at once, %(rest)s with the use of the points."
)
_NO_CASH = N_(
    "Goods of %(goods)s are given for points, without cash. Points given in these months bring amounts of their"
    " own, which are not in these figures."
)
_LIABILITY = {
    Cut.COHORT: N_("month | points open | worth | expected to be used | deferred | provision | balance"),
    Cut.WALLET: N_("wallet | points open | worth | expected to be used | deferred | provision | balance"),
    Cut.TIER: N_("status | points open | worth | expected to be used | deferred | provision | balance"),
    Cut.STORE: N_("store | points open | worth | expected to be used | deferred | provision | balance"),
}
_AT = N_("At the end of %(month)s, in %(currency)s:")
_TOTAL = N_("all")


def add_breakage(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    shown = verbs.add_parser("breakage", help=_("points that are expected never to be used, estimated by cohort"))
    tested = verbs.add_parser("backtest", help=_("earlier estimates against what has happened since"))
    for each in (shown, tested):
        each.add_argument("--wallet", required=True, metavar="WALLET", help=_("its code in the programme"))
        each.add_argument("--at", type=a_month, required=True, metavar="MONTH", help=_("like 2026-03"))
        each.add_argument("--json", action="store_true", help=_("one JSON object on the standard output"))
    shown.set_defaults(run=run_breakage)
    tested.set_defaults(run=run_backtest)
    liability = verbs.add_parser("liability", help=_("what open points stand for at the end of a closed month"))
    liability.add_argument(
        "--at", type=a_day, required=True, metavar="DATE", help=_("a day of the closed month, like 2026-03-31")
    )
    liability.add_argument("--by", type=Cut, choices=tuple(Cut), default=Cut.WALLET, help=_("default: wallet"))
    form = liability.add_mutually_exclusive_group()
    form.add_argument("--csv", action="store_true", help=_("rows for a spreadsheet, on the standard output"))
    form.add_argument("--json", action="store_true", help=_("one JSON object on the standard output"))
    liability.add_argument("--output", type=Path, metavar="FILE", help=_("with --csv: a file"))
    liability.set_defaults(run=run_liability)
    _add_forecast(verbs.add_parser("forecast", help=_("what a closing of the programme on a day would mean")))


def _add_forecast(forecast: argparse.ArgumentParser) -> None:
    forecast.add_argument("--close", type=a_day, required=True, metavar="DATE", help=_("the programme's last day"))
    forecast.add_argument("--wallet", required=True, metavar="WALLET", help=_("its code in the programme"))
    forecast.add_argument("--last-earn", type=a_day, metavar="DATE", help=_("points are given up to this day"))
    forecast.add_argument("--last-burn", type=a_day, metavar="DATE", help=_("points are used up to this day"))
    forecast.add_argument(
        "--announced", type=a_day, metavar="DATE", help=_("from its month on use is higher; default: today")
    )
    forecast.add_argument(
        "--uplift",
        type=_a_percentage,
        default=0,
        metavar="PERCENT",
        help=_("how much higher, like 50; default: 0"),
    )
    forecast.add_argument(
        "--given",
        type=_a_number,
        metavar="POINTS",
        help=_("points given in a month; default: as in the last year"),
    )
    forecast.add_argument("--json", action="store_true", help=_("one JSON object on the standard output"))
    forecast.set_defaults(run=run_forecast)


def run_breakage(arguments: argparse.Namespace, terminal: Terminal) -> int:
    with terminal.connected() as conn:
        try:
            shown = show_breakage(
                conn, load_published(conn), arguments.wallet, arguments.at, now=datetime.now(UTC)
            )
        except RequestError as error:
            return terminal.refused(error)
    if arguments.json:
        terminal.json(shown)
        return DONE
    _tell_estimate(shown, terminal)
    for row in _cohort_rows(shown.made, terminal):
        terminal.line(row)
    return DONE


def _tell_estimate(shown: Shown, terminal: Terminal) -> None:
    made, found = shown.made, shown.made.estimate
    terminal.say(_KEPT if shown.is_kept else _MADE_NOW, wallet=found.wallet, month=f"{found.month:%Y-%m}")
    terminal.say(_NEW, **_interval(found.new, terminal), sure=found.confidence)
    if made.terms is None:
        terminal.say(_NOT_APPLIED, share=terminal.speech.percent(made.applied_new), wallet=found.wallet)
    else:
        terminal.say(
            _APPLIED_LOW if made.terms.constrained else _APPLIED,
            share=terminal.speech.percent(made.applied_new),
            floor=terminal.speech.percent(made.terms.floor),
            ceiling=terminal.speech.percent(made.terms.ceiling),
        )
    if shown.before is not None:
        before = shown.before
        terminal.say(
            _CHANGED,
            **_interval(before.estimate.new, terminal),
            applied=terminal.speech.percent(before.applied_new),
        )
    if shown.booked_minor is not None:
        terminal.say(_BOOKED, amount=_amount(shown.booked_minor, shown.currency, terminal))
    number = terminal.speech.number
    terminal.say(
        _YET,
        open=number(sum(each.open for each in found.cohorts)),
        use=number(found.use.value),
        low=number(found.use.low),
        high=number(found.use.high),
        parts=found.parts,
    )
    terminal.say(_BEYOND, oldest=len(found.hazards.used) - 1)
    terminal.say(_VOUCHERS)


def _cohort_rows(made: Made, terminal: Terminal) -> list[str]:
    say, number = terminal.speech.say, terminal.speech.number
    rows = ["", say(_COHORTS)]
    rows.extend(_cohort_row(each, made.applied[each.cohort], terminal) for each in made.estimate.cohorts)
    rows.extend(("", say(_AGES)))
    known = made.estimate.hazards
    for age, (used, expired) in enumerate(zip(known.used, known.expired, strict=True)):
        shares = (terminal.speech.percent(round(each * _WHOLE)) for each in (used, expired))
        rows.append(" | ".join((str(age), *shares)))
    rows.extend(("", say(_TRIANGLE)))
    for cohort, column in made.columns.items():
        rows.append(" | ".join((f"{cohort:%Y-%m}", *(number(cell.used) for cell in column))))
    return rows


def _cohort_row(each: CohortEstimate, applied: int, terminal: Terminal) -> str:
    number, seen, share = terminal.speech.number, each.seen, each.breakage
    counts = map(number, (seen.given, seen.taken, seen.used, seen.expired, each.open))
    rates = map(terminal.speech.percent, (each.credibility, share.value, share.low, share.high, applied))
    return " | ".join((f"{each.cohort:%Y-%m}", *counts, *rates))


def run_backtest(arguments: argparse.Namespace, terminal: Terminal) -> int:
    with terminal.connected() as conn:
        try:
            found = back_test_estimates(
                conn, load_published(conn), arguments.wallet, arguments.at, now=datetime.now(UTC)
            )
        except RequestError as error:
            return terminal.refused(error)
    if arguments.json:
        terminal.json(found)
    else:
        _tell_tests(found, terminal)
    return DONE


def _tell_tests(found: BackTest, terminal: Terminal) -> None:
    say, number = terminal.speech.say, terminal.speech.number
    terminal.say(_TESTED)
    for each in found.months:
        test = each.tested
        made = _REMADE if not each.is_kept else _KEPT_THEN if each.is_same else _KEPT_OTHER
        counts = (test.open, test.expected.value, test.expected.low, test.expected.high, test.used)
        rest = (terminal.speech.percent(test.error), say(_YES if test.is_within else _NO), say(made))
        terminal.line(" | ".join((f"{test.month:%Y-%m}", *map(number, counts), *rest)))
    verdict = found.verdict
    terminal.say(
        _VERDICT,
        within=verdict.within,
        months=verdict.months,
        cohorts_within=verdict.cohorts_within,
        cohorts=verdict.cohorts,
        sure=verdict.confidence,
        bias=terminal.speech.percent(verdict.bias),
    )


def run_liability(arguments: argparse.Namespace, terminal: Terminal) -> int:
    with terminal.connected() as conn:
        try:
            found = show_liability(conn, arguments.at)
        except RequestError as error:
            return terminal.refused(error)
    rows = [row for row in found.rows if row.cut is arguments.by]
    if arguments.json:
        terminal.json({"period": found.period, "by": arguments.by, "rows": rows})
        return DONE
    if arguments.csv or arguments.output is not None:
        return _write(csv_liability(found.period, rows), arguments.output, terminal)
    _tell_liability(msgspec.structs.replace(found, rows=tuple(rows)), arguments.by, terminal)
    return DONE


def _tell_liability(found: LiabilityOf, cut: Cut, terminal: Terminal) -> None:
    currency = found.period.currency
    terminal.say(_AT, month=f"{found.period.month:%Y-%m}", currency=currency)
    terminal.say(_LIABILITY[cut])
    for row in found.rows:
        _tell_row(
            row.code or "–",
            (row.points, row.expected_points),
            (row.value_minor, row.deferred_minor, row.provision_minor, row.balance_minor),
            currency,
            terminal,
        )
    sums = [
        sum(getattr(row, name) for row in found.rows)
        for name in (
            "points",
            "expected_points",
            "value_minor",
            "deferred_minor",
            "provision_minor",
            "balance_minor",
        )
    ]
    _tell_row(
        terminal.speech.say(_TOTAL), (sums[0], sums[1]), (sums[2], sums[3], sums[4], sums[5]), currency, terminal
    )


def _tell_row(
    code: str, points: tuple[int, int], minor: tuple[int, int, int, int], currency: str, terminal: Terminal
) -> None:
    number = terminal.speech.number
    worth, *owed = (_amount(each, currency, terminal) for each in minor)
    terminal.line(" | ".join((code, number(points[0]), worth, number(points[1]), *owed)))


def run_forecast(arguments: argparse.Namespace, terminal: Terminal) -> int:
    asked = ForecastClosing(
        wallet=arguments.wallet,
        close=arguments.close,
        last_earn=arguments.last_earn,
        last_burn=arguments.last_burn,
        announced=arguments.announced,
        uplift=arguments.uplift,
        given=arguments.given,
    )
    with terminal.connected() as conn:
        try:
            found = forecast_closing(conn, load_published(conn), asked, now=datetime.now(UTC))
        except RequestError as error:
            return terminal.refused(error)
    if arguments.json:
        terminal.json(found)
    else:
        _tell_forecast(found, arguments.close, terminal)
    return DONE


def _tell_forecast(found: Forecast, close: date, terminal: Terminal) -> None:
    number, day, plan = terminal.speech.number, terminal.speech.day, found.plan
    terminal.say(_FROM, wallet=found.wallet, month=f"{found.month:%Y-%m}", day=day(close))
    terminal.say(
        _ASSUMED,
        earn=day(plan.last_earn),
        given=number(found.given),
        burn=day(plan.last_burn),
        uplift=terminal.speech.percent(plan.uplift),
        announced=day(plan.announced),
    )
    terminal.say(_AHEAD)
    for each, goods in zip(found.ahead, found.deferred.goods, strict=True):
        counts = (each.opening, each.given, each.used, each.expired, each.lost, each.closing)
        cells = (f"{each.month:%Y-%m}", *map(number, counts), _amount(goods, found.currency, terminal))
        terminal.line(" | ".join(cells))
    for sentence, own in ((_EARNED, found.deferred), (_PROVISION, found.provision)):
        terminal.say(
            sentence,
            balance=_amount(own.balance, found.currency, terminal),
            catch_up=_amount(own.catch_up, found.currency, terminal),
            rest=_amount(sum(own.months), found.currency, terminal),
        )
    terminal.say(_NO_CASH, goods=_amount(sum(found.deferred.goods), found.currency, terminal))


def _interval(between: Between, terminal: Terminal) -> dict[str, str]:
    percent = terminal.speech.percent
    return {"share": percent(between.value), "low": percent(between.low), "high": percent(between.high)}


def _amount(minor: int, currency: str, terminal: Terminal) -> str:
    return terminal.speech.amount(minor, currency, DECIMALS[currency])


def _a_percentage(text: str) -> int:
    """Whole percent as basis points."""
    found = _a_number(text) * 100
    if found > _UPLIFT_MOST:
        raise argparse.ArgumentTypeError(_("“%(text)s” is too much: at most 1000 percent") % {"text": text})
    return found


def _a_number(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise argparse.ArgumentTypeError(_("“%(text)s” is not a whole number of 0 or more") % {"text": text})
    return int(text)


def _write(text: str, file: Path | None, terminal: Terminal) -> int:
    if file is None:
        sys.stdout.write(text)
        return DONE
    try:
        file.write_bytes(text.encode())
    except OSError as error:
        terminal.warn(N_("“%(file)s” cannot be written: %(reason)s"), file=file, reason=error.strerror)
        return REFUSED
    terminal.say(N_("Written to “%(file)s”."), file=file)
    return DONE
