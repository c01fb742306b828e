from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

DO = Path(__file__).parents[2] / "do.py"


def test_it_is_written_in_python_3_8() -> None:
    tree = ast.parse(DO.read_text(), feature_version=(3, 8))

    imported = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names} | {
        str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)
    }
    assert imported == {"fcntl", "hashlib", "os", "pathlib", "shutil", "subprocess", "sys"}


@pytest.mark.parametrize("arguments", [[], ["dmeo"], ["--help"]])
def test_without_a_known_command_it_prints_its_usage_and_ends_2(arguments: list[str]) -> None:
    answer = subprocess.run([sys.executable, DO, *arguments], capture_output=True, text=True, check=False)

    first, _, *commands = answer.stderr.splitlines()
    assert answer.returncode == 2
    assert answer.stdout == ""
    assert first == "usage: python3 do.py COMMAND [ARGUMENTS]"
    assert [line.split()[0] for line in commands] == ["demo", "test", "check", "bench"]
