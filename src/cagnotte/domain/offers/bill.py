"""What is left to pay for each line, and for each article of it, while offers are given one after the other."""

from collections.abc import Sequence

import msgspec


class Piece(msgspec.Struct, gc=False):
    """`count` articles of a line that cost `total` together now. `used`: they counted for an offer already."""

    count: int
    total: int
    used: bool = False


class Portion(msgspec.Struct, gc=False):
    """A part of a line that an effect works on; `piece` None: the line as a whole.

    `value`: what is left to pay for it. `base`: what percentages are of. `keep`: what must be left of it.
    """

    line: int
    piece: int | None
    count: int
    value: int
    base: int
    keep: int = 0

    @property
    def room(self) -> int:
        return max(self.value - self.keep, 0)


class Run(msgspec.Struct, gc=False):
    """`count` articles of one line at one price each."""

    line: int
    piece: int
    price: int
    count: int


class Bill:
    """`left`: minor units left to pay, per line; `delivery` likewise. `quantities` are those of the lines."""

    def __init__(self, left: Sequence[int], quantities: Sequence[int], delivery: int) -> None:
        self.left = list(left)
        self.quantities = quantities
        self.delivery = delivery
        self._pieces: dict[int, list[Piece]] = {}

    def copy(self) -> "Bill":
        bill = Bill(self.left, self.quantities, self.delivery)
        bill._pieces = {
            line: [Piece(each.count, each.total, each.used) for each in pieces]
            for line, pieces in self._pieces.items()
        }
        return bill

    def become(self, other: "Bill") -> None:
        self.left, self.delivery, self._pieces = other.left, other.delivery, other._pieces

    def take_line_of(self, other: "Bill", line: int) -> None:
        """Make a line what it is on another bill."""
        self.left[line] = other.left[line]
        if line in other._pieces:
            self._pieces[line] = other._pieces[line]

    def is_whole(self, line: int) -> bool:
        """Whether no article of the line was used by an offer."""
        return all(not piece.used for piece in self._pieces.get(line, ()))

    def is_split(self, line: int) -> bool:
        """Whether articles of the line may cost differently because of an offer."""
        return line in self._pieces

    def unused(self, line: int) -> int:
        """Articles of the line that no offer used."""
        if line not in self._pieces:
            return self.quantities[line]
        return sum([piece.count for piece in self._pieces[line] if not piece.used])

    def runs(self, line: int, *, unused_only: bool) -> list[Run]:
        """The articles of a line by their price; of one piece the dearer ones first."""
        found = []
        for number, piece in enumerate(self._pieces_of(line)):
            if piece.count and not (unused_only and piece.used):
                price, dearer = divmod(piece.total, piece.count)
                if dearer:
                    found.append(Run(line, number, price + 1, dearer))
                found.append(Run(line, number, price, piece.count - dearer))
        return found

    def take(self, portions: Sequence[Portion], minors: Sequence[int], *, uses: bool) -> None:
        """Take `minors` off the portions, which do not overlap; `uses`: they count for no other offer."""
        parts: dict[tuple[int, int], list[tuple[Portion, int]]] = {}
        for portion, minor in zip(portions, minors, strict=True):
            assert 0 <= minor <= portion.value, (portion, minor)
            if portion.piece is None:
                self._take_whole(portion.line, minor, uses=uses)
            elif minor or uses:
                parts.setdefault((portion.line, portion.piece), []).append((portion, minor))
        for (line, number), taken in parts.items():
            self._split(line, number, taken, uses=uses)

    def use(self, run: Run, count: int) -> None:
        """Mark articles as used without taking anything off them."""
        portion = Portion(run.line, run.piece, count, run.price * count, 0)
        self._split(run.line, run.piece, [(portion, 0)], uses=True)

    def _take_whole(self, line: int, minor: int, *, uses: bool) -> None:
        self.left[line] -= minor
        if line not in self._pieces and not uses:
            return
        left = minor
        pieces = self._pieces_of(line)
        whole = sum([piece.total for piece in pieces])
        for piece in pieces:
            # The rest is spread over the rest: the last piece takes what is left, and none goes below 0.
            part = -(-left * piece.total // whole) if whole else 0
            whole -= piece.total
            piece.total -= part
            left -= part
            piece.used = piece.used or uses

    def _split(self, line: int, number: int, taken: Sequence[tuple[Portion, int]], *, uses: bool) -> None:
        pieces = self._pieces_of(line)
        rest = pieces[number]
        for portion, minor in taken:
            rest.count -= portion.count
            rest.total -= portion.value
            self.left[line] -= minor
            pieces.append(Piece(portion.count, portion.value - minor, uses or rest.used))
        assert rest.count >= 0, (line, taken)
        assert rest.total >= 0, (line, taken)

    def _pieces_of(self, line: int) -> list[Piece]:
        if line not in self._pieces:
            self._pieces[line] = [Piece(self.quantities[line], self.left[line])]
        return self._pieces[line]
