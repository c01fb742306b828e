"""The keys of [adjustments]: how many points people may move by hand, and when a second person is needed."""

from cagnotte.domain.programme.shapes import CodeOf, Key, Period, Rows, Shape, Text, Whole

_CEILING = Shape(
    "adjustments.ceilings",
    "How many points one person may give or take by hand without a second one",
    (
        Key("role", Text(), "a group of accounts of the back office", without="who is in none of the others"),
        Key("wallet", CodeOf("wallet"), "points of which wallet", without="each wallet for itself"),
        Key("most", Whole(0), "never more points at a time", without="no limit"),
        Key("most_per_day", Whole(0), "never more points on one day, given and taken together",
            without="no limit"),
    ),
    some_of=(("most", "most_per_day"),),
)  # fmt: skip
ADJUSTMENTS = Shape(
    "adjustments",
    "Points moved by hand, and when a second person must approve",
    (
        Key("ceilings", Rows(_CEILING, 1_000), "without any, nobody is limited", without="no limit"),
        Key("answered_within", Period(), "how long an act above a ceiling waits for a second person",
            without="7 days"),
    ),
)  # fmt: skip
