"""What a programme document says, and every fault that it can have, with its place."""

import pytest

from cagnotte.domain.earning.terms import Formula
from cagnotte.domain.kernel import Period, PeriodUnit
from cagnotte.domain.points.terms import Expiry, RoundedTo
from cagnotte.domain.programme.document import VoucherTerms
from cagnotte.domain.programme.faults import ProgrammeFaultCode as Code
from cagnotte.domain.tiers.terms import MeasuredIn, Reach
from domain.programme.test_table_faults import FAULTY as FAULTY_TABLES
from domain.programmes import FULL, HEAD, PLAIN, faults_of, programme_of

MONTHS, DAYS = PeriodUnit.MONTHS, PeriodUnit.DAYS


def test_a_whole_document_becomes_the_programme_that_it_says() -> None:
    programme = programme_of(FULL)

    assert (programme.code, programme.currency, programme.timezone) == ("maison", "EUR", "Europe/Paris")
    assert programme.name == {"fr": "La Maison", "en": "The House"}
    assert [(w.code, w.expiry, w.name) for w in programme.wallets] == [
        ("points", Expiry(Period(3, MONTHS), RoundedTo.MONTH), {"en": "Points", "fr": "Points"}),
        ("stars", Expiry(Period(30, DAYS)), {}),
    ]
    assert [(r.code, r.wallet, r.when is None) for r in programme.earn] == [
        ("base", "points", True),
        ("wine", "points", False),
        ("loyal", "stars", False),
    ]
    assert [(tier.code, tier.reach) for tier in programme.tiers] == [
        ("member", Reach("spend", 0)),
        ("silver", Reach("spend", 8000, MeasuredIn.ROLLING, Period(45, DAYS))),
        ("gold", Reach("points", 150, MeasuredIn.ROLLING, Period(2, MONTHS), "points")),
    ]
    assert [(c.code, c.wallet, c.points, c.voucher, c.automatic) for c in programme.conversions] == [
        ("voucher", "points", 100, VoucherTerms(500, Period(2, MONTHS)), True),
        ("treat", "stars", 5, VoucherTerms(100), False),
    ]


def test_a_wallet_without_expiry_keeps_its_points_for_ever() -> None:
    assert programme_of(PLAIN).wallets[0].expiry == Expiry()


def test_the_smallest_programme_is_a_head_and_one_wallet() -> None:
    programme = programme_of(f"{HEAD}[wallets.points]\n")

    assert (programme.earn, programme.tiers, programme.conversions) == ((), (), ())


def test_a_word_of_the_rule_language_cannot_name_an_attribute() -> None:
    text = f'{HEAD}[wallets.points]\n[attributes]\nline = {{ while = "int" }}\n'

    assert [fault.code for fault in faults_of(text)] == [Code.BAD_NAME]


def test_a_wallet_whose_code_rules_cannot_write_is_left_out_of_their_names() -> None:
    text = f'{HEAD}[wallets.gift-card]\n[wallets.stars]\n[[earn]]\ncode = "a"\npoints = "balances.stars"\n'

    assert faults_of(text) == ()
    assert [f.code for f in faults_of(text.replace("balances.stars", "balances.gift"))] == ["rule.unknown_field"]


def test_a_rule_may_be_a_plain_whole_number() -> None:
    programme = programme_of(FULL.replace("points = 7", "points = 0x0A"))

    amount = programme.earn[2].amount
    assert isinstance(amount, Formula)
    assert amount.points.evaluate(object()) == 10


FAULTY = [
    ('currency = "EUR"', "currency = EUR", Code.NOT_TOML, "E"),
    ('code = "maison"', 'codes = "maison"', Code.UNKNOWN_NAME, "codes"),
    ("[programme]", "[[ofers]]\ncode = 'x'\n[programme]", Code.UNKNOWN_NAME, "[[ofers]]"),
    ("points = 7", "pionts.a = 7", Code.UNKNOWN_NAME, "pionts.a"),
    ('timezone = "Europe/Paris"\n', "", Code.MISSING, "[programme]"),
    ("points = 7", "", Code.ONE_NEEDED, "[[earn]]"),
    (
        'expiry = { after = "3 months", rounded_to',
        'expiry = { on = "12-31", rounded_to',
        Code.NEEDS_ANOTHER,
        "rounded_to",
    ),
    ('code = "maison"', "code = 12", Code.WRONG_TYPE, "12"),
    ("amount = 500", "amount = true", Code.WRONG_TYPE, "true"),
    ("amount = 500", "amount = 5.00", Code.WRONG_TYPE, "5.00"),
    ('name = { fr = "Or", en = "Gold" }', 'name = { fr = "Or", en = 1 }', Code.WRONG_TYPE, "1"),
    ('name = { fr = "Or", en = "Gold" }', "name = 2026-01-01", Code.WRONG_TYPE, "2026-01-01"),
    ('code = "maison"', 'code = "  "', Code.EMPTY, '"  "'),
    ("points = 7", "points = ''", Code.EMPTY, "''"),
    ('wallet = "stars"\nwhen', 'wallet = " "\nwhen', Code.EMPTY, '" "'),
    ('after = "30 days"', 'after = ""', Code.EMPTY, '""'),
    ('code = "maison"', 'code = "La Maison"', Code.BAD_CODE, '"La Maison"'),
    ("[wallets.points]", '[wallets."points "]\n[wallets.points]', Code.BAD_CODE, '[wallets."points "]'),
    ('code = "wine"', 'code = "base"', Code.DUPLICATE_CODE, '"base"'),
    ('wallet = "stars"\nwhen', 'wallet = "star"\nwhen', Code.UNKNOWN_WALLET, '"star"'),
    ("Europe/Paris", "Europe/Pari", Code.UNKNOWN_TIMEZONE, '"Europe/Pari"'),
    ('"EUR"', '"EURO"', Code.UNKNOWN_CURRENCY, '"EURO"'),
    ('on = "purchase"', 'on = "visit"', Code.UNKNOWN_REFERENCE, '"visit"'),
    ('trigger = "on_request"', 'trigger = "request"', Code.UNKNOWN_CHOICE, '"request"'),
    ('rounded_to = "month"', 'rounded_to = "week"', Code.UNKNOWN_CHOICE, '"week"'),
    ('after = "3 months"', 'after = "3 mois"', Code.BAD_PERIOD, '"3 mois"'),
    ('after = "3 months"', 'after = "0 days"', Code.BAD_PERIOD, '"0 days"'),
    ('after = "3 months"', 'after = "1200 months"', Code.BAD_PERIOD, '"1200 months"'),
    ("points = 100", "points = 0", Code.MUST_BE_POSITIVE, "0"),
    ("spend = 8000", "spend = -1", Code.MUST_NOT_BE_NEGATIVE, "-1"),
    ("points = 100", "points = 9007199254740992", Code.NUMBER_TOO_LARGE, "9007199254740992"),
    ("{ spend = 0 }", "{ spend = 0, points = 0 }", Code.ONE_OF_TWO, "points"),
    ("{ spend = 0 }", "{}", Code.ONE_NEEDED, "{}"),
    ("{ spend = 0 }", '{ spend = 0, wallet = "stars" }', Code.NEEDS_ANOTHER, "wallet"),
    (
        'points = 150, within = "2 months"',
        'spend = 8000, within = "45 days"',
        Code.TIER_NEVER_HIGHER,
        '{ spend = 8000, within = "45 days" }',
    ),
    ('code = "silver"', 'code = "none"', Code.RESERVED_CODE, '"none"'),
    ("points = 7", "points = 'hour +'", "rule.unexpected_end", ""),
    ("points = 7", "points = '2 * howr'", "rule.unknown_name", "howr"),
    ("points = 7", 'points = """\n 1 + \\\n   "é" """', "rule.wrong_type", '"é"'),
    ("points = 7", "points = 'hour > 1'", "rule.wrong_result", "hour > 1"),
    ("points = 7", "points = 7\nwhen = 7", Code.NOT_TOML, "\n"),
    ("points = 7", "points = 99999999999999999999", "rule.number_too_big", "99999999999999999999"),
    ("when = 'tier == \"gold\" || balance > 40'", "when = 7", "rule.wrong_result", "7"),
]


@pytest.mark.parametrize(("right", "wrong", "code", "marked"), FAULTY)
def test_a_fault_is_told_with_its_code_and_its_place(right: str, wrong: str, code: str, marked: str) -> None:
    assert FULL.count(right) >= 1
    text = FULL.replace(right, wrong, 1)

    found = [fault for fault in faults_of(text) if fault.code == code]

    assert len(found) == 1
    assert not marked or text[found[0].start : found[0].end] == marked


@pytest.mark.parametrize(("right", "wrong", "code", "marked"), FAULTY)
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_one_mistake_is_one_fault(right: str, wrong: str, code: str, marked: str, ending: str) -> None:
    text = FULL.replace(right, wrong, 1).replace("\n", ending)

    codes = {fault.code for fault in faults_of(text)} - {Code.MISSING, Code.ONE_NEEDED, Code.UNKNOWN_NAME}

    assert codes <= {code}
    assert len(faults_of(text)) == 1 or code == Code.UNKNOWN_NAME  # what was meant is then missing


def test_too_many_wallets_or_conversions_for_one_event_are_refused() -> None:
    wallets = "".join(f"[wallets.w{number}]\n" for number in range(17))
    conversion = "[[conversions]]\ncode = 'c{}'\npoints = 1\nvoucher = {{ amount = 1 }}\n"
    conversions = "".join(conversion.format(number) for number in range(17))

    assert [(f.code, f.path) for f in faults_of(HEAD + wallets)] == [(Code.TOO_MANY, ("wallets",))]
    assert [(f.code, f.path) for f in faults_of(f"{HEAD}[wallets.w]\n{conversions}")] == [
        (Code.TOO_MANY, ("conversions",))
    ]


ELSEWHERE = {Code.TOO_MANY, Code.TOO_LARGE, Code.TOO_MANY_LOTS, Code.END_NOT_KEPT}  # of whole documents


def test_every_code_of_a_fault_has_a_case() -> None:
    assert {case[2] for case in (*FAULTY, *FAULTY_TABLES)} | ELSEWHERE >= set(Code)


def test_several_faults_are_told_at_once_in_the_order_of_the_text() -> None:
    text = (
        FULL.replace('"EUR"', '"EURO"')
        .replace("hour >= 17", "howr >= 17 && weekdy == 2")
        .replace('code = "voucher"', 'code = "Voucher"')
        .replace("amount = 100", "amount = -1")
    )

    found = [(fault.code, text[fault.start : fault.end]) for fault in faults_of(text)]

    assert found == [
        (Code.UNKNOWN_CURRENCY, '"EURO"'),
        ("rule.unknown_name", "howr"),
        ("rule.unknown_name", "weekdy"),
        (Code.BAD_CODE, '"Voucher"'),
        (Code.MUST_BE_POSITIVE, "-1"),
    ]


def test_everything_that_is_missing_is_told_even_where_it_would_stand_at_one_place() -> None:
    assert [fault.params["name"] for fault in faults_of("")] == ["programme", "wallets"]
    assert [fault.path for fault in faults_of("[programme]\n[wallets.points]\n")] == [
        ("programme", "code"),
        ("programme", "currency"),
        ("programme", "timezone"),
    ]


def test_what_follows_from_a_fault_is_not_told_as_another() -> None:
    no_wallets = f"{HEAD}\n[[earn]]\ncode = 'a'\nwallet = 'points'\npoints = 1\n"
    bad_reach = f"{HEAD}[wallets.points]\n[[tiers]]\ncode = 'a'\nreach = 1\n[[tiers]]\ncode = 'b'\nreach = 2\n"
    wallets_a_number = f"wallets = 3\n{HEAD}"

    assert [fault.path for fault in faults_of(no_wallets)] == [("wallets",)]
    assert [fault.path for fault in faults_of(bad_reach)] == [("tiers", 0, "reach"), ("tiers", 1, "reach")]
    assert [fault.code for fault in faults_of(wallets_a_number)] == [Code.WRONG_TYPE]


@pytest.mark.parametrize(
    ("right", "wrong", "suggestion"),
    [
        ("currency =", "curency =", "currency"),
        ('"EUR"', '"eur"', "EUR"),
        ("Europe/Paris", "Paris", "Europe/Paris"),
        ('wallet = "stars"\nwhen', 'wallet = "star"\nwhen', "stars"),
        ('"on_request"', '"request"', "on_request"),
        ("hour >= 17", "hours >= 17", "hour"),
        ("[[conversions]]", "[[conversion]]", "conversions"),
    ],
)
def test_a_misspelt_name_is_answered_with_the_near_one(right: str, wrong: str, suggestion: str) -> None:
    faults = faults_of(FULL.replace(right, wrong))

    assert suggestion in [fault.params.get("suggestion") for fault in faults]


@pytest.mark.parametrize("text", ["x = " + "[" * 5000, "x = " + "1" * 5000, "x = 2026-13-45", "\ufeff[programme]"])
def test_a_text_that_no_reader_can_take_is_refused_as_not_toml(text: str) -> None:
    assert [fault.code for fault in faults_of(text)] == [Code.NOT_TOML]


def test_a_fault_of_the_toml_stands_where_its_reader_stopped_with_both_line_ends() -> None:
    for ending in ("\n", "\r\n"):
        text = f"[programme]{ending}name = (at line 1, column 1){ending}"
        [fault] = faults_of(text)
        assert text[fault.start :] == f"(at line 1, column 1){ending}"
        assert fault.params == {"detail": "Invalid value"}
