"""`lake report [EXECUTION]`: a run on one HTML page, written to a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from botocore.exceptions import ClientError

from lake.clients import REGION, make_client
from lake.errors import StackError
from lake.json_output import print_json
from lake.settings import Settings

FOLDER = "reports"
UNKNOWN = ("ExecutionDoesNotExist", "InvalidArn")
STDOUT = Path("-")


def report(
    execution: Annotated[
        str | None, typer.Argument(help="A run's name or ARN. Default: the newest")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="The file, - for standard output. Default: in LAKE_DIR"),
    ] = None,
    as_json: bool = typer.Option(False, "--json", help="Print one JSON document"),
) -> None:
    """Write a run's report: states, times, rows, rejects, what changed in gold, and why.

    It is one HTML page without outside resources, to open in a browser, keep or send. The page
    Pipeline of the dashboard shows the same.
    """
    settings = Settings.from_env()
    arn = execution_arn(settings, execution)
    if out == STDOUT:
        typer.echo(html(settings, arn), nl=False)
        return
    path = write(settings, arn, out)
    if as_json:
        print_json({"execution_arn": arn, "report": str(path)})
    else:
        typer.echo(f"Report     {path}\nDashboard  {page_url(settings, arn)}")


def write(settings: Settings, arn: str, out: Path | None = None) -> Path:
    """Write the report of the execution to the file, by default one of its name in LAKE_DIR."""
    path = out or settings.lake_dir / FOLDER / f"{_name(arn)}.html"
    text = html(settings, arn)
    if out is None:
        path.parent.mkdir(parents=True, exist_ok=True)
    # Beside its place first: whoever opens it meanwhile sees the old one whole.
    draft = path.with_name(f".{path.name}.part")
    try:
        draft.write_text(text, encoding="utf-8")
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return path.absolute()


def html(settings: Settings, arn: str) -> str:
    from pipeline import pipeline_run
    from pipeline.gold_history import Lake
    from pipeline.run_report import page, reading
    from pipeline.storage import storage_options

    try:
        run = pipeline_run.read(
            make_client("stepfunctions", settings), make_client("logs", settings), arn
        )
    except ClientError as error:
        if error.response["Error"]["Code"] not in UNKNOWN:
            raise
        raise StackError(
            f"There is no run {_name(arn)}: `lake report` without a name takes the newest, and the"
            f" page Pipeline of the dashboard lists all, {settings.dashboard_url}/pipeline"
        ) from error
    options = storage_options(settings.endpoint_url, REGION)
    return page.page(reading.contents(run, Lake(settings.names, options)))


def execution_arn(settings: Settings, execution: str | None) -> str:
    """Of a name, an ARN, or None for the newest run."""
    from pipeline import executions
    from pipeline.addresses import NotDeployedError, state_machine_arn

    if execution and execution.startswith("arn:"):
        return execution
    try:
        machine = state_machine_arn(make_client("cloudformation", settings), settings.names.stack)
    except NotDeployedError as error:
        raise StackError(str(error)) from error
    if execution:
        return f"{machine.replace(':stateMachine:', ':execution:')}:{execution}"
    found: list[Any] = executions.recent(make_client("stepfunctions", settings), machine, most=100)
    if not found:
        raise StackError("There is no run yet: `lake run` runs the pipeline")
    return str(found[0].arn)


def page_url(settings: Settings, arn: str) -> str:
    """Where the dashboard has the same."""
    return f"{settings.dashboard_url}/reports/{_name(arn)}"


def _name(arn: str) -> str:
    return arn.rpartition(":")[2]
