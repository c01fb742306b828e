"""Reading case files: three formats, exact values, every fault with its place."""

import json
from pathlib import Path

import pytest

from cagnotte.channels.files.case_places import Unreadable, read_yaml
from cagnotte.channels.files.cases import CaseFileRefused, FileFault, cases_schema, read_cases

YAML = """
cases:
- id: A
  sale:
    lines:
    - {sku: 4711, qty: 2, price: 12.00}
  expect: {payable: 24.00}
"""
TOML = """
[[cases]]
id = "A"
expect = { payable = 24.00 }
[[cases.sale.lines]]
sku = 4711
qty = 2
price = 12.00
"""
JSON = """
{"cases": [{"id": "A", "expect": {"payable": 24.00}, "sale": {"lines": [
  {"sku": 4711, "qty": 2, "price": 12.00}
]}}]}
"""


def _file(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def _fault(folder: Path, text: str, name: str = "cases.yaml") -> FileFault:
    """The fault of the only case, or of the file."""
    try:
        [read] = read_cases(_file(folder, name, text))
    except CaseFileRefused as error:
        return error.fault
    assert read.fault is not None
    return read.fault


@pytest.mark.parametrize(("name", "text"), [("a.yaml", YAML), ("a.yml", YAML), ("a.toml", TOML), ("a.json", JSON)])
def test_three_formats_say_the_same(tmp_path: Path, name: str, text: str) -> None:
    [read] = read_cases(_file(tmp_path, name, text))

    assert read.fault is None
    assert read.case is not None
    assert read.case.sale is not None
    [line] = read.case.sale.lines
    assert (line.sku, line.qty) == ("4711", 2)
    assert line.price is not None
    assert line.price.minor(2) == 1200


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("on: 1", {"on": 1}),
        ("a: yes", {"a": "yes"}),
        ("a: NO", {"a": "NO"}),
        ("a: off", {"a": "off"}),
        ("a: true", {"a": True}),
        ("a: 12.00", {"a": "12.00"}),
        ("a: 1e3", {"a": "1e3"}),
        ("a: 007", {"a": "007"}),
        ("a: 17:30", {"a": "17:30"}),
        ("a: '12'", {"a": "12"}),
        ("a: -5", {"a": -5}),
        ("a: ~", {"a": None}),
        ("a:", {"a": None}),
        ("a: 2026-02-30", {"a": "2026-02-30"}),
        ("a: &x {b: 1}\nc: *x", {"a": {"b": 1}, "c": {"b": 1}}),
        ("a: &x {b: 1, d: 2}\nc: {<<: *x, b: 3}", {"a": {"b": 1, "d": 2}, "c": {"b": 3, "d": 2}}),
        ("", None),
    ],
)
def test_yaml_holds_no_surprise(text: str, value: object) -> None:
    assert read_yaml(text)[0] == value


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("a: 1\na: 2", "name_twice", 2),
        ("a: !!python/object:os.system x", "yaml_tag", 1),
        ("a: [1}", "not_yaml", 1),
        ("? [a]\n: 1", "name_not_text", 1),
        ("a: &x [*x]", "too_deep", 1),
        ("[" * 60 + "]" * 60, "too_deep", 1),
    ],
)
def test_yaml_that_is_no_plain_data_is_refused(text: str, code: str, line: int) -> None:
    with pytest.raises(Unreadable) as refused:
        read_yaml(text)

    assert (refused.value.code, refused.value.line) == (code, line)


def test_yaml_that_grows_without_end_is_refused() -> None:
    levels = "\n".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 10)}]" for n in range(1, 9))

    with pytest.raises(Unreadable) as refused:
        read_yaml(f"l0: &l0 [1, 2, 3]\n{levels}")

    assert refused.value.code == "too_many_values"


@pytest.mark.parametrize(
    ("case", "code", "at", "line"),
    [
        ("sale: {pad: 1}", "unknown_name", "cases[0].sale.pad", 3),
        ("sale:\n    lines:\n    - sku: a\n      quantiy: 2", "unknown_name", "cases[0].sale.lines[0].quantiy", 6),
        ("expect: {ballance: 1}", "unknown_name", "cases[0].expect.ballance", 3),
        ("steps:\n  - return: {lines: {a: 1}}", "missing_name", "cases[0].steps[0].return", 4),
        ("sale: {lines: 5}", "wrong_type", "cases[0].sale.lines", 3),
        ("sale: {paid: '12,00'}", "not_an_amount", "cases[0].sale.paid", 3),
        ("steps:\n  - at: 2026-02-30\n    credit: 1", "not_a_time", "cases[0].steps[0].at", 4),
        ("variants:\n  - {id: b, stepps: []}", "unknown_name", "cases[0].variants[0].stepps", 4),
        ("variants:\n  - {id: b, sale: {paid: x}}", "not_an_amount", "cases[0].variants[0].sale.paid", 4),
        ("sale: {paid: x}\n  variants: [{id: b}]", "not_an_amount", "cases[0].sale.paid", 3),
    ],
)
def test_a_faulty_case_is_told_with_its_place(tmp_path: Path, case: str, code: str, at: str, line: int) -> None:
    fault = _fault(tmp_path, f"cases:\n- id: A\n  {case}\n")

    assert (fault.code, fault.at, fault.line) == (code, at, line)


@pytest.mark.parametrize(
    ("case", "suggestion"),
    [("sale: {chanel: web}", "channel"), ("expect: {ballance: 1}", "balance"), ("stepps: []", "steps")],
)
def test_a_misspelt_name_suggests_the_near_one(tmp_path: Path, case: str, suggestion: str) -> None:
    assert _fault(tmp_path, f"cases: [{{id: A, {case}}}]").params["suggestion"] == suggestion


def test_a_faulty_case_does_not_hide_the_others(tmp_path: Path) -> None:
    read = read_cases(_file(tmp_path, "a.yaml", "cases: [{id: A, x: 1}, {id: B, sale: {paid: 1}}]"))

    assert [(each.case_id, each.case is not None) for each in read] == [("A", False), ("B", True)]


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("a.txt", "", "unknown_format"),
        ("a.yaml", "- 1", "no_cases"),
        ("a.yaml", "cases: []", "no_cases"),
        ("a.yaml", "cases: [1]", "case_not_map"),
        ("a.yaml", "case: []", "unknown_name"),
        ("a.yaml", "cases: [{id: A, variants: 5}]", "case_not_map"),
        ("a.yaml", "cases: [{id: A, variants: [5]}]", "case_not_map"),
        ("a.yaml", "cases: [{id: [1]}]", "not_a_word"),
        ("a.yaml", "programme: 5\ncases: [{id: A}]", "wrong_type"),
        ("a.yaml", "cases: [{id: A}, {id: A}]", "id_twice"),
        ("a.toml", "cases = [", "not_toml"),
        ("a.json", "{", "not_json"),
        ("a.json", '{"cases": [], "cases": []}', "name_twice"),
    ],
)
def test_a_file_that_is_none_is_refused(tmp_path: Path, name: str, text: str, code: str) -> None:
    assert _fault(tmp_path, text, name).code == code


def test_a_file_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes("cases: [{id: é}]".encode("latin-1"))

    with pytest.raises(CaseFileRefused) as refused:
        read_cases(path)

    assert (refused.value.fault.code, refused.value.fault.params) == ("not_utf8", {"place": "13"})


def test_places_of_toml_and_json_are_told_too(tmp_path: Path) -> None:
    toml = _fault(tmp_path, TOML.replace("qty", "qtty"), "a.toml")
    in_json = _fault(tmp_path, JSON.replace("qty", "qtty"), "a.json")

    assert (toml.at, toml.line) == ("cases[0].sale.lines[0].qtty", 7)
    assert (in_json.at, in_json.line) == ("cases[0].sale.lines[0].qtty", 0)


def test_a_case_without_an_id_is_refused(tmp_path: Path) -> None:
    fault = _fault(tmp_path, "cases: [{sale: {paid: 1}}]")

    assert (fault.code, fault.params) == ("missing_name", {"name": "id"})


def test_the_schema_is_json_and_names_every_part() -> None:
    schema = json.loads(json.dumps(cases_schema()))

    assert {"CaseFile", "Case", "Variant", "Step", "SaleMade", "Expected"} <= set(schema["$defs"])
    assert schema["$defs"]["Case"]["additionalProperties"] is False
    assert schema["$defs"]["LineSold"]["properties"]["price"]["anyOf"][0]["anyOf"][0]["type"] == "string"
