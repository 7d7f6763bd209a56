"""The Spark service's HTTP interface: submit, follow and cancel runs, read their output.

POST /runs              {run_id, name, kind: emr|glue, entry_point, arguments,
                         spark_submit_parameters, conf, environment} -> 201; known id -> 200
GET  /runs/<id>         ?after=<version>&wait=<seconds> waits for the next change
POST /runs/<id>/cancel
GET  /runs/<id>/ui      {url}: the live UI while it runs, the history server afterwards
GET  /runs/<id>/logs/<stdout|stderr>  ?offset=<bytes>
GET  /health, GET /runs
"""

from __future__ import annotations

import time
from typing import Any

from flask import Flask, Response, jsonify, request

from services.spark import submit
from services.spark.execution import Executions
from services.spark.history import History
from services.spark.runs import ENDED, Runs, new_run

REQUIRED = ("run_id", "entry_point")
OPTIONAL: dict[str, Any] = {
    "name": "",
    "kind": "emr",
    "arguments": [],
    "spark_submit_parameters": "",
    "conf": {},
    "environment": {},
}
Answer = tuple[Response, int]


def create_app(runs: Runs, executions: Executions, history: History) -> Flask:
    app = Flask(__name__)
    add_submission(app, runs, executions)
    add_output(app, runs, history)
    return app


def add_submission(app: Flask, runs: Runs, executions: Executions) -> None:
    @app.get("/health")
    def health() -> Response:
        return jsonify(
            status="ok",
            warm_drivers=executions.pool.size,
            running=len(runs.in_state("RUNNING")),
            queued=len(runs.in_state("QUEUED")),
        )

    @app.get("/runs")
    def list_runs() -> Response:
        return jsonify(runs=runs.all())

    @app.post("/runs")
    def submit_run() -> Answer:
        body = request.get_json(force=True, silent=True)
        if not isinstance(body, dict) or any(not body.get(name) for name in REQUIRED):
            return error(400, "expected a JSON object with run_id and entry_point")
        known = runs.get(body["run_id"])
        if known is not None:
            return jsonify(known), 200
        try:
            submit.parse(body.get("spark_submit_parameters", ""))
        except submit.SubmitError as refused:
            return error(400, str(refused))
        given = {name: body.get(name, default) for name, default in OPTIONAL.items()}
        run = new_run({**given, **{name: body[name] for name in REQUIRED}}, time.time())
        runs.add(run)
        return jsonify(run), 201

    @app.get("/runs/<run_id>")
    def get_run(run_id: str) -> Answer:
        after = request.args.get("after", -1, int)
        wait = min(request.args.get("wait", 0.0, float), 60.0)
        run = runs.wait(run_id, after, wait)
        return (jsonify(run), 200) if run else unknown(run_id)

    @app.post("/runs/<run_id>/cancel")
    def cancel(run_id: str) -> Answer:
        if runs.get(run_id) is None:
            return unknown(run_id)
        executions.cancel(run_id)
        return jsonify(runs.get(run_id)), 200


def add_output(app: Flask, runs: Runs, history: History) -> None:
    @app.get("/runs/<run_id>/ui")
    def ui(run_id: str) -> Answer:
        run = runs.get(run_id)
        if run is None:
            return unknown(run_id)
        if not run.get("application_id"):
            return error(409, f"run {run_id} has no Spark application")
        is_live = run["state"] not in ENDED
        return jsonify(url=run["ui_url"] if is_live else history.url(run["application_id"])), 200

    @app.get("/runs/<run_id>/logs/<any(stdout, stderr):stream>")
    def logs(run_id: str, stream: str) -> Response | Answer:
        if runs.get(run_id) is None:
            return unknown(run_id)
        path = runs.folder(run_id) / stream
        if not path.exists():
            return Response(b"", mimetype="text/plain")
        with path.open("rb") as file:
            file.seek(request.args.get("offset", 0, int))
            return Response(file.read(), mimetype="text/plain")


def error(status: int, message: str) -> Answer:
    code = "NotFound" if status == 404 else "Invalid"
    return jsonify(error={"code": code, "message": message}), status


def unknown(run_id: str) -> Answer:
    return error(404, f"no run {run_id}")
