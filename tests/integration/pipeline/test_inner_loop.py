"""`lake dev`, `lake debug` and `lake notebook` on the stack with the sample in it."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

from lake.settings import ROOT
from tests.support.debug_adapter import DebugAdapter
from tests.support.deliveries import taken_back
from tests.support.git_client import WorkTree
from tests.support.stack import Stack, free_port
from tests.support.working_copy import Watched, WorkingCopy

SPEND = "spark_jobs/lakehouse/gold_spend.py"
COST = 'cost_per_booking("total_spend", "total_bookings_count").alias("cpb")'
TRIPLED = COST.replace(".alias", ".__mul__(3.0).alias")
DOUBLED = COST.replace(".alias", ".__mul__(2.0).alias")
FUNCTION = "services/lambdas/project6-calendly-webhook-ingestion.py"


@pytest.fixture
def copy(tmp_path) -> WorkingCopy:
    return WorkingCopy(tmp_path / "copy")


def _first_line(path: Path, function: str) -> int:
    """Of a function's body, its docstring not counted."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef) and node.name == function:
            return node.body[1 if ast.get_docstring(node) else 0].lineno
    raise AssertionError(f"no {function} in {path}")


def _branch(stack: Stack, folder: Path) -> WorkTree:
    clone = WorkTree(folder, f"{stack.url}/_git/project6/code.git", branch="deploy")
    clone.git("pull", "--quiet", "origin", "deploy")
    return clone


def stored_library(stack: Stack) -> bytes:
    """What the jobs run."""
    found = stack.client("s3").get_object(
        Bucket="project6-code-bucket", Key="Spark_codes/lakehouse.zip"
    )
    return found["Body"].read()


def branched_library(clone: WorkTree) -> bytes:
    """What the code pipeline would deploy."""
    clone.git("pull", "--quiet", "origin", "deploy")
    return (clone.folder / "Spark_codes/lakehouse.zip").read_bytes()


def test_a_saved_line_of_gold_is_seen_in_the_numbers_and_no_later_run_undoes_it(
    filled, copy, tmp_path
):
    before = dict(filled.query("SELECT channel, cpb FROM gold_cpb_by_channel"))
    dev = Watched(copy, filled, "dev", "--run", "gold")
    try:
        dev.until("What runs is this working copy")
        copy.replace(SPEND, COST, DOUBLED)
        changed = "\n".join(dev.until("s after the save"))
        dev.until("Committed")
        doubled = dict(filled.query("SELECT channel, cpb FROM gold_cpb_by_channel"))
        # The pipeline's own deployment, as a run's DeployCode starts it.
        clone = _branch(filled, tmp_path / "clone")
        stored, committed = stored_library(filled), branched_library(clone)

        copy.replace(SPEND, DOUBLED, TRIPLED)
        dev.until("Deployed")
        dev.end()  # by SIGKILL while gold runs: placed, and not committed
        left = (stored_library(filled), branched_library(clone))
        dev = Watched(copy, filled, "dev", "--run", "gold")
        dev.until("Committed")
        dev.until("What runs is this working copy")
        healed = (stored_library(filled), branched_library(clone))

        copy.replace(SPEND, TRIPLED, f"{COST} 2.0")
        broken = dev.until("2.0")
        copy.replace(SPEND, f"{COST} 2.0", COST)
        dev.until("s after the save")
        restored = dict(filled.query("SELECT channel, cpb FROM gold_cpb_by_channel"))
        dev.until("Committed")
        code = dev.interrupt()
    finally:
        dev.end()

    facebook = f"facebook: {before['facebook']:,.2f} -> {2 * before['facebook']:,.2f} per booking"
    assert facebook in changed
    assert "gold_cpb_by_channel 4" in changed
    assert doubled["facebook"] == pytest.approx(2 * before["facebook"])
    assert stored == committed
    # A session that was killed leaves the branch behind, and the next one commits for it.
    assert left[0] not in (stored, left[1])
    assert left[1] == committed
    assert healed == (left[0], left[0])
    assert any("gold_spend.py" in line for line in broken)
    assert restored == before
    assert (code, dev.lines) == (130, ["Stopped"])


def test_files_saved_at_once_are_one_deployment_before_which_a_whole_run_is_committed(filled, copy):
    """A function gets its code as well, and the run brings no older one back."""
    functions = filled.client("lambda")
    name = "project6-calendly-webhook-ingestion"
    before = functions.get_function_configuration(FunctionName=name)["CodeSha256"]
    dev = Watched(copy, filled, "dev", "--run", "pipeline")
    try:
        dev.until("What runs is this working copy")
        copy.replace(FUNCTION, "CONFLICT_WAITS = (0.05,", "CONFLICT_WAITS = (0.06,")
        copy.replace("spark_jobs/project6-gold.py", '"""Bring the', '"""Now bring the')
        deployed = dev.until("Deployed")[-1]
        dev.until("Committed")
        ran = dev.until("s after the save")
        assert dev.interrupt() == 130
        dev = Watched(copy, filled, "dev")
        dev.until("What runs is this working copy")
        after = functions.get_function_configuration(FunctionName=name)["CodeSha256"]
        copy.replace(FUNCTION, "CONFLICT_WAITS = (0.06,", "CONFLICT_WAITS = (0.05,")
        copy.replace("spark_jobs/project6-gold.py", '"""Now bring the', '"""Bring the')
        dev.until("Committed")
        again = functions.get_function_configuration(FunctionName=name)["CodeSha256"]
        assert dev.interrupt() == 130
    finally:
        dev.end()

    assert "project6-gold.py" in deployed
    assert f"{name}.py" in deployed
    states = [line.split()[2] for line in ran if line.endswith("succeeded")]
    assert states[0] == "DeployCode"
    assert states[-1] == "SilverToGold"
    assert after != before
    assert again == before


def test_a_breakpoint_in_a_job_stops_there_and_gold_that_was_changed_by_hand_is_made_right(filled):
    before = filled.gold()
    filled.table("s3://project6-gold-bucket/gold_booking_outcomes").delete("channel = 'tiktok'")
    versions = filled.gold_versions()
    port = free_port()
    library = ROOT / "spark_jobs/lakehouse/gold_sources.py"
    line = _first_line(library, "stale_tables")
    with filled.lake_in_background("debug", "gold", "--port", str(port), output=True) as debugged:
        _wait_for(debugged, "Ctrl-C cancels")
        with DebugAdapter(port) as editor:
            editor.attach({library: [line]})
            stopped = editor.stop()
            editor.go_on()
        rest = debugged.stdout.read().decode()

    assert stopped[:2] == (str(library), line)
    assert "project6-gold-bucket" in str(stopped[2])
    assert "SilverToGold succeeded" in rest
    assert filled.gold() == before
    after = filled.gold_versions()
    changed = [name for name, version in after.items() if version != versions[name]]
    assert changed == ["gold_booking_outcomes"]


def test_a_breakpoint_in_a_function_stops_there(filled):
    port = free_port()
    source = ROOT / FUNCTION
    line = _first_line(source, "ingest")
    arguments = ("debug", "--function", "calendly-webhook-ingestion", "--port", str(port))
    with (
        taken_back(filled),
        filled.lake_in_background(*arguments, output=True) as debugged,
    ):
        _wait_for(debugged, "Ctrl-C cancels")
        with DebugAdapter(port) as editor:
            editor.attach({source: [line]})
            stopped = editor.stop()
            editor.go_on()
        rest = debugged.stdout.read().decode()

    assert stopped[:2] == (str(source), line)
    assert stopped[2]["bucket"] == "'project6-bronze-bucket'"
    assert "Webhook ingested successfully" in rest


def test_a_job_that_is_not_there_and_a_taken_port_are_told(filled):
    unknown = filled.lake("debug", "golld", expect=1, with_errors=True)
    assert "Expected a job of the state machine (" in unknown
    assert "SilverToGold or gold" in unknown
    assert "found 'golld'" in unknown
    port = filled.url.rpartition(":")[2]
    taken = filled.lake("debug", "gold", "--port", port, expect=1, with_errors=True)
    assert f"Port {port} is taken by another program" in taken
    assert taken.rstrip().endswith("stop it, or name another one by --port")
    assert "found 'golld'" in filled.lake("dev", "--run", "golld", expect=1, with_errors=True)


def test_the_notebook_s_cells_run_as_they_stand(filled, tmp_path):
    file = tmp_path / "lake.ipynb"
    filled.lake("notebook", "--no-open", "--file", str(file))
    cells = json.loads(file.read_text())["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    program = "\n".join([*code, "print(lake.sql('FROM gold_cpb_by_channel').fetchall())"])
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=filled.environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert str(filled.query("FROM gold_cpb_by_channel")) in done.stdout
    assert "|facebook|" in done.stdout  # what Spark shows


def _wait_for(running: subprocess.Popen[bytes], text: str) -> None:
    assert running.stdout is not None
    for line in running.stdout:
        if text in line.decode():
            return
    raise AssertionError(f"it ended without {text!r}")
