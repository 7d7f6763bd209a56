"""The borders of the packages: who imports whom, and what the console waits for when it starts."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# Of each package, the others that it may import.
MAY_IMPORT = {
    "pipeline": set(),
    "sample_data": set(),
    "services": set(),
    "spark_jobs": set(),
    "dashboard": {"pipeline", "services"},
    "aws_bootstrap": {"pipeline", "sample_data"},
    "lake": {"pipeline", "sample_data", "services", "aws_bootstrap"},
}
HEAVY = ("boto3", "botocore.session", "deltalake", "duckdb", "dulwich", "pyarrow", "pyspark")


def _imported(file: Path) -> set[str]:
    """The packages that a file imports anywhere, in its functions too."""
    nodes = list(ast.walk(ast.parse(file.read_text())))
    whole = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    parts = [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
    return {name.partition(".")[0] for name in (*whole, *parts)}


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_a_package_imports_only_those_below_it(package):
    for file in (ROOT / package).rglob("*.py"):
        foreign = _imported(file) & (MAY_IMPORT.keys() - MAY_IMPORT[package] - {package})
        assert not foreign, f"{file.relative_to(ROOT)} imports {', '.join(foreign)}"


def test_the_console_loads_no_heavy_library_before_a_command_needs_it():
    program = f"import sys, lake.app; print([n for n in {HEAVY} if n in sys.modules])"
    printed = subprocess.check_output([sys.executable, "-c", program], cwd=ROOT, text=True)
    assert printed == "[]\n"
