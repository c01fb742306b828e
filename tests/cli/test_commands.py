"""The command line as its users meet it: real processes, real database, exit codes and words."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

CAGNOTTE = Path(sys.executable).with_name("cagnotte")

PROGRAMME = """
[programme]
code = "maison"
name = "La Maison"
currency = "EUR"
timezone = "Europe/Paris"

[wallets.points]
expiry = { after = "30 days" }

[[earn]]
code = "base"
on = "purchase"
points = "eligible.paid / 100"

[[conversions]]
code = "five"
points = 50
voucher = { amount = 500, valid_for = "3 months" }
trigger = "on_request"
"""

SALES = """sale_id,at,store,member,sku,quantity,paid
S1,2026-03-02 10:00:00,Lyon,M1,A,1,60.00
S1,2026-03-02 10:00:00,Lyon,M1,B,2,10.40
S2,2026-03-03 18:30:00,Lyon,,A,1,9.99
S3,2026-03-04 09:00:00,Nice,M2,A,1.5,5.00
"""


class Shop:
    """A folder, a database, and the command run in them with an empty HOME."""

    def __init__(self, folder: Path, dsn: str) -> None:
        self.folder = folder
        self._environ = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "DATABASE_URL": dsn,
            "CAGNOTTE_DATA_DIR": str(folder / "data"),
        }

    def run(self, *arguments: str, language: str = "en") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [CAGNOTTE, *arguments],
            cwd=self.folder,
            env=self._environ | {"CAGNOTTE_LANGUAGE": language},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    def file(self, name: str, text: str) -> str:
        (self.folder / name).write_text(text, encoding="utf-8")
        return name


@pytest.fixture
def shop(tmp_path: Path, database: str) -> Shop:
    return Shop(tmp_path, database)


@pytest.fixture
def open_shop(shop: Shop) -> Shop:
    published = shop.run("programme", "publish", shop.file("maison.toml", PROGRAMME))
    assert published.returncode == 0, published.stderr
    return shop


def test_a_fault_is_shown_with_its_line_a_caret_and_a_suggestion(shop: Shop):
    faulty = PROGRAMME.replace("eligible.paid", "eligible.payd").replace("Europe/Paris", "Europe/Pari")

    checked = shop.run("programme", "check", shop.file("maison.toml", faulty))

    assert checked.returncode == 1
    assert checked.stdout == (
        "maison.toml:6:12: “Europe/Pari” is not a time zone. Write one like Europe/Paris."
        " Did you mean “Europe/Paris”?\n"
        '    6 | timezone = "Europe/Pari"\n'
        "      |            ^^^^^^^^^^^^^\n"
        "maison.toml:14:20: “eligible” has no field “payd”. Did you mean “paid”?\n"
        '   14 | points = "eligible.payd / 100"\n'
        "      |                    ^^^^\n"
    )
    assert checked.stderr == "2 faults in maison.toml.\n"


def test_faults_are_told_in_french_to_who_reads_french(shop: Shop):
    faulty = PROGRAMME.replace("eligible.paid", "eligible.payd")

    checked = shop.run("programme", "check", shop.file("maison.toml", faulty), language="fr")

    assert "«\xa0paid\xa0»" in checked.stdout
    assert "Did you mean" not in checked.stdout
    assert checked.stderr == "1 erreur dans maison.toml.\n"


def test_a_programme_without_fault_is_said_to_be_valid(shop: Shop):
    checked = shop.run("programme", "check", shop.file("maison.toml", PROGRAMME))

    assert checked.returncode == 0
    assert checked.stdout == (
        "maison.toml is a valid programme, “maison”. Wallets: 1, earn rules: 1, tiers: 0, conversions: 1.\n"
    )


def test_a_file_that_is_not_there_is_a_misuse(shop: Shop):
    checked = shop.run("programme", "check", "nowhere.toml")

    assert (checked.returncode, checked.stderr) == (2, "nowhere.toml cannot be read: No such file or directory.\n")


def test_publishing_the_same_text_again_changes_nothing(open_shop: Shop):
    again = open_shop.run("programme", "publish", "maison.toml")

    assert again.returncode == 0
    assert again.stdout.startswith("Version 1 of “maison” is this text already")


def test_good_sales_are_loaded_and_a_faulty_row_is_told_with_its_line(open_shop: Shop):
    loaded = open_shop.run("load", "sales", open_shop.file("sales.csv", SALES), "--json")

    report = json.loads(loaded.stdout)
    assert loaded.returncode == 1
    assert (report["sales"], report["lines"], report["guest_sales"], report["paid_minor"]) == (2, 3, 1, 8039)
    assert (report["points_issued"], report["rows_read"], report["rows_refused"]) == (70, 4, 1)
    assert "Line 5: “1.5” in quantity is not a whole number." in loaded.stderr
    assert "1 row was refused; see sales.csv.refused.csv." in loaded.stderr
    refused = (open_shop.folder / "sales.csv.refused.csv").read_text(encoding="utf-8").splitlines()
    assert refused[1].startswith("5,S3,not_whole,")


def test_loading_twice_records_nothing_new(open_shop: Shop):
    open_shop.file("sales.csv", SALES)
    open_shop.run("load", "sales", "sales.csv")

    again = json.loads(open_shop.run("load", "sales", "sales.csv", "--json").stdout)

    assert (again["sales"], again["sales_already"], again["points_issued"]) == (0, 2, 0)


def test_a_column_that_is_not_known_stops_the_load_before_anything_is_written(open_shop: Shop):
    loaded = open_shop.run("load", "sales", open_shop.file("sales.csv", SALES.replace("store", "stroe", 1)))

    assert loaded.returncode == 2
    assert loaded.stderr == (
        "The column stroe is not known. Remove it, or say with --mapping which columns to read. Known: sale_id,"
        " at, store, sku, quantity, paid, paid_minor, member, channel, currency, category, department, brand,"
        " supplier. Did you mean “store”?\n"
    )


def test_a_member_is_shown_then_points_are_converted_and_expire(open_shop: Shop):
    open_shop.run("load", "sales", open_shop.file("sales.csv", SALES))

    before = json.loads(open_shop.run("member", "show", "M1", "--json", "--on", "2026-03-05").stdout)
    expired = json.loads(open_shop.run("lots", "expire", "--on", "2026-04-01", "--json").stdout)
    after = json.loads(open_shop.run("member", "show", "M1", "--json", "--on", "2026-04-01").stdout)
    refused = open_shop.run("member", "convert", "M1", "five")

    assert before["balances"][0]["points"] == 70
    assert before["balances"][0]["next_expiries"] == [{"expires_on": "2026-04-01", "points": 70}]
    assert expired == {"members": 1, "lots": 1, "points": 70, "tiers_changed": 0, "holds": 0}
    assert after["balances"][0]["points"] == 0
    assert refused.returncode == 1
    assert refused.stderr == "50 points are missing for “five”.\n"


BY_ANNE = ("--reason", "our mistake", "--by", "anne.martin")


def test_points_are_given_taken_extended_and_reinstated_by_hand(open_shop: Shop):
    open_shop.run("load", "sales", open_shop.file("sales.csv", SALES))  # M1 earned 70 points, gone since April

    given = open_shop.run("member", "adjust", "M1", "30", *BY_ANNE, "--key", "k1")
    again = open_shop.run("member", "adjust", "M1", "30", *BY_ANNE, "--key", "k1")
    taken = open_shop.run("member", "adjust", "M1", "-10", *BY_ANNE, language="fr")
    extended = open_shop.run("member", "extend", "M1", "--until", "2090-01-01", *BY_ANNE)
    back = open_shop.run("member", "reinstate", "M1", "--until", "2090-01-01", "--points", "7", *BY_ANNE)
    shown = json.loads(open_shop.run("member", "show", "M1", "--json").stdout)

    version = shown["version"]
    assert given.stdout.startswith("Given: 30 of “points”. Balance: 30. Version of the books: ")
    assert again.stdout == given.stdout
    assert (
        taken.stdout == f"Retirés : 10 de «\u00a0points\u00a0». Solde : 20. Version des livres : {version - 3}.\n"
    )
    assert extended.stdout == f"Live longer: 20 of “points”. Balance: 20. Version of the books: {version - 2}.\n"
    assert back.stdout == f"Given again: 7 of “points”. Balance: 27. Version of the books: {version}.\n"
    assert open_shop.run("ledger", "prove").returncode == 0


def test_points_by_hand_are_refused_in_words(open_shop: Shop):
    open_shop.run("load", "sales", open_shop.file("sales.csv", SALES))
    open_shop.run("lots", "expire", "--on", "2026-06-01")  # else the first act of today would, and move the books
    now = json.loads(open_shop.run("member", "show", "M1", "--json").stdout)["version"]
    refusals = [
        (("adjust", "M1", "-71", *BY_ANNE), "71 points are missing for “points”."),
        (
            ("adjust", "M1", "5", "--reason", " ", "--by", "anne"),
            "Say why: what is done by hand is kept with its reason.",
        ),
        (
            ("adjust", "M1", "5", *BY_ANNE, "--if-version", str(now + 1)),
            f"The member's books have changed: they are at version {now} now. Look at the member again.",
        ),
        (("extend", "nobody", "--until", "2090-01-01", *BY_ANNE), "No member has the identifier “nobody”."),
    ]

    for arguments, said in refusals:
        refused = open_shop.run("member", *arguments)
        assert (refused.returncode, refused.stdout, refused.stderr) == (1, "", f"{said}\n")
    misused = open_shop.run("member", "adjust", "M1", str(2**53), *BY_ANNE)
    assert misused.returncode == 2
    assert f"“{2**53}” is more than books hold exactly" in misused.stderr


def test_a_member_joins_a_household_and_leaves_it(open_shop: Shop):
    open_shop.run("load", "sales", open_shop.file("sales.csv", SALES))

    joined, again = (open_shop.run("member", "household", "M1", "--join", "h1") for _ in range(2))
    shown = open_shop.run("member", "show", "M1", language="fr")
    left, nothing = (open_shop.run("member", "household", "M1", "--leave") for _ in range(2))
    unknown = open_shop.run("member", "household", "nobody", "--leave")

    assert [each.returncode for each in (joined, again, left, nothing, unknown)] == [0, 0, 0, 0, 1]
    assert joined.stdout == "M1 now belongs to the household “h1”.\n"
    assert again.stdout == "M1 belongs to the household “h1” already: nothing was changed.\n"
    assert "Foyer : h1\n" in shown.stdout
    assert left.stdout == "M1 now belongs to no household.\n"
    assert nothing.stdout == "M1 belongs to no household already: nothing was changed.\n"


@pytest.mark.parametrize(
    ("reach", "english", "french"),
    [
        (
            "spend = 1000000",
            "9,929.60 EUR missing of 10,000.00 EUR",
            "il manque 9\u202f929,60 EUR sur 10\u202f000,00 EUR",
        ),
        ("visits = 50", "49 missing of 50 visits", "il manque 49 visites sur 50"),
        (
            'points = 90000, wallet = "points"',
            "89,930 missing of 90,000 (points)",
            "il manque 89\u202f930 sur 90\u202f000 (points)",
        ),
        (
            "when = 'member.purchases > 900'",
            "a condition is not met yet",
            "une condition n’est pas encore remplie",
        ),
    ],
)
def test_what_is_missing_to_a_tier_is_said_in_its_unit(shop: Shop, reach: str, english: str, french: str):
    tier = f'[[tiers]]\ncode = "gold"\nname = "Gold"\nreach = {{ {reach} }}\n'
    shop.run("programme", "publish", shop.file("maison.toml", PROGRAMME + tier))
    shop.run("load", "sales", shop.file("sales.csv", SALES))

    said = [shop.run("member", "show", "M1", language=language).stdout for language in ("en", "fr")]

    assert f"\nTo the tier gold: {english}\n" in said[0]
    assert f"\nVers le statut gold\u00a0: {french}\n" in said[1]


def test_shares_of_wallet_are_estimated_from_the_sales_with_their_reasons(open_shop: Shop):
    rows = [f"T{n},2026-03-02 10:00:00,Lyon,P{n:02},A,1,{100 * n}.00" for n in range(1, 31)]
    open_shop.run("load", "sales", open_shop.file("sales.csv", "\n".join([SALES.splitlines()[0], *rows, ""])))
    without = open_shop.run("member", "estimate-share")
    open_shop.run("programme", "publish", open_shop.file("p.toml", PROGRAMME + "[share_of_wallet]\n"))

    dry = open_shop.run("member", "estimate-share", "--dry-run")
    done = json.loads(open_shop.run("member", "estimate-share", "--json", "--out", "shares.csv").stdout)
    shown = open_shop.run("member", "show", "P15")
    french = open_shop.run("member", "show", "P15", language="fr")

    assert (without.returncode, without.stderr) == (
        1,
        "The programme says nothing of the share of wallet: give it a [share_of_wallet] table.\n",
    )
    assert dry.stdout == (
        "What was spent from 2025-03-03 to 2026-03-02; 30 members, 30 profiles changed:\n"
        "  30 estimated from their peers.\n"
        "Of all 30 who bought, the wallet is 2,700.00 EUR, between 2,400.00 EUR and 3,000.00 EUR.\n"
    )
    assert done["groups"] == [
        {"alike": [], "peers": 30, "wallet": {"low": 240_000, "estimate": 270_000, "high": 300_000}}
    ]
    assert done["written"]["changed"] == 30
    assert (
        open_shop.folder.joinpath("shares.csv")
        .read_text()
        .splitlines()[15]
        .endswith(",150000,,,30,240000,270000,300000,5555,5000,6250")
    )
    assert (
        "About 55.5 % of what the member spends on such goods, between 50.0 % and 62.5 %: estimated from members"
        " like this one.\n" in shown.stdout
    )
    assert "Environ 55,5 % de ce que le membre dépense" in french.stdout


def test_the_books_are_proved_after_a_load(open_shop: Shop):
    open_shop.run("load", "sales", open_shop.file("sales.csv", SALES))

    proved = open_shop.run("ledger", "prove")

    assert proved.returncode == 0
    assert proved.stdout.endswith("The books hold.\n")
    assert "✗" not in proved.stdout


def test_a_shop_without_programme_says_what_to_do(shop: Shop):
    loaded = shop.run("load", "sales", shop.file("sales.csv", SALES))

    assert loaded.returncode == 1
    assert loaded.stderr == ("No programme is published here. Publish one: cagnotte programme publish FILE\n")


def test_an_unknown_member_is_told_by_name(open_shop: Shop):
    shown = open_shop.run("member", "show", "nobody")

    assert (shown.returncode, shown.stderr) == (1, "No member has the identifier “nobody”.\n")


def test_an_account_needs_a_long_password(open_shop: Shop):
    added = subprocess.run(
        [CAGNOTTE, "staff", "add", "anne", "--password-stdin"],
        env=open_shop._environ,
        input="short\n",
        capture_output=True,
        text=True,
        check=False,
    )

    assert (added.returncode, added.stderr) == (2, "The password needs 10 characters or more.\n")


def test_a_misspelt_setting_stops_the_start(shop: Shop):
    shop._environ["CAGNOTTE_PROT"] = "1"

    shown = shop.run("ledger", "prove")

    assert shown.returncode == 2
    assert "CAGNOTTE_PORT" in shown.stderr


def test_the_file_of_refused_rows_tells_of_the_last_load_only(open_shop: Shop):
    open_shop.run("load", "sales", open_shop.file("sales.csv", SALES))
    refused = open_shop.folder / "sales.csv.refused.csv"
    there_first = refused.exists()

    loaded = open_shop.run("load", "sales", open_shop.file("sales.csv", SALES.replace("1.5", "1")))

    assert there_first
    assert loaded.returncode == 0, loaded.stderr
    assert not refused.exists()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("lots", "expire", "--on", "tomorrow"), "“tomorrow” is not a day: write it like 2026-12-01"),
        (("load", "sales", "x", "--format", "xml"), "“xml” is not a format: csv, ndjson or parquet"),
        (("demo", "--port", "0"), "“0” is not a port: a number from 1 to 65535"),
        (("demo", "--as-of", "x"), "“x” is not a time: write it like 2026-12-01T00:00"),
        (("member", "convert", "M1", "five", "--times", "0"), "“0” is not a whole number of 1 or more"),
    ],
)
def test_an_argument_that_cannot_be_read_says_how_to_write_it(
    shop: Shop, arguments: tuple[str, ...], sentence: str
):
    misused = shop.run(*arguments)

    assert misused.returncode == 2
    assert misused.stderr.rstrip().endswith(sentence)


def test_help_and_misuse_are_in_french_for_who_reads_french(shop: Shop):
    helped = shop.run("lots", "expire", "--help", language="fr")
    misused = shop.run("lots", "expire", "--on", "demain", language="fr")

    assert "montrer cette aide et finir" in helped.stdout
    assert "show this help" not in helped.stdout
    assert "«\xa0demain\xa0» n’est pas un jour" in misused.stderr
