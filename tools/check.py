"""What CI runs before the slow tests: format, lint, types, import contracts, translations, OpenAPI, programme.

python3 do.py check            every check, two at a time
python3 do.py check --fix      let the formatter, the linter and the generators write first
"""

import argparse
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent

FIXES: dict[str, list[str | Path]] = {
    "lint": [BIN / "ruff", "check", "--fix", "-q", "."],
    "format": [BIN / "ruff", "format", "-q", "."],
    "translations": [sys.executable, "tools/translations.py", "compile"],
    "openapi": [sys.executable, "tools/openapi.py", "--write"],
}
CHECKS: dict[str, list[str | Path]] = {
    "types": [BIN / "mypy"],
    "format": [BIN / "ruff", "format", "--check", "."],
    "lint": [BIN / "ruff", "check", "."],
    "imports": [BIN / "lint-imports"],
    "translations": [sys.executable, "tools/translations.py", "check"],
    "openapi": [sys.executable, "tools/openapi.py"],
    "lock": [sys.executable, "tools/lock.py"],
    "programme": [BIN / "cagnotte", "programme", "check", "src/cagnotte/host/demo/programme.toml"],
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="do.py check", description=__doc__.split("\n", 1)[0])
    parser.add_argument("--fix", action="store_true", help="write what can be written, then check")
    if parser.parse_args().fix:
        for command in FIXES.values():
            subprocess.run([str(part) for part in command], cwd=ROOT, check=False)
    with ThreadPoolExecutor(max_workers=2) as workers:
        results = list(workers.map(_run, CHECKS.items()))
    failed = [name for name, passed in results if not passed]
    if failed:
        print(f"failed: {', '.join(failed)}")
        return 1
    print(f"all {len(CHECKS)} checks passed")
    return 0


def _run(check: tuple[str, list[str | Path]]) -> tuple[str, bool]:
    name, command = check
    begun = time.monotonic()
    done = subprocess.run([str(part) for part in command], cwd=ROOT, capture_output=True, text=True, check=False)
    passed = done.returncode == 0
    print(f"{'ok  ' if passed else 'FAIL'} {name} ({time.monotonic() - begun:.1f} s)", flush=True)
    if not passed:
        print(done.stdout + done.stderr, flush=True)
    return name, passed


if __name__ == "__main__":
    sys.exit(main())
