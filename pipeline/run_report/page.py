"""The contents of a run report in, one HTML page without any outside resource out.

What was delivered can say anything: every text is escaped, and the page's own policy lets no
script run and nothing be fetched.
"""

from __future__ import annotations

from html import escape
from pathlib import Path

from pipeline import state_drawing
from pipeline.durations import duration
from pipeline.prices import price_list
from pipeline.run_report import sections
from pipeline.run_report.contents import Contents
from pipeline.run_report.sections import moment

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def page(contents: Contents) -> str:
    execution = contents.run.execution
    title = f"Run of {moment(execution.started)}"
    parts = (
        _head(contents),
        _failure(contents),
        _section("States", sections.states(contents)),
        _section("What changed in gold", sections.gold(contents)),
        _section("Deliveries that caused it", sections.causes(contents)),
        _section("Rejected by this run", sections.rejected(contents)),
        _section("Unknown fields", sections.drift(contents)),
        _section("Versions", sections.versions(contents)),
        _section("What it would cost on AWS", sections.costs(contents, price_list())),
        _foot(contents),
    )
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}: {_status(execution.status)}</title>"
        f"<style>{_style()}</style></head><body><main>{''.join(parts)}</main></body></html>\n"
    )


def _style() -> str:
    return (Path(__file__).parent / "style.css").read_text() + state_drawing.style()


def _head(contents: Contents) -> str:
    execution = contents.run.execution
    took = duration(execution.seconds(contents.made))
    status = _status(execution.status)
    going = "" if execution.ended else " so far; the numbers are those of now"
    return (
        f'<header><p class="eyebrow">Run report</p><h1>{moment(execution.started)}</h1>'
        f'<p class="lead"><span class="pill {escape(execution.status.lower())}">{status}</span>'
        f' in {took}{going}</p><p class="arn">{escape(execution.arn)}</p></header>'
    )


def _failure(contents: Contents) -> str:
    failure = contents.run.failure
    if failure is None:
        return ""
    where = f" in {escape(failure.state)}" if failure.state else ""
    lines = "\n".join(failure.lines)
    shown = f"<h3>Its log ends with</h3><pre>{escape(lines)}</pre>" if lines else ""
    place, whole = failure.place, ""
    if place:
        stream = f", streams with <code>{escape(place.stream)}</code>" if place.stream else ""
        whole = f"<p>All of it: log group <code>{escape(place.group)}</code>{stream}</p>"
    return (
        f'<section class="failure"><h2>It failed{where}</h2><p class="cause">'
        f"{escape(failure.cause)}</p>{shown}{whole}</section>"
    )


def _foot(contents: Contents) -> str:
    return (
        f"<footer>Read on {moment(contents.made)}. Times are UTC, spend is in USD. The same by"
        f" <code>lake report {escape(contents.run.execution.name)}</code>.</footer>"
    )


def _section(title: str, body: str) -> str:
    return f"<section><h2>{escape(title)}</h2>{body}</section>"


def _status(status: str) -> str:
    return escape(status.replace("_", " ").lower())
