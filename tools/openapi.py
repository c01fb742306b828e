"""Compares docs/reference/openapi.json with what the structs say; `--write` brings it up to date."""

import argparse
import difflib
import sys
from pathlib import Path

from cagnotte.channels.api.openapi import openapi_text

FILE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "openapi.json"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write the file instead of comparing it")
    if parser.parse_args(arguments).write:
        FILE.parent.mkdir(parents=True, exist_ok=True)
        FILE.write_text(openapi_text(), encoding="utf-8")
        return 0
    kept = FILE.read_text(encoding="utf-8") if FILE.exists() else ""
    difference = difflib.unified_diff(
        kept.splitlines(),
        openapi_text().splitlines(),
        "docs/reference/openapi.json",
        "the structs",
        lineterm="",
        n=2,
    )
    lines = list(difference)
    if lines:
        print("\n".join(lines[:60]))
        print("The API changed: read the difference, then run python tools/openapi.py --write.", file=sys.stderr)
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
