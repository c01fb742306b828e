"""Programmes for tests: small documents, each with something that another one lacks."""

from cagnotte.application.recurrences import days_of_recurrence
from cagnotte.domain.programme.check import check_programme
from cagnotte.domain.programme.document import Programme
from cagnotte.domain.programme.faults import ProgrammeError, ProgrammeFault

TIMEZONES = frozenset({"Europe/Paris", "Europe/Zurich", "America/New_York", "UTC"})
HEAD = """[programme]
code = "maison"
name = { fr = "La Maison", en = "The House" }
currency = "EUR"
timezone = "Europe/Paris"
"""
FULL = f"""{HEAD}
[wallets.points]
name = "Points"
expiry = {{ after = "3 months", rounded_to = "month" }}

[wallets.stars.expiry]
after = "30 days"

[[earn]]
code = "base"
on = "purchase"
points = "eligible.paid / 100"

[[earn]]
code = "wine"
when = 'lines.exists(l, l.category == "wine") && hour >= 17'
points = 'lines.filter(l, l.category == "wine").map(l, l.paid).sum() / 50'

[[earn]]
code = "loyal"
wallet = "stars"
when = 'tier == "gold" || balance > 40'
points = 7

[[tiers]]
code = "member"
reach = {{ spend = 0 }}

[[tiers]]
code = "silver"
reach = {{ spend = 8000, within = "45 days" }}

[[tiers]]
code = "gold"
name = {{ fr = "Or", en = "Gold" }}
reach = {{ points = 150, within = "2 months" }}

[[conversions]]
code = "voucher"
points = 100
voucher = {{ amount = 500, valid_for = "2 months" }}

[[conversions]]
code = "treat"
wallet = "stars"
points = 5
trigger = "on_request"
voucher = {{ amount = 100 }}
"""
SPEND_TIERS = f"""{HEAD}
[wallets.points]
expiry = {{ after = "20 days" }}
[[earn]]
code = "base"
points = "paid / 100"
[[tiers]]
code = "silver"
reach = {{ spend = 5000, within = "30 days" }}
[[tiers]]
code = "gold"
reach = {{ spend = 9000, within = "1 month" }}
[[tiers]]
code = "legend"
reach = {{ spend = 40000 }}
"""
PLAIN = f"""{HEAD}
[wallets.points]
[[earn]]
code = "base"
points = "paid / 200 * 5"
[[conversions]]
code = "small"
points = 60
voucher = {{ amount = 300, valid_for = "10 days" }}
[[conversions]]
code = "large"
points = 20
voucher = {{ amount = 90 }}
"""
DOCUMENTS = (FULL, SPEND_TIERS, PLAIN)


def programme_of(text: str) -> Programme:
    return check_programme(text, timezones=TIMEZONES, calendar_days=days_of_recurrence)


def faults_of(text: str) -> tuple[ProgrammeFault, ...]:
    """Every fault of the document; none when it is a programme."""
    try:
        programme_of(text)
    except ProgrammeError as error:
        return error.faults
    return ()
