"""The faults that the tables of the complete document can have, each at its place."""

import pytest

from cagnotte.domain.programme.faults import ProgrammeFaultCode as Code
from domain.programme.complete_document import COMPLETE
from domain.programmes import faults_of

FAULTY = [
    ("give_back_spent = false", 'give_back_spent = false\nspent = "when_whole"', Code.NEEDS_ANOTHER, "spent"),
    ("give_back_spent = false", 'give_back_spent = false\nspent_lives = "1 day"', Code.NEEDS_ANOTHER,
     "spent_lives"),
    ("members_most = 6", "members_most = 51", Code.NUMBER_TOO_LARGE, "51"),
    ("[caps.family]\n", '[caps.family]\nper = "household"\n', Code.CAP_NOT_OF_MEMBER, '["family"]'),
    ("[caps.family]\npoints = 300", "[caps.family]\nmoney = 300", Code.CAP_OF_MONEY, '["family"]'),
    ("breakage = 1250", "breakage = 10001", Code.NUMBER_TOO_LARGE, "10001"),
    ("floor = 100", "floor = 4001", Code.NUMBER_TOO_LARGE, "4001"),
    ("ceiling = 4000", "ceiling = 10001", Code.NUMBER_TOO_LARGE, "10001"),
    ("confidence = 85", "confidence = 100", Code.NUMBER_TOO_LARGE, "100"),
    ("breakage = 1250", "breakage = -1", Code.MUST_NOT_BE_NEGATIVE, "-1"),
    ("number = 707100", 'number = "707100"', Code.WRONG_TYPE, '"707100"'),
    ("{ number = 707100 }", "{ }", Code.MISSING, "{ }"),
    ('fiscal_year = "04-01"', 'fiscal_year = "1 April"', Code.BAD_MONTH_DAY, '"1 April"'),
    ('entries = "daily"', 'entries = "weekly"', Code.UNKNOWN_CHOICE, '"weekly"'),
    ('portfolios = "store"', 'portfolios = "shop"', Code.UNKNOWN_CHOICE, '"shop"'),
    ("revenue = { number", "revenues = { number", Code.UNKNOWN_NAME, "revenues"),
    ("most = 50\n", "most = -1\n", Code.MUST_NOT_BE_NEGATIVE, "-1"),
    ("most = 50\n", "", Code.ONE_NEEDED, "[[adjustments.ceilings]]"),
    ('role = "Manager"\nwallet = "points"\n', "", Code.CEILING_TWICE, "[[adjustments.ceilings]]"),
    ('wallet = "points"\nmost = 5000', 'wallet = "point"\nmost = 5000', Code.UNKNOWN_REFERENCE, '"point"'),
    ('answered_within = "3 days"', 'answered_within = "soon"', Code.BAD_PERIOD, '"soon"'),
    ("most = 500\ncaps", "most = 49\ncaps", Code.LESS_THAN_LEAST, "49"),
    ('into = "stars"', 'into = "points"', Code.SAME_WALLET, '"points"'),
    ('into = "stars"', 'into = "star"', Code.UNKNOWN_WALLET, '"star"'),
    ('into = "stars"\n', "", Code.MISSING, "[[exchanges]]"),
    ('caps = ["sent"]\ndates', 'caps = ["spent"]\ndates', Code.UNKNOWN_REFERENCE, '["spent"]'),
    ("[caps.sent]\npoints = 1000", "[caps.sent]\nmoney = 1000", Code.CAP_OF_MONEY, '["sent"]'),
    ('wallets = ["points", "stars"]', 'wallets = ["points", "x"]', Code.UNKNOWN_REFERENCE, '["points", "x"]'),
    ('shown_as = "money"\n', 'shown_as = "money"\nhold_minutes = 600000\n', Code.NUMBER_TOO_LARGE, "600000"),
    ('shown_as = "money"\n', 'shown_as = "money"\nhold_minutes = 0\n', Code.MUST_BE_POSITIVE, "0"),
    ("fee = 4900", "fee = -1", Code.MUST_NOT_BE_NEGATIVE, "-1"),
    ('renewable_from = "2 months"\n[', 'renewable_from = "2 months"\n[plans.x]\nrenewable_from = "1 day"\n[',
     Code.NEEDS_ANOTHER, "renewable_from"),
    ('negative = "allowed"\n', "", Code.NEEDS_ANOTHER, "owed_most"),
    ('shown_as = "money"\n', 'shown_as = "money"\n[wallets.bare]\nshown_as = "money"\n', Code.NEEDS_ANOTHER,
     "shown_as"),
    ('pending = { for = "14 days" }', 'pending = { for = "14 days", until = 2026-01-01 }',
     Code.ONE_OF_TWO, "until"),
    ('pending = { for = "14 days" }', "pending = { }", Code.ONE_NEEDED, "{ }"),
    ('pending = "none"\nexpiry = "never"\ncap', 'pending = "never"\nexpiry = "never"\ncap', Code.UNKNOWN_CHOICE,
     '"never"'),
    ('pending = { event = "delivered" }', 'pending = { event = "deliverd" }',
     Code.UNKNOWN_REFERENCE, '"deliverd"'),
    ("by_tier = { gold", "by_tier = { golden", Code.UNKNOWN_REFERENCE, '"24 months"'),
    ("by_tier = { gold", 'by_tier = { cellar = "1 day", gold', Code.FAMILIES_MIXED,
     '{ cellar = "1 day", gold = "24 months" }'),
    ('tier = "gold"\nrenewable', 'tier = "glod"\nrenewable', Code.UNKNOWN_REFERENCE, '"glod"'),
    ('on = "12-31"', 'on = "02-29"', Code.BAD_MONTH_DAY, '"02-29"'),
    ('on = "12-31"', 'on = "31-12"', Code.BAD_MONTH_DAY, '"31-12"'),
    ("until = 2026-12-24", 'until = "2026-12-24"', Code.BAD_DATE, '"2026-12-24"'),
    ("days = [2026-01-07, 2026-06-24]", "days = [2026-01-07, 3]", Code.BAD_DATE, "[2026-01-07, 3]"),
    ("begins = 2026-01-01\n", 'begins = "soon"\n', Code.BAD_MOMENT, '"soon"'),
    ("begins = 2026-01-01\n", "begins = 2026-01-01T00:00:00Z\n", Code.NOT_LOCAL_TIME, "2026-01-01T00:00:00Z"),
    ("ends = 2028-12-31\n", "ends = 2025-12-31\n", Code.ENDS_BEFORE_IT_BEGINS, "2025-12-31"),
    ("until = 2026-12-31\nexcept", "until = 2025-12-31\nexcept", Code.ENDS_BEFORE_IT_BEGINS, "2025-12-31"),
    ("begins = 2026-03-01T08:00:00\nends = 2026-09-30", "begins = 2029-01-01", Code.NEVER_IN_FORCE, "2029-01-01"),
    ("begins = 2026-03-01T08:00:00\nends = 2026-09-30", "ends = 2025-09-30", Code.NEVER_IN_FORCE, "2025-09-30"),
    ("BYDAY=TU,TH", "BYDAY=TU,TX", Code.BAD_RECURRENCE, '"FREQ=WEEKLY;BYDAY=TU,TX"'),
    ("FREQ=WEEKLY;BYDAY=TU,TH", "FREQ=HOURLY", Code.BAD_RECURRENCE, '"FREQ=HOURLY"'),
    ("FREQ=WEEKLY;BYDAY=TU,TH", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", Code.NO_DAYS, "[calendars.happy_hour]"),
    ("from = 2026-01-01\nuntil = 2026-12-31\nexcept", "until = 2026-12-31\nexcept", None, ""),
    ('"FREQ=WEEKLY;BYDAY=TU,TH"\nfrom = 2026-01-01', '"FREQ=WEEKLY;INTERVAL=2"', Code.MISSING,
     "[calendars.happy_hour]"),
    ('"FREQ=WEEKLY;BYDAY=TU,TH"\nfrom = 2026-01-01', '"FREQ=WEEKLY"', Code.MISSING, "[calendars.happy_hour]"),
    ("days = [2026-01-07, 2026-06-24]", "days = []", Code.NO_DAYS, "[calendars.sales]"),
    ("days = [2026-01-07, 2026-06-24]", "", Code.ONE_NEEDED, "[calendars.sales]"),
    ('"17:00-19:00"', '"17h-19h"', Code.BAD_HOURS, '["17h-19h", "22:30-00:30"]'),
    ('"17:00-19:00"', '"17:00-17:00"', Code.BAD_HOURS, '["17:00-17:00", "22:30-00:30"]'),
    ('during = ["happy_hour"', 'during = ["happy-hour"', Code.UNKNOWN_REFERENCE, '["happy-hour", "sales"]'),
    ("[calendars.sales]", "[calendars.on-sale]\ndays = [2026-01-07]\n[calendars.sales]",
     Code.BAD_NAME, "[calendars.on-sale]"),
    ("shoe_size", "shoe-size", Code.BAD_NAME, "shoe-size"),
    ("shoe_size", "ShoeSize", Code.BAD_NAME, "ShoeSize"),
    ("shoe_size", "age", Code.NAME_TAKEN, "age"),
    ('hobbies = "texts"', 'hobbies = "list"', Code.UNKNOWN_CHOICE, '"list"'),
    ("[countries.FR]", "[countries.fr]", Code.BAD_COUNTRY, "[countries.fr]"),
    ('[countries.FR]\nlanguage = "fr"', '[countries.FR]\nlanguage = "fr-FR"', Code.BAD_LANGUAGE, '"fr-FR"'),
    ('timezone = "Europe/Paris"\ncurrency = "CHF"', 'timezone = "Zurich"\ncurrency = "CHF"',
     Code.UNKNOWN_TIMEZONE, '"Zurich"'),
    ('currency = "CHF"\nworth = "1.05"', 'currency = "CHF"', Code.MISSING, '"CHF"'),
    ('worth = "1.05"', 'worth = "1,05"', Code.BAD_WORTH, '"1,05"'),
    ('worth = "1.05"', 'worth = "-1.05"', Code.BAD_WORTH, '"-1.05"'),
    ('worth = "1.05"', 'worth = "1e3"', Code.BAD_WORTH, '"1e3"'),
    ('worth = "1.05"', "worth = 1.05", Code.WRONG_TYPE, "1.05"),
    ('worth = "1.05"', 'worth = "1.05"\n[countries.LI]\ncurrency = "CHF"\nworth = "1.06"',
     Code.OTHER_WORTH, '"1.06"'),
    ('worth = "1.05"', 'worth = "1.05"\n[countries.LI]\ncurrency = "CHF"\nworth = "1.050"', None, ""),
    ('currency = "CHF"\nworth', "worth", Code.WORTH_WITHOUT_CURRENCY, '"1.05"'),
    ('currency = "CHF"\nworth', 'currency = "EUR"\nworth', Code.WORTH_WITHOUT_CURRENCY, '"1.05"'),
    ("[events.delivered]", "[events.delivered]\n[events.birthday]", Code.RESERVED_CODE, "[events.birthday]"),
    ('on = "birthday"', 'on = "birthdays"', Code.UNKNOWN_REFERENCE, '"birthdays"'),
    ("multiply = 2", "multiply = 1", Code.BAD_FACTOR, "1"),
    ("multiply = 2", "multiply = 1.5", Code.BAD_FACTOR, "1.5"),
    ("multiply = 2", 'multiply = "1,5"', Code.BAD_FACTOR, '"1,5"'),
    ("multiply = 2", "multiply = 2\npoints = 3", Code.ONE_OF_TWO, "multiply"),
    ('rules = ["base"]', 'rules = ["bass"]', Code.UNKNOWN_REFERENCE, '["bass"]'),
    ('rules = ["base"]', 'rules = ["double"]', Code.MULTIPLIES_MULTIPLIER, '["double"]'),
    ('rules = ["base"]', 'rules = ["code"]', Code.OTHER_WALLET, '["code"]'),
    ('rules = ["base"]', 'rules = ["birthday"]', Code.OTHER_OCCASION, '["birthday"]'),
    ("{ points = 3, per = 200 }]", "{ upto = 9000, points = 3, per = 200 }]", Code.LAST_BAND_OPEN, "9000"),
    ("{ points = 3, per = 200 }]", "{ upto = 10, points = 3, per = 2 }, { points = 1, per = 1 }]",
     Code.BANDS_MUST_RISE, ""),
    ("bands = [{ upto = 5000, points = 1, per = 100 }, { points = 3, per = 200 }]", "bands = []",
     Code.EMPTY, "[]"),
    ('on = "birthday"\npoints = 50', 'on = "birthday"\npoints = 50\nper = 2', Code.MISSING, ""),
    ('on = "birthday"\npoints = 50', 'on = "birthday"\npoints = 50\nlines = "true"',
     Code.ONLY_ON_PURCHASE, "lines"),
    ('on = "birthday"\npoints = 50', 'on = "birthday"\npoints = 50\ncoupon = "A"',
     Code.ONLY_ON_PURCHASE, "coupon"),
    ('on = "birthday"\npoints = 50', 'on = "birthday"\npoints = 50\ncap = { money = 5 }', Code.ONLY_ON_PURCHASE,
     "{ money = 5 }"),
    ('on = "birthday"\npoints = 50', 'on = "birthday"\npoints = 50\nof = "day"', Code.NEEDS_ANOTHER, "of"),
    ('group = "best"\n\n[[earn]]\ncode = "double"', '\n[[earn]]\ncode = "double"', Code.GROUP_OF_ONE, '"best"'),
    ('rules = ["base"]\n', 'rules = ["base"]\ngroup = "best"\n', Code.GROUP_MIXED, '"best"'),
    ('wallet = "points"\nwhen', 'wallet = "stars"\nwhen', Code.WALLETS_MIXED, '"best"'),
    ('on = "birthday"\n', 'on = "birthday"\nwallet = "stars"\ncaps = ["welcome"]\n', Code.WALLETS_MIXED,
     '["welcome"]'),
    ('caps = ["welcome"]', 'caps = ["welcom"]', Code.UNKNOWN_REFERENCE, '["welcom"]'),
    ("{ money = 100000, within", "{ points = 9, within", None, ""),
    ('{ money = 100000, within = "30 days" }', '{ points = 9, per = "household", every = "day" }',
     Code.SAME_CAP_TWICE, ""),
    ('{ money = 100000, within = "30 days" }', '{ times = 1, every = "sale" }', Code.CAP_NEVER_REACHED, ""),
    ('{ money = 100000, within = "30 days" }', '{ times = 1, every = "day", within = "1 day" }', Code.ONE_OF_TWO,
     "within"),
    ('{ money = 100000, within = "30 days" }', "{ }", Code.ONE_NEEDED, "{ }"),
    ('code = "code"\n', 'code = "code"\nrounding = { mode = "up", per = "sale" }\n', None, ""),
    ('per = 100\ncap', 'per = 100\nrounding = { mode = "up", per = "sale" }\ncap', Code.ROUNDING_MIXED, ""),
    ("spend = 80000", "spend = 120000", Code.KEEP_ASKS_MORE, ""),
    ("quantile = 80", "quantile = 100", Code.PERCENT_OUT_OF_RANGE, "100"),
    ("confidence = 95", "confidence = 49", Code.PERCENT_OUT_OF_RANGE, "49"),
    ("confidence = 95", "confidence = 0", Code.MUST_BE_POSITIVE, "0"),
    ('peers = ["country"', 'peers = ["county"', Code.UNKNOWN_REFERENCE, '["county", "at_home"]'),
    ('"at_home"]\nquantile', '"hobbies"]\nquantile', Code.UNKNOWN_REFERENCE, '["country", "hobbies"]'),
    ('declared = "at_home"', 'declared = "hobbies"', Code.UNKNOWN_REFERENCE, '"hobbies"'),
    ('at_least = 30000', 'at_least = 30000, within = "1 month"', Code.TWO_PERIODS, '"1 month"'),
    ('measure = "wine", at_least = 30000, ', "", None, ""),
    ('measure = "wine", at_least = 30000, ', 'within = "1 day", ', Code.NEEDS_ANOTHER, "within"),
    ('measure = "wine", at_least', 'measure = "wines", at_least', Code.UNKNOWN_REFERENCE, '"wines"'),
    ('measure = "wine", at_least = 30000', 'measure = "wine"', Code.NEEDS_ANOTHER, "measure"),
    ('family = "circle"', 'family = "Circle"', Code.BAD_NAME, '"Circle"'),
    ('streak = "week"', 'streak = "week"\ncounts = 2', Code.ONE_OF_TWO, "counts"),
    ('text = { fr = "Bientôt Or !", en = "Nearly gold!" }\n', "", Code.MISSING, "[[messages]]"),
    ('kind = "more_purchases"', 'kind = "more_sales"', Code.UNKNOWN_CHOICE, '"more_sales"'),
    ('friend = { points = 50, wallet = "stars" }', 'friend = { points = 50, wallet = "star" }',
     Code.UNKNOWN_WALLET,
     '"star"'),
    ('tier == "silver" &&', 'tier == "silber" &&', Code.UNKNOWN_REFERENCE, '"silber"'),
    ('tiers.club == "cellar"', '"celler" in [tiers.club] || tiers.club in ["cellar", "celler"]',
     Code.UNKNOWN_REFERENCE, '"celler"'),
    ('tiers.club == "cellar"', '"regulr" in member.badges', Code.UNKNOWN_REFERENCE, '"regulr"'),
    ('tiers.club == "cellar"', 'member.plan != "vpi"', Code.UNKNOWN_REFERENCE, '"vpi"'),
    ('tiers.club == "cellar"', 'member.plan != ""', None, ""),
    ('tiers.club == "cellar"', 'member.country == "IT"', Code.UNKNOWN_REFERENCE, '"IT"'),
    ('tiers.club == "cellar"', 'member.brand == "atelie"', Code.UNKNOWN_REFERENCE, '"atelie"'),
    ('counts = 1\non = "review"', 'counts = "measures.reviews"\non = "review"', Code.CIRCLE, "[measures.reviews]"),
    ("include = 'line.paid > 0'", "include = 'eligible.paid > 0'", Code.CIRCLE, "'eligible.paid > 0'"),
    ("family = \"circle\"", 'reach = { when = \'tier == "gold"\' }', Code.CIRCLE, "[[tiers]]"),
    ("reach = { spend = 100000, within = \"12 months\" }\nfloor", "reach = { points = 9 }\nfloor", None, ""),
]  # fmt: skip


@pytest.mark.parametrize(("right", "wrong", "code", "marked"), FAULTY)
def test_one_mistake_is_one_fault_at_its_place(right: str, wrong: str, code: str | None, marked: str) -> None:
    assert right in COMPLETE
    text = COMPLETE.replace(right, wrong, 1)

    found = [(fault.code, text[fault.start : fault.end]) for fault in faults_of(text)]

    assert [each for each, _ in found] == ([code] if code else [])
    assert not marked or found[0][1] == marked


def test_measures_that_count_each_other_are_told_with_the_way_round() -> None:
    text = COMPLETE.replace("counts = 1\n", 'counts = "event.stars + measures.wine"\n').replace(
        "when = 'channel == \"store\"'", "when = 'measures.reviews > 3'"
    )

    assert [(fault.code, fault.params["path"]) for fault in faults_of(text)] == [
        (Code.CIRCLE, "wine → reviews → wine"),
        (Code.CIRCLE, "reviews → wine → reviews"),
    ]


def test_families_of_tiers_that_ask_for_each_other_are_a_circle() -> None:
    text = COMPLETE.replace(
        'family = "circle"', 'family = "circle"\nreach = { when = "tiers.club == \'cellar\'" }'
    )
    text = text.replace("""'"mail" in member.segments'""", "'tiers.circle == \"friend\"'")

    assert {(fault.code, fault.params["path"]) for fault in faults_of(text)} == {
        (Code.CIRCLE, "club → circle → club"),
        (Code.CIRCLE, "circle → club → circle"),
    }


def test_points_that_lead_to_a_tier_cannot_depend_on_the_tier_after_the_sale() -> None:
    text = COMPLETE.replace("reach = { visits = 5, window", "reach = { points = 5, window")
    text = text.replace('tiers.club == "cellar" || channel', 'tier == "gold" || channel')

    assert [(fault.code, fault.params["path"]) for fault in faults_of(text)] == [
        (Code.CIRCLE, "wine → tier → silver → points → wine")
    ]
    assert faults_of(text.replace('tier = "after"', 'tier = "before"')) == ()
