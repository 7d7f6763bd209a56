"""The audit of the pins believes pip-audit only after it has found what is known."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

AUDIT = Path(__file__).parents[2] / "requirements" / "audit.py"
FAULT = {"id": "PYSEC-2021-108", "aliases": ["CVE-2021-33503"], "fix_versions": ["1.26.5"]}


def test_without_advisories_it_says_unaudited(tmp_path):
    done = audit(stand_in(tmp_path, bad=[], pins=[]))
    assert done.returncode == 0
    assert done.stdout.startswith("UNAUDITED: no advisory was found for urllib3==1.26.4")


def test_a_pin_with_a_known_fault_fails_it(tmp_path):
    done = audit(stand_in(tmp_path, bad=[FAULT], pins=[FAULT]))
    assert done.returncode == 1
    assert "somepackage 1.0: PYSEC-2021-108, mended in 1.26.5" in done.stdout


def test_pins_without_a_known_fault_pass(tmp_path):
    done = audit(stand_in(tmp_path, bad=[FAULT], pins=[]))
    assert (done.returncode, done.stdout) == (0, "Audited: no known fault in any pin\n")


def test_a_pip_audit_that_fails_is_told(tmp_path):
    program = tmp_path / "pip-audit"
    program.write_text("#!/bin/sh\necho 'no route to the index' >&2; exit 2\n")
    program.chmod(0o755)
    done = audit(program)
    assert (done.returncode, done.stdout) == (
        0,
        "UNAUDITED: pip-audit failed: no route to the index\n",
    )


def stand_in(folder: Path, bad: list[dict], pins: list[dict]) -> Path:
    """A program that answers as pip-audit does: `bad` for the known-bad pin, `pins` for others."""
    answers = {
        found: json.dumps({"dependencies": [{"name": name, "version": "1.0", "vulns": faults}]})
        for found, name, faults in (("bad", "urllib3", bad), ("pins", "somepackage", pins))
    }
    program = folder / "pip-audit"
    program.write_text(
        f"#!{sys.executable}\nimport sys\n"
        f"answers = {answers!r}\n"
        "print(answers['bad' if 'known-bad' in sys.argv[2] else 'pins'])\n"
    )
    program.chmod(0o755)
    return program


def audit(program: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(AUDIT), str(program)], capture_output=True, text=True, check=False
    )
