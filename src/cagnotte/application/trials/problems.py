"""What keeps a case from being played: a code, a place in the case, and what fills the sentence."""

from collections.abc import Iterable
from difflib import get_close_matches


class CaseProblem(Exception):
    """The case cannot be played as it is written. `path` is the place within the case, as far as it is known."""

    def __init__(self, code: str, path: tuple[str | int, ...] = (), **params: str) -> None:
        super().__init__(f"{code} {params}")
        self.code = code
        self.path = path
        self.params = params


def unknown(code: str, name: str, known: Iterable[str], path: tuple[str | int, ...] = ()) -> CaseProblem:
    """A name that the case or its programme does not have, with the near one that was probably meant."""
    names = list(known)
    near = get_close_matches(name, names, n=1, cutoff=0.6)
    suggestion = {"suggestion": near[0]} if near else {}
    return CaseProblem(code, path, name=name, known=", ".join(names) or "-", **suggestion)
