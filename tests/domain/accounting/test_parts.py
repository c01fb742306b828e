"""A lot in parts: whatever goes of it goes of its parts, none falls below 0, and they are empty when it is."""

from hypothesis import given
from hypothesis import strategies as st

from cagnotte.domain.accounting.parts import OWN, How, Parts, running

PARTNERS = st.lists(st.sampled_from([OWN, "acme", "bolt", "coop"]), min_size=1, max_size=4, unique=True).map(
    sorted
)
MOVES = st.lists(
    st.tuples(
        st.sampled_from(How),
        st.integers(1, 60),
        st.booleans(),
        st.dictionaries(st.sampled_from(["acme", "bolt"]), st.integers(0, 40)),
    ),
    max_size=12,
)


@given(data=st.data(), partners=PARTNERS, moves=MOVES)
def test_what_goes_of_a_lot_goes_of_its_parts_and_none_falls_below_0(
    data: st.DataObject, partners: list[str], moves: list[tuple[How, int, bool, dict[str, int]]]
) -> None:
    given_points = [data.draw(st.integers(1, 100)) for _ in partners]
    lot = Parts(list(zip(partners, given_points, strict=True)))
    left, gone = sum(given_points), dict.fromkeys(How, 0)

    for how, wanted, back, due in moves:
        points = -min(wanted, gone[how]) if back else min(wanted, left)
        moved = lot.move(how, points, due)
        left, gone[how] = left - points, gone[how] + points

        assert sum(moved) == points
        assert sum(lot.left) == left
        assert all(0 <= part <= most for part, most in zip(lot.left, given_points, strict=True))

    lot.move(How.EXPIRED, left)
    assert lot.left == [0] * len(partners)


def test_a_return_takes_the_partners_points_of_its_part_and_the_rest_of_the_shops_own() -> None:
    lot = Parts([(OWN, 100), ("acme", 300)])

    assert lot.move(How.CLAIMED, 100, {"acme": 75}) == [25, 75]
    assert lot.move(How.CLAIMED, 90, {"acme": 0}) == [75, 15]  # no more of its own is there


def test_what_is_used_goes_of_all_parts_in_proportion() -> None:
    lot = Parts([(OWN, 100), ("acme", 300)])

    assert lot.move(How.USED, 38) == [10, 28]
    assert lot.move(How.USED, -38) == [-10, -28]


@given(amount=st.integers(0, 10_000), parts=st.lists(st.integers(1, 50), min_size=1, max_size=8))
def test_all_points_of_a_part_take_its_whole_amount(amount: int, parts: list[int]) -> None:
    taken = [running([amount], [sum(parts)], [sum(parts[:n])], [part])[0] for n, part in enumerate(parts)]

    assert sum(taken) == amount
    assert all(each >= 0 for each in taken)
