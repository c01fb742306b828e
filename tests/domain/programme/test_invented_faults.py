"""Spoilt documents: whatever the text, the answer is a programme or a list of faults in good order."""

from hypothesis import given, settings
from hypothesis import strategies as st

from cagnotte.domain.programme.document import Programme
from cagnotte.domain.programme.faults import ProgrammeError
from domain.programme.invented_documents import VALUES, documents
from domain.programmes import DOCUMENTS, FULL, programme_of

_PIECES = st.one_of(
    st.sampled_from(
        ["[", "]", "{", "}", '"', "'", "=", ".", "\n", "\r\n", "#", "\\", '"""', "[[earn]]\n", "wallets"]
    ),
    st.sampled_from(
        ["points = 1\n", 'code = "base"\n', "[tiers]\n", "reach = {}\n", "[wallets.x]\n", "null", "\x00"]
    ),
    VALUES,
    st.text(max_size=5),
)


@st.composite
def spoilt_documents(draw: st.DrawFn) -> str:
    text = draw(st.sampled_from(DOCUMENTS))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.sampled_from([0, 0, 1, 3, 12, 80])))
        text = text[:start] + draw(_PIECES) + text[end:]
    return text


@st.composite
def documents_with_other_values(draw: st.DrawFn) -> str:
    """Still TOML, most often: the values of some lines are replaced by any value."""
    lines = draw(st.sampled_from(DOCUMENTS)).split("\n")
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(lines) - 1))
        key, equals, _ = lines[at].partition(" = ")
        lines[at] = f"{key} = {draw(VALUES)}" if equals else lines[at]
    return "\n".join(lines)


def _check_faults(text: str) -> None:
    try:
        assert isinstance(programme_of(text), Programme)
    except ProgrammeError as error:
        places = [(fault.start, fault.end) for fault in error.faults]
        assert places
        assert places == sorted(places)
        assert all(0 <= start < end <= len(text) + 1 for start, end in places)
        told = [(fault.code, fault.path, fault.start, fault.end) for fault in error.faults]
        assert len(told) == len(set(told))


@settings(max_examples=300)
@given(st.one_of(spoilt_documents(), documents_with_other_values(), documents()))
def test_any_text_is_a_programme_or_refused_with_faults_in_the_order_of_the_text(text: str) -> None:
    _check_faults(text)


@given(st.text(max_size=60))
def test_any_scribble_is_refused_with_faults(text: str) -> None:
    _check_faults(text)


@given(st.text(max_size=40))
def test_any_text_as_a_rule_is_a_rule_or_refused_at_a_place_inside_it(rule: str) -> None:
    written = rule.replace("\\", "\\\\").replace('"', '\\"')
    text = FULL.replace("points = 7", f'points = """{written}"""')

    _check_faults(text)
