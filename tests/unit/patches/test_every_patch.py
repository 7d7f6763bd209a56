"""Each patch has a test of the fault that it mends, by which we learn that it can go."""

from __future__ import annotations

import re
from pathlib import Path

from lake.settings import ROOT

PATCHES = ROOT / "services" / "edge" / "patches"
MARK = re.compile(r'pytest\.mark\.mended_by\("([\w.]+)"\)')


def test_each_patch_has_a_test_that_fails_once_localstack_has_not_the_fault():
    patches = {
        ".".join(path.relative_to(PATCHES).with_suffix("").parts)
        for path in PATCHES.rglob("*.py")
        if path.name != "__init__.py"
    }
    tests = Path(__file__).parent.glob("test_*.py")
    tested = {name for path in tests for name in MARK.findall(path.read_text())}
    assert tested == patches
