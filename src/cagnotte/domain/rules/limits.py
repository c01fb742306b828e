"""What one rule may cost, and how large the facts are that it is asked about.

A rule beyond its limits is refused when it is written, never at the till. Facts beyond their bounds
are refused where they come in, so that no value of a rule ever passes 64 bits.
"""

SOURCE_CHARACTERS_MAX = 4_000
DEPTH_MAX = 64  # of the tree, and of parentheses while it is read
NODES_MAX = 1_000
LOOPS_MAX = 2  # loops inside loops: a basket of n lines costs at most n * n steps
STEPS_MAX = 250_000  # about 10 ms, on a basket whose lists all have STEPS_LINES items
STEPS_LINES = 100
INT_MIN = -(2**63)
INT_MAX = 2**63 - 1

# Bounds of facts: an int lies between -MOST and MOST, both included.
AMOUNT_MOST = 2**40 - 1  # amounts in the smallest unit, points of one sale, whole numbers of the programme's own
QUANTITY_MOST = 2**31 - 1
BALANCE_MOST = 2**53 - 1
CALENDAR_MOST = 9_999  # hours, days of a week or month, months, years
DAY_NUMBER_MOST = 3_652_058  # covers all days of the years 1 to 9999, counted from 1970-01-01
ITEMS_MOST = 10_000  # lines of a sale, and any other list
TEXT_CHARACTERS_MOST = 10_000
