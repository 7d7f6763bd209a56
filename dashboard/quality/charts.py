"""Rejected rows by run in, their chart out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from dashboard.quality.queries import RejectedInRun

# Okabe and Ito's palette, which the colour-blind can tell apart; https://jfly.uni-koeln.de/color/
COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#B8A200", "#8A8F99")


def rejected_by_run(rows: Sequence[RejectedInRun]) -> Any:
    """Stacked bars: a bar for each run that rejected something, oldest first."""
    reasons = sorted({row.reason for row in rows})
    runs = sorted({row.run for row in rows})
    colours = [COLOURS[number % len(COLOURS)] for number in range(len(reasons))]
    frame = pd.DataFrame([row._asdict() for row in rows]).assign(
        label=lambda rows: rows["run"].str.replace("T", " ")
    )
    return (
        alt.Chart(frame)
        .mark_bar(size=max(6, min(40, 520 // len(runs))))
        .encode(
            x=alt.X("label:O", title=None, sort=None).axis(labelAngle=0, labelOverlap=True),
            y=alt.Y("rows:Q", title="rows").axis(tickMinStep=1, tickCount=5),
            color=alt.Color("reason:N", title=None)
            .scale(domain=reasons, range=colours)
            .legend(orient="top", columns=2, labelLimit=240, symbolType="circle"),
            tooltip=[
                alt.Tooltip("label:O", title="Run, UTC"),
                alt.Tooltip("reason:N", title="Reason"),
                alt.Tooltip("rows:Q", title="Rows"),
            ],
        )
        .properties(height=250)
    )


def in_words(rows: Sequence[RejectedInRun]) -> str:
    """The alternative text of the chart."""
    last = rows[-1].run
    newest = ", ".join(f"{row.rows} {row.reason}" for row in rows if row.run == last)
    runs = len({row.run for row in rows})
    total = sum(row.rows for row in rows)
    return f"{total} rejected rows in {runs} runs; the last, {last.replace('T', ' ')}: {newest}."
