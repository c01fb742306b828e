"""The keys of [accounting]: how points stand in the company's accounts."""

from cagnotte.domain.points.accounts import Entries, Portfolios
from cagnotte.domain.programme.shapes import Inner, Key, MonthDay, Named, Shape, Whole, Word

_ACCOUNT = Shape(
    "accounting.accounts.ROLE",
    "An account of the company's chart",
    (
        Key("number", Whole(1), "as in the chart of accounts", required=True),
        Key("name", Named(), "as in the chart of accounts", without="the French plan's name of its role"),
    ),
)
_ACCOUNTS = Shape(
    "accounting.accounts",
    "Which account of the company has which role",
    (
        Key("deferred", Inner(_ACCOUNT), "what was paid for points that are not used yet", without="487000"),
        Key("revenue", Inner(_ACCOUNT), "the sales that it is taken from, and becomes", without="707000"),
        Key("provision", Inner(_ACCOUNT), "what points will cost that nobody paid for", without="151800"),
        Key("expense", Inner(_ACCOUNT), "that cost, when they are given", without="681500"),
        Key("reversal", Inner(_ACCOUNT), "what of the provision is not needed any more", without="781500"),
        Key("suspense", Inner(_ACCOUNT), "the other side of what is booked elsewhere: points sold, the programme"
            " before", without="471000"),
        Key("receivable", Inner(_ACCOUNT), "what partners owe for points given in their name; the FEC names the"
            " partner as its auxiliary account", without="418100"),
        Key("moved", Inner(_ACCOUNT), "between members and wallets: goes out and comes back", without="580000"),
    ),
)  # fmt: skip
ACCOUNTING = Shape(
    "accounting",
    "How points stand in the company's accounts",
    (
        Key("fiscal_year", MonthDay(), "the day on which the company's year begins", without="`01-01`"),
        Key("entries", Word(tuple(Entries)), "entries bear the last day of the month, or that of what happened",
            default="monthly"),
        Key("portfolios", Word(tuple(Portfolios)), "what was given in a month is looked at by wallet, or by wallet"
            " and store, which the entries then name", default="wallet"),
        Key("accounts", Inner(_ACCOUNTS), "the company's chart of accounts", without="the French plan comptable"),
    ),
)  # fmt: skip
