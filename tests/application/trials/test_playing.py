"""Playing cases: time, members, repeats, shared limits, and what cannot be played."""

from pathlib import Path

import pytest

from application.trials.playing import EURO_A_POINT, failed, report_of, reports_of
from cagnotte.application.trials.report import Problem


def test_a_step_without_a_time_happens_when_the_one_before_did(tmp_path: Path) -> None:
    report = report_of(
        tmp_path,
        f"{EURO_A_POINT}\ncases: [{{id: A, steps: [{{at: 2026-05-01T09:15, credit: 1}}, {{credit: 2}}]}}]",
    )

    assert [step.at.isoformat() for step in report.steps] == ["2026-05-01T09:15:00", "2026-05-01T09:15:00"]


def test_the_first_step_without_a_time_happens_on_the_first_of_january(tmp_path: Path) -> None:
    report = report_of(tmp_path, f"{EURO_A_POINT}\ncases: [{{id: A, sale: {{paid: 1}}}}]")

    assert report.steps[0].at.isoformat() == "2026-01-01T12:00:00"


def test_what_ends_between_two_steps_belongs_to_the_case_and_to_neither_step(tmp_path: Path) -> None:
    report = report_of(
        tmp_path,
        """
cases:
- id: A
  programme: {extends: false}
  members: {anna: {lots: [{points: 10, expires: 2026-02-01}]}}
  steps:
  - {at: 2026-01-01, credit: 1}
  - {at: 2026-03-01, credit: 1, expect: {expired: 0, balance: 2}}
  expect: {expired: 10}
""",
    )

    assert report.passed
    assert [(due.about, due.day.isoformat()) for due in report.steps[1].due] == [("day", "2026-02-01")]


def test_points_that_a_day_makes_usable_are_released_by_the_days_up_to_the_step(tmp_path: Path) -> None:
    report = report_of(
        tmp_path,
        """
cases:
- id: A
  programme: {extends: false}
  members:
    anna:
      lots:
      - {points: 10, usable_from: 2026-02-01}
      - {points: 5, usable_from: 2026-03-01}
      - {points: 3, usable_from: 2026-04-01, expires: 2026-04-01}
  steps:
  - {at: 2026-01-01, credit: 1, expect: {released: 0, pending: 18}}
  - {clock: 2026-02-01, expect: {released: 10, pending: 8}}
  - {clock: 2026-02-01, expect: {released: 0}}
  - {at: 2026-03-01, burn: 1, expect: {released: 0}}
  - {clock: 2026-05-01, expect: {released: 0, expired: 3, pending: 0}}
  expect: {released: 15, balance: 15}
""",
    )

    assert report.passed, failed(report)


def test_the_same_case_gives_the_same_answer_to_the_byte(tmp_path: Path) -> None:
    text = f"{EURO_A_POINT}\ncases: [{{id: A, steps: [{{id: o, sale: {{paid: 9}}}}, {{return: o}}]}}]"

    assert report_of(tmp_path, text) == report_of(tmp_path, text)


def test_a_repeated_burn_burns_once(tmp_path: Path) -> None:
    report = report_of(
        tmp_path,
        """
cases:
- id: A
  programme: {extends: false}
  members: {anna: {points: 100}}
  steps: [{id: b1, burn: 30}, {id: b1, burn: 30, expect: {burned: 0, repeated: true}}]
  expect: {burned: 30, balance: 70, repeated: true}
""",
    )

    assert failed(report) == []


def test_a_failed_expectation_names_step_field_and_both_figures(tmp_path: Path) -> None:
    report = report_of(
        tmp_path,
        f"""{EURO_A_POINT}
cases:
- id: A
  sale: {{paid: 5}}
  expect: {{points: 6, payable: 4.99, lots: [{{points: 5, expires: 2027-01-01}}], tier: gold, offers: [x]}}
""",
    )

    assert not report.passed
    assert [(step, field, expected) for step, field, expected, _ in failed(report)] == [
        (0, "points", 6),
        (0, "lots", [{"points": 5, "expires": report.checks[1].expected[0]["expires"]}]),  # type: ignore[index]
        (0, "payable", "4.99"),
        (0, "offers", ["x"]),
        (0, "tier", "gold"),
    ]


@pytest.mark.parametrize(
    ("expected", "passes"),
    [
        ("{points_by_rule: {base: 5}}", True),
        ("{points_by_rule: {base: 5, other: 0}}", True),
        ("{points_by_rule: {}}", False),
        ("{vouchers: {}}", True),
        ("{lots: []}", False),
        ("{lots: [{points: 5}, {points: 5}]}", False),
        ("{line_discounts: {item: 0.00}}", True),
        ("{line_discounts: {no-such: 0.00}}", True),
        ("{line_discounts: {no-such: 0.01}}", False),
        ("{points: 5, nothing_else: true}", True),
        ("{points_by_rule: {base: 5}, nothing_else: true}", True),
        ("{payable: 5, nothing_else: true}", False),
    ],
)
def test_only_what_is_written_is_compared_and_exactly(tmp_path: Path, expected: str, passes: bool) -> None:
    report = report_of(tmp_path, f"{EURO_A_POINT}\ncases: [{{id: A, sale: {{paid: 5}}, expect: {expected}}}]")

    assert report.passed is passes


def test_a_variant_changes_what_it_names(tmp_path: Path) -> None:
    reports = reports_of(
        tmp_path,
        f"""{EURO_A_POINT}
cases:
- id: A
  sale: {{paid: 5, store: lyon}}
  expect: {{points: 5, payable: 5}}
  variants:
  - {{id: more, sale: {{paid: 7}}, expect: {{points: 7, payable: 7}}}}
  - {{sale: {{paid: 3}}, expect: {{points: 3, payable: 3}}}}
  - {{id: steps, steps: [{{credit: 4}}], expect: {{points: 4, payable: 0}}}}
""",
    )

    assert [(report.id, report.passed) for report in reports] == [
        ("A/more", True),
        ("A/2", True),
        ("A/steps", True),
    ]


def test_settings_of_a_case_are_laid_over_those_of_the_file_and_lists_are_replaced(tmp_path: Path) -> None:
    reports = reports_of(
        tmp_path,
        """
programme:
  extends: false
  earning: {rounding: {mode: up}, tax: excluded}
  earn: [{code: a, points: 1, per: 100}, {code: b, points: 1, per: 100}]
cases:
- id: laid
  programme: {earning: {tax: included}}
  sale: {lines: [{price: 1.50, tax: 0.60}]}
  expect: {points: 4}
- id: replaced
  programme: {earn: [{code: c, points: 1, per: 100}]}
  sale: {lines: [{price: 1.50, tax: 0.60}]}
  expect: {points: 1, points_by_rule: {c: 1}}
- id: taken-away
  programme: {earning: null}
  sale: {lines: [{price: 1.50, tax: 0.60}]}
  expect: {points: 2}
""",
    )

    assert [failed(report) for report in reports] == [[], [], []]


@pytest.mark.parametrize(
    ("case", "problem"),
    [
        ("note: empty", Problem("no_steps", "", {})),
        ("sale: {paid: 1, delivery: -1}", Problem("negative_amount", "sale.delivery", {})),
        (
            "sale: {lines: [{price: 1, quantity: 2147483648}]}",
            Problem("number_too_large", "sale.lines[0]", {"found": "2147483648", "most": "2147483647"}),
        ),
        (
            "sale: {paid: 10995116277.76}",
            Problem("number_too_large", "sale", {"found": "1099511627776", "most": "1099511627775"}),
        ),
        ("sale: {paid: 1}, steps: [{credit: 1}]", Problem("sale_and_steps", "", {})),
        ("steps: [{sale: {paid: 1, lines: [{price: 1}]}}]", Problem("paid_and_lines", "steps[0].sale", {})),
        ("sale: {lines: [{sku: a}]}", Problem("line_without_price", "sale.lines[0]", {})),
        (
            "steps: [{id: o, credit: 5}, {return: {sale: o, lines: {a: 1}}}]",
            Problem("lines_of_credit", "steps[1].return.lines", {}),
        ),
        (
            "steps: [{id: o, sale: {paid: 5}}, {return: {sale: o, points: 5}}]",
            Problem("points_of_sale", "steps[1].return.points", {}),
        ),
        ("steps: [{return: o1}]", Problem("unknown_sale", "steps[0].return", {"name": "o1", "known": "-"})),
        ("expect: {points: 0}", Problem("no_steps", "", {})),
        (
            "steps: [{member: ana, credit: 1}], members: {anna: {}}",
            Problem("unknown_member", "steps[0].credit", {"name": "ana", "known": "anna", "suggestion": "anna"}),
        ),
        (
            "sale: {paid: 1.005}",
            Problem("too_many_decimals", "sale", {"found": "1.005", "decimals": "2"}),
        ),
        (
            "sale: {paid: 1, attributes: {gift: true}}",
            Problem("unknown_attribute", "sale", {"name": "gift", "known": "-"}),
        ),
    ],
)
def test_what_cannot_be_played_says_why_and_where(tmp_path: Path, case: str, problem: Problem) -> None:
    report = report_of(tmp_path, f"{EURO_A_POINT}\ncases: [{{id: A, {case}}}]")

    assert report.problem == problem
    assert not report.passed


@pytest.mark.parametrize(
    ("step", "code"), [("{note: x}", "nothing_happens"), ("{burn: 1, credit: 1}", "two_things")]
)
def test_one_thing_happens_in_a_step(tmp_path: Path, step: str, code: str) -> None:
    report = report_of(tmp_path, f"{EURO_A_POINT}\ncases: [{{id: A, steps: [{step}]}}]")

    assert report.problem is not None
    assert (report.problem.code, report.problem.at) == (code, "steps[0]")


def test_a_programme_that_is_refused_fails_the_case_with_its_faults(tmp_path: Path) -> None:
    report = report_of(
        tmp_path, "cases: [{id: A, programme: {extends: false, earn: [{points: no_such}]}, sale: {paid: 1}}]"
    )

    assert not report.passed
    assert [(fault.code, fault.path) for fault in report.faults] == [("rule.unknown_name", ("earn", 0, "points"))]
    assert 'points = "no_such"' in report.document


def test_a_texts_date_is_a_date_where_the_document_wants_one(tmp_path: Path) -> None:
    report = report_of(
        tmp_path,
        """
cases:
- id: A
  programme: {extends: false, earn: [{points: 1, begins: '2026-02-01', ends: '2026-02-28T20:00:00'}]}
  steps:
  - {at: 2026-01-31, sale: {paid: 1}}
  - {at: 2026-02-01, sale: {paid: 1}}
  - {at: 2026-02-28T20:00, sale: {paid: 1}}
  expect: {points: 1}
""",
    )

    assert failed(report) == []


ABROAD = """
programme:
  extends: false
  countries: {JP: {timezone: Asia/Tokyo, currency: JPY, worth: "0.0062"}, US: {timezone: America/New_York}}
  wallets: {points: {expiry: {after: 1 day}}}
  earn: [{code: base, points: 1, per: 100}]
members: {anna: {}, yuki: {country: JP}, nina: {country: US}}
"""


@pytest.mark.parametrize(
    ("sale", "code", "at"),
    [
        ("{paid: 1, currency: CHF}", "unknown_currency", "steps[0].sale.currency"),
        ("{paid: 1.50, currency: JPY}", "too_many_decimals", "steps[0].sale"),
    ],
)
def test_a_sale_that_cannot_be_exchanged_is_a_problem(tmp_path: Path, sale: str, code: str, at: str) -> None:
    report = report_of(tmp_path, f"{ABROAD}\ncases: [{{id: A, steps: [{{sale: {sale}}}]}}]")

    assert report.problem is not None
    assert (report.problem.code, report.problem.at) == (code, at)


def test_amounts_are_compared_in_the_currency_of_the_sale(tmp_path: Path) -> None:
    report = report_of(
        tmp_path,
        f"""{ABROAD}
cases:
- id: A
  steps:
  - {{member: yuki, id: one, sale: {{paid: 1990}}, expect: {{payable: 1990, counted: 12.34, discount_total: 0}}}}
  - {{member: yuki, return: one, expect: {{refund: 1990, points: -12}}}}
  - {{member: anna, sale: {{paid: 19.90}}, expect: {{payable: 19.90, counted: 19.90}}}}
""",
    )

    assert (report.problem, failed(report)) == (None, [])


def test_a_day_that_is_expired_is_that_day_of_every_member_and_a_time_is_the_same_for_all(tmp_path: Path) -> None:
    report = report_of(
        tmp_path,
        f"""{ABROAD}
cases:
- id: A
  start: 2026-03-01
  steps:
  - {{at: 2026-03-10T12:00, member: anna, sale: {{paid: 1.00}}}}
  - {{at: 2026-03-10T12:00, member: yuki, sale: {{paid: 100, currency: JPY}}}}
  - {{at: '2026-03-10T12:00+01:00', member: yuki, sale: {{paid: 1.00, currency: EUR}}}}
  - at: '2026-03-10T16:30Z'
    member: anna
    sale: {{paid: 1.00}}
    expect: {{members: {{yuki: {{balance: 0}}, anna: {{balance: 2}}}}}}
  - {{expire: 2026-03-11, expect: {{members: {{anna: {{balance: 0}}}}}}}}
""",
    )

    assert (report.problem, failed(report)) == (None, [])
    assert [step.at.isoformat() for step in report.steps][2:4] == ["2026-03-10T20:00:00", "2026-03-10T17:30:00"]
