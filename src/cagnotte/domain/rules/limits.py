"""What one rule may cost. A rule beyond them is refused when it is written, never at the till."""

SOURCE_CHARACTERS_MAX = 4_000
DEPTH_MAX = 64  # of the tree, and of parentheses while it is read
NODES_MAX = 1_000
LOOPS_MAX = 2  # loops inside loops: a basket of n lines costs at most n * n steps
PRODUCT_BITS_MAX = 1_024  # sixteen factors of 64 bits
INT_MIN = -(2**63)
INT_MAX = 2**63 - 1
