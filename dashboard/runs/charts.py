"""Executions in, the chart of their durations out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import altair as alt
import pandas as pd

from pipeline.durations import duration
from pipeline.executions import Execution

# Told apart without colours too: by the tooltip, the alternative text and the list of runs.
COLOURS = {
    "SUCCEEDED": "#2E9E5B", "RUNNING": "#3457D5", "FAILED": "#D93036", "TIMED_OUT": "#D93036",
    "ABORTED": "#E0A030",
}  # fmt: skip
PICK = "run"
MOST = 40


def durations(runs: Sequence[Execution], chosen: str, now: datetime) -> Any:
    """A bar for each of the last runs, oldest first; a click picks one (the selection `PICK`)."""
    rows = [
        {
            "name": run.name,
            "began": f"{run.started:%-d %b %H:%M:%S}",
            "seconds": run.seconds(now),
            "took": duration(run.seconds(now)),
            "status": run.status,
            "weight": 1.0 if run.name == chosen else 0.45,
        }
        for run in reversed(runs[:MOST])
    ]
    pick = alt.selection_point(name=PICK, fields=["name"])
    statuses = [status for status in COLOURS if status in {row["status"] for row in rows}]
    return (
        alt.Chart(pd.DataFrame(rows))
        .mark_bar(
            cornerRadiusTopLeft=3, cornerRadiusTopRight=3, cursor="pointer", size=_width(len(rows))
        )
        .encode(
            x=alt.X("name:N", sort=[row["name"] for row in rows], title=None).axis(None),
            y=alt.Y("seconds:Q", title="seconds").axis(tickCount=4, grid=True),
            color=alt.Color("status:N", title=None)
            .scale(domain=statuses, range=[COLOURS[status] for status in statuses])
            .legend(orient="top", symbolType="circle"),
            opacity=alt.Opacity("weight:Q", scale=None, legend=None),
            tooltip=[
                alt.Tooltip("began:N", title="Began, UTC"),
                alt.Tooltip("took:N", title="Took"),
                alt.Tooltip("status:N", title="Status"),
            ],
        )
        .add_params(pick)
        .properties(height=150)
    )


def _width(bars: int) -> int:
    """Few bars are not to look like walls, nor many of them to overlap; in pixels."""
    return max(5, min(34, 480 // max(bars, 1)))


def durations_in_words(runs: Sequence[Execution], now: datetime) -> str:
    """The alternative text of the chart."""
    if not runs:
        return "No run yet"
    newest = runs[0]
    ended = [run.seconds(now) for run in runs[:MOST] if run.status == "SUCCEEDED"]
    usual = (
        f" Those that succeeded took {duration(sorted(ended)[len(ended) // 2])}." if ended else ""
    )
    status = newest.status.replace("_", " ").lower()
    return (
        f"How long the last {len(runs[:MOST])} runs took, in seconds. The newest, of"
        f" {newest.started:%-d %b %H:%M:%S} UTC, has {status} in {duration(newest.seconds(now))}."
        f"{usual}"
    )
