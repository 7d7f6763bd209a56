"""Ask pip-audit for known faults of every pinned package, once it has found one that is known.

Where the package index gives no advisories, pip-audit reports "No known vulnerabilities found" and
exits 0. So it must first find one in a pin that has some; else this prints UNAUDITED.

    python requirements/audit.py PIP_AUDIT
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

KNOWN_BAD = "urllib3==1.26.4"  # CVE-2021-33503
FOLDER = Path(__file__).parent
NAMES = ("dev", "clients")  # every other list is a part of dev's
# Faults that a pin cannot leave, each explained in docs/adr/0009-pins-behind-known-fixes.md.
ACCEPTED: frozenset[str] = frozenset()


def advisories(pip_audit: str, requirements: Path) -> list[str]:
    """One line per advisory that is not accepted: `package version: id, mended in version`.

    Raises RuntimeError where pip-audit cannot say.
    """
    options = ["--no-deps", "--disable-pip", "--format", "json", "--progress-spinner", "off"]
    done = subprocess.run(
        [pip_audit, "--requirement", str(requirements), *options],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode not in (0, 1) or not done.stdout:
        raise RuntimeError(done.stderr.strip().splitlines()[-1])
    return [
        f"{package['name']} {package['version']}: {found['id']},"
        f" mended in {', '.join(found['fix_versions']) or 'no version yet'}"
        for package in json.loads(done.stdout)["dependencies"]
        for found in package.get("vulns", ())
        if not ACCEPTED & {found["id"], *found["aliases"]}
    ]


def answers(pip_audit: str) -> bool:
    """Whether an advisory is found where there is one."""
    with tempfile.TemporaryDirectory() as folder:
        bad = Path(folder) / "known-bad.txt"
        bad.write_text(f"{KNOWN_BAD}\n")
        return bool(advisories(pip_audit, bad))


def main(pip_audit: str) -> int:
    """1 where a pin has a known fault, else 0; UNAUDITED is printed where nothing can be known."""
    try:
        if not answers(pip_audit):
            print(f"UNAUDITED: no advisory was found for {KNOWN_BAD}, which has one")
            return 0
        found = [line for name in NAMES for line in advisories(pip_audit, FOLDER / f"{name}.txt")]
    except RuntimeError as failed:
        print(f"UNAUDITED: pip-audit failed: {failed}")
        return 0
    print("\n".join(found) or "Audited: no known fault in any pin")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1]))
