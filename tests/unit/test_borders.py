"""The borders of the packages: who imports whom, and what the console waits for when it starts."""

from __future__ import annotations

import ast
import subprocess
import sys
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# Of each package, the others that it may import.
MAY_IMPORT: dict[str, set[str]] = {
    "pipeline": set(),
    "sample_data": set(),
    "services": {"sample_data"},
    "spark_jobs": set(),
    "dashboard": {"pipeline", "services"},
    "aws_bootstrap": {"pipeline", "sample_data"},
    "lake": {"pipeline", "sample_data", "services", "aws_bootstrap"},
}
HEAVY = ("boto3", "botocore.session", "deltalake", "duckdb", "dulwich", "pyarrow", "pyspark")


@cache
def _imported(file: Path) -> frozenset[str]:
    """What a file imports anywhere, in its functions too: modules, and names within modules."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            # `from package import module` asks for the module, not for the package's own names.
            found |= {name if _file_of(name).exists() else node.module for name in names}
    return frozenset(found)


def _file_of(module: str) -> Path:
    folder = ROOT / "spark_jobs" if module.startswith("lakehouse") else ROOT
    return folder.joinpath(*module.split(".")).with_suffix(".py")


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_a_package_imports_only_those_below_it(package):
    for file in (ROOT / package).rglob("*.py"):
        packages = {name.partition(".")[0] for name in _imported(file)}
        foreign = packages & (MAY_IMPORT.keys() - MAY_IMPORT[package] - {package})
        assert not foreign, f"{file.relative_to(ROOT)} imports {', '.join(foreign)}"


def test_of_the_services_the_calendly_simulator_alone_knows_the_sample():
    for file in (ROOT / "services").rglob("*.py"):
        if file.is_relative_to(ROOT / "services/calendly"):
            continue
        assert not {name for name in _imported(file) if name.startswith("sample_data")}, file


def test_no_file_imports_itself_through_others():
    files = {file for package in MAY_IMPORT for file in (ROOT / package).rglob("*.py")}
    graph = {file: {_file_of(name) for name in _imported(file)} & files for file in files}
    assert sum(map(len, graph.values())) > 1000
    list(TopologicalSorter(graph).static_order())  # CycleError names the files of a circle


@pytest.mark.parametrize("service", ["codepipeline", "emr_serverless", "glue"])
def test_a_service_of_ours_is_layered_documents_store_engine_api(service):
    """Each layer may import those before it only."""
    folder, package = ROOT / "services/edge" / service, f"services.edge.{service}"
    layers = [folder / name for name in ("documents", "store.py", "engine", "api")]
    for number, layer in enumerate(layers):
        above = [f"{package}.{path.stem}" for path in layers[number + 1 :]]
        above.append(f"{package}.provider")
        for file in [layer] if layer.is_file() else layer.rglob("*.py"):
            upwards = [name for name in _imported(file) if name.startswith(tuple(above))]
            assert not upwards, f"{file.relative_to(ROOT)} imports {', '.join(upwards)}"


@pytest.mark.parametrize(
    ("folder", "above"),
    [
        ("athena/sql/duckdb", "athena.sql.trino"),
        ("cloudwatch_logs/documents", "cloudwatch_logs.provider"),
        ("events", "patches"),
        ("stepfunctions/language", "stepfunctions.engine"),
        ("stepfunctions", "patches"),
    ],
)
def test_a_folder_knows_nothing_of_what_is_built_on_it(folder, above):
    for file in (ROOT / "services/edge" / folder).rglob("*.py"):
        upwards = [name for name in _imported(file) if name.startswith(f"services.edge.{above}")]
        assert not upwards, f"{file.relative_to(ROOT)} imports {', '.join(upwards)}"


def test_the_console_loads_no_heavy_library_before_a_command_needs_it():
    program = f"import sys, lake.app; print([n for n in {HEAVY} if n in sys.modules])"
    printed = subprocess.check_output([sys.executable, "-c", program], cwd=ROOT, text=True)
    assert printed == "[]\n"


def test_the_edge_s_state_machines_load_no_ec2_though_localstack_s_would():
    program = (
        "import sys; from services.edge.patches.stepfunctions import integrations;"
        "integrations.apply();"
        "print('moto.ec2' in sys.modules); import moto.batch; print('moto.ec2' in sys.modules)"
    )
    printed = subprocess.check_output([sys.executable, "-c", program], cwd=ROOT, text=True)
    assert printed == "False\nTrue\n"  # twice False: LocalStack needs no mending any more
