"""The programme that the replay's bench folds: the demo's, and rules of a retailer on the demo's own products."""

from collections.abc import Sequence
from random import Random

import pyarrow.parquet as pq

from cagnotte.host.demo.data import products_file

_SEED = 3
_RULE = """
[[earn]]
code = "r{number}"
on = "purchase"
when = '{when}'
points = '{points}'
"""


def programme_of(document: str, rules: int) -> str:
    """The document with rules added until it has `rules`; the same for the same number."""
    random = Random(_SEED)
    categories, departments = (_values(name) for name in ("product_category", "department"))
    missing = rules - document.count("\n[[earn]]\n")
    added = [_rule(random, number, categories, departments) for number in range(missing)]
    return document + "".join(added)


def stateless_of(rules: int) -> str:
    """A programme of that many rules which read nothing but the sale."""
    head = (
        '[programme]\ncode = "what-if"\nname = "What if"\ncurrency = "USD"\ntimezone = "America/New_York"\n'
        '[wallets.points]\nexpiry = "never"\n\n[[earn]]\ncode = "base"\npoints = "eligible.paid / 100"\n'
    )
    return programme_of(head, rules).replace('tier == "gold" && ', "")


def _rule(random: Random, number: int, categories: Sequence[str], departments: Sequence[str]) -> str:
    """Of 8 rules: 3 on what was spent in a category, 1 on a moment, 1 on stores, 1 on a tier, 2 on the lines."""
    category, department = random.choice(categories), random.choice(departments)
    in_category = f'l.category == "{category}"'
    kinds = (
        *[(f"lines.exists(l, {in_category})", f"lines.filter(l, {in_category}).map(l, l.paid).sum() / 50")] * 3,
        (f"weekday == {random.randint(1, 7)} && hour >= 17 && eligible.paid >= 3000", "eligible.paid / 200"),
        (f'store in ["{random.randint(280, 450)}", "{random.randint(280, 450)}"]', "10"),
        (f'tier == "gold" && lines.exists(l, {in_category})', "25"),
        (f"size(lines) >= {random.randint(5, 20)}", "5"),
        (f'lines.exists(l, l.department == "{department}" && l.paid >= 500)', "15"),
    )
    when, points = kinds[number % len(kinds)]
    return _RULE.format(number=number, when=when, points=points)


def _values(column: str) -> list[str]:
    found = pq.read_table(products_file(), columns=[column]).column(column).unique().to_pylist()
    return sorted(value for value in found if value and not {'"', "'", "\\"} & set(value))
