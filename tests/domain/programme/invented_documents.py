"""Invented TOML documents: every way to write a key or a value, with blanks, comments and both line ends."""

from hypothesis import strategies as st

BLANKS = st.sampled_from(["", " ", "\t", "  "])
BREAKS = st.sampled_from(["", " ", "\n", " # a comment, with ] } = and 'quotes\"\n\t"])
_BARE = st.text("abcXYZ019_-", min_size=1, max_size=4)
_CHARACTERS = st.text(st.sampled_from("aé€😀 =#[]{},.\"'\\\t"), max_size=6)


def _escaped(text: str, *, coded: bool) -> str:
    plain = text.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t")
    return plain.replace("é", "\\u00e9").replace("😀", "\\U0001F600") if coded else plain


def _without(text: str, *banned: str) -> str:
    for character in banned:
        text = text.replace(character, "_")
    return text


BASIC = st.builds(lambda text, coded: f'"{_escaped(text, coded=coded)}"', _CHARACTERS, st.booleans())
LITERAL = _CHARACTERS.map(lambda text: f"'{_without(text, "'")}'")
_LINES = st.lists(_CHARACTERS, min_size=1, max_size=3)
LONG_BASIC = st.builds(
    lambda lines, glue, opening, coded: (
        f'"""{opening}{glue.join(_escaped(line, coded=coded) for line in lines)}"""'
    ),
    _LINES,
    st.sampled_from(["\n", "\\\n  ", "\\  \n\n\t", "\n\n", 'x"y""z']),
    st.sampled_from(["", "\n", "\\\n \n"]),
    st.booleans(),
)
LONG_LITERAL = st.builds(
    lambda lines, opening, ending: f"'''{opening}{'\n'.join(_without(line, "'") for line in lines)}{ending}'''",
    _LINES,
    st.sampled_from(["", "\n"]),
    st.sampled_from(["", "'", "''"]),
)
TEXTS = st.one_of(BASIC, LITERAL, LONG_BASIC, LONG_LITERAL)
_ATOMS = st.one_of(
    TEXTS,
    st.sampled_from(["0", "-17", "0xFF", "1_000", "2.5e3", "inf", "true", "false"]),
    st.sampled_from(["2026-02-28", "07:30:00", "2026-02-28 07:30:00", "2026-02-28T07:30:00+01:00"]),
)
KEYS = st.one_of(_BARE, BASIC, LITERAL)


@st.composite
def _arrays(draw: st.DrawFn, values: st.SearchStrategy[str]) -> str:
    parts = [f"{draw(BREAKS)}{value}{draw(BREAKS)}" for value in draw(st.lists(values, max_size=3))]
    ending = draw(st.sampled_from(["", ",", ",\n"])) if parts else ""
    return f"[{','.join(parts)}{ending}{draw(BREAKS)}]"


@st.composite
def _inline_tables(draw: st.DrawFn, values: st.SearchStrategy[str]) -> str:
    keys = draw(st.lists(_BARE, max_size=3, unique=True))
    pairs = [f"{draw(BLANKS)}{key}{draw(BLANKS)}={draw(BLANKS)}{draw(values)}{draw(BLANKS)}" for key in keys]
    return f"{{{','.join(pairs)}}}"


VALUES = st.recursive(_ATOMS, lambda values: st.one_of(_arrays(values), _inline_tables(values)), max_leaves=5)


@st.composite
def _pairs(draw: st.DrawFn) -> str:
    key = f"{draw(BLANKS)}.{draw(BLANKS)}".join(draw(st.lists(KEYS, min_size=1, max_size=2)))
    comment = draw(st.sampled_from(["", " # why = 1"]))
    return f"{draw(BLANKS)}{key}{draw(BLANKS)}={draw(BLANKS)}{draw(VALUES)}{comment}\n"


@st.composite
def documents(draw: st.DrawFn) -> str:
    """A text that is mostly TOML: keys may collide, then `tomllib` refuses it."""
    headers = st.sampled_from(
        [
            "[a]\n",
            "[ b . c ]\n",
            "[[rows]]\n",
            "[[rows]] # next\n",
            "[rows.inner]\n",
            "[[rows.deep]]\n",
            '["d e"]\n',
        ]
    )
    parts = draw(st.lists(_pairs(), max_size=3))
    for header in draw(st.lists(headers, max_size=4)):
        parts += [header, *draw(st.lists(_pairs(), max_size=2)), draw(st.sampled_from(["", "\n", "# end\n"]))]
    text = "".join(parts)
    return text.replace("\n", "\r\n") if draw(st.booleans()) else text
