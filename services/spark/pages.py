"""Spark's own pages behind the service's one port: those of running jobs, and of ended ones.

GET /pages/runs/<id>/<path>   the pages of a run's driver while it runs, then its history
GET /pages/history/<path>     the history server, started when it is first asked for

Read-only: only GET is passed on, and no link that ends a job or stage. A link elsewhere may lead a
browser here (callers.py), so no page may show them in a frame, nor hold their window. Spark makes
its links below the path of X-Forwarded-Context (UIUtils.uiRoot in Spark 3.5.6).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import requests
from flask import Flask, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from services.spark.history import PAGE_SECONDS, History, HistoryError
from services.spark.runs import ENDED, Runs

DRIVER_SECONDS = 30.0
CHUNK_BYTES = 65_536
# Of an answer; the others are those of the connection to Spark.
KEPT_HEADERS = (
    *("Cache-Control", "Content-Disposition", "Content-Type", "Last-Modified"),
    *("X-Content-Type-Options", "X-XSS-Protection"),
)
ALONE = {
    "Content-Security-Policy": "frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}


def add_pages(app: Flask, runs: Runs, history: History) -> None:
    @app.get("/pages/runs/<run_id>/", defaults={"path": ""})
    @app.get("/pages/runs/<run_id>/<path:path>")
    def run_page(run_id: str, path: str) -> AnyResponse:
        run = runs.get(run_id)
        if run is None or not run.get("application_id"):
            return told(404, f"Run {run_id} has no Spark application, or is not known")
        if run["state"] in ENDED or "driver_url" not in run:
            return redirect(f"/pages/history/history/{run['application_id']}/jobs/")
        return passed_on(run["driver_url"], f"/pages/runs/{run_id}", path, DRIVER_SECONDS)

    @app.get("/pages/history/", defaults={"path": ""})
    @app.get("/pages/history/<path:path>")
    def history_page(path: str) -> AnyResponse:
        try:
            return passed_on(history.address(shown(path)), "/pages/history", path, PAGE_SECONDS)
        except HistoryError as error:
            return told(503, str(error))


def shown(path: str) -> str:
    """The application that a page of the history server is of; empty for its own pages."""
    found = re.match(r"history/([\w-]+)(/|$)", path)
    return found[1] if found else ""


def passed_on(server: str, context: str, path: str, seconds: float) -> AnyResponse:
    """What Spark answers; its redirects lead to where the browser finds it."""
    if any(word.partition(";")[0] == "kill" for word in path.split("/")):
        return told(403, "These pages are read-only: cancel the job run instead")
    try:
        answer = requests.get(
            f"{server}/{quote(path)}",
            params=request.args.to_dict(flat=False),
            headers={
                "X-Forwarded-Context": context,
                "Accept": request.headers.get("Accept", "*/*"),
            },
            allow_redirects=False,
            stream=True,
            timeout=seconds,
        )
    except requests.RequestException as error:
        return told(502, f"Spark's pages do not answer, the job may just have ended: {error}")
    headers = {name: answer.headers[name] for name in KEPT_HEADERS if name in answer.headers}
    headers.update(ALONE)
    if "Location" in answer.headers:
        headers["Location"] = located(answer.headers["Location"], server, context)
    return Response(chunks(answer), status=answer.status_code, headers=headers)


def located(address: str, server: str, context: str) -> str:
    path = address.removeprefix(server)
    return path if path.startswith(f"{context}/") else context + path


def chunks(answer: Any) -> Iterator[bytes]:
    with answer:
        yield from answer.iter_content(CHUNK_BYTES)


def told(status: int, text: str) -> Response:
    return Response(f"{text}\n", status=status, mimetype="text/plain")
