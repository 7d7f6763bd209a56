"""`lake notebook`: a notebook that is ready to explore the tables, in Jupyter where it is."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any

import typer

from lake.clients import check_endpoint
from lake.settings import Settings

CELLS = (
    ("markdown", "# The lake's tables\n\nEach silver and gold table is a view by its name."),
    (
        "code",
        "from lake import explore\n\n"
        "lake = explore.tables()  # DuckDB\n"
        "lake.sql('SHOW TABLES').df()",
    ),
    ("code", "lake.sql('FROM gold_cpb_by_channel ORDER BY cpb DESC').df()"),
    ("markdown", "The same in Spark, with the versions and the settings of the jobs:"),
    (
        "code",
        "spark = explore.spark()\n"
        "spark.sql('SELECT channel, count(*) FROM fact_bookings GROUP BY channel').show()",
    ),
)


def notebook(
    file: Annotated[
        Path | None,
        typer.Option(help="One that is there stays  [default: .lake/notebooks/lake.ipynb]"),
    ] = None,
    no_open: bool = typer.Option(False, "--no-open", help="Write it only"),
) -> None:
    """Make a notebook over the lake's tables, and open it where JupyterLab is installed."""
    settings = Settings.from_env()
    check_endpoint(settings)
    path = file or settings.lake_dir / "notebooks" / "lake.ipynb"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(document(), indent=1) + "\n")
    typer.echo(f"Notebook  {path}\nPython    {sys.executable}")
    if no_open:
        return
    if find_spec("jupyterlab") is not None:
        raise typer.Exit(subprocess.call([sys.executable, "-m", "jupyterlab", str(path)]))
    typer.echo(
        "JupyterLab is not installed in this Python. Install it by\n"
        f"  {Path(sys.executable).parent}/uv pip install jupyterlab\n"
        "and repeat, or open the notebook in your editor with this Python. In any Python prompt of"
        " it:\n  from lake import explore; explore.tables().sql('FROM gold_cpb_by_channel')"
    )


def document() -> dict[str, Any]:
    """The notebook in Jupyter's format 4."""
    return {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {"language_info": {"name": "python"}},
        "cells": [_cell(number, kind, text) for number, (kind, text) in enumerate(CELLS)],
    }


def _cell(number: int, kind: str, text: str) -> dict[str, Any]:
    cell = {
        "id": f"cell-{number}",
        "cell_type": kind,
        "metadata": {},
        "source": text.splitlines(keepends=True),
    }
    return cell if kind == "markdown" else {**cell, "execution_count": None, "outputs": []}
