"""A column in which the same values come again: each distinct value once, and which one each row holds."""

from collections.abc import Callable, Sequence
from typing import overload


class Coded(Sequence[object]):
    """Reads like a list of the rows' values. `codes` are places in `values`."""

    def __init__(self, codes: Sequence[int], values: Sequence[object]) -> None:
        self.codes = codes
        self.values = values

    def __len__(self) -> int:
        return len(self.codes)

    @overload
    def __getitem__(self, index: int) -> object: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[object]: ...

    def __getitem__(self, index: int | slice) -> object | Sequence[object]:
        if isinstance(index, slice):
            return Coded(self.codes[index], self.values)
        return self.values[self.codes[index]]

    def texts(self, text_of: Callable[[object], str]) -> list[str]:
        """The text of each row, worked out once per distinct value."""
        texts = [text_of(value) for value in self.values]
        return [texts[code] for code in self.codes]
