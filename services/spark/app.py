"""The Spark service's HTTP interface: submit, follow and cancel runs, read their output.

POST /runs              {run_id, name, kind: emr|glue|shell, entry_point, arguments,
                         spark_submit_parameters, conf, environment, role} -> 201; known id -> 200
GET  /runs/<id>         ?after=<version>&wait=<seconds> waits for the next change
POST /runs/<id>/cancel  answers when none of the run's processes is left
GET  /runs/<id>/ui      {url}: its pages while it runs, the history server's afterwards; the answer
                        waits for its application, and for the history server, UI_SECONDS
GET  /pages/...         for browsers, see pages.py
GET  /runs/<id>/logs/<stdout|stderr>  ?offset=<bytes>
GET  /credentials       for scripts' SDKs, as ECS has it: temporary credentials of the run's role
GET  /health, GET /runs

Each but /health, /pages/ and /credentials asks for the token that services/spark_token.py makes,
and takes JSON alone.
"""

from __future__ import annotations

import sys
import time

from botocore.exceptions import BotoCoreError, ClientError
from flask import Flask, Response, jsonify, request

from services.spark import roles, submit
from services.spark.callers import let_in
from services.spark.execution import Executions
from services.spark.history import History, HistoryError
from services.spark.pages import add_pages
from services.spark.plan import plan
from services.spark.roles import PATH
from services.spark.runs import ENDED, RequestError, Run, Runs, new_run, requested
from services.spark.settings import Settings

LONGEST_WAIT = 60.0
CANCEL_SECONDS = 15.0
# Below the 60 s that AWS's clients wait; a session is there in 3 s on quiet cores.
UI_SECONDS = 50.0
Answer = tuple[Response, int]


def create_app(
    runs: Runs, executions: Executions, history: History, settings: Settings, token: str
) -> Flask:
    app = Flask(__name__)
    let_in(app, settings.names, token)
    add_credentials(app, settings.endpoint_url)
    add_runs(app, runs, executions)
    add_changes(app, runs, executions)
    add_output(app, runs, history)
    add_pages(app, runs, history)
    return app


def add_runs(app: Flask, runs: Runs, executions: Executions) -> None:
    @app.get("/health")
    def health() -> Response:
        return jsonify(
            status="ok",
            idle_jvms=executions.pool.idle,
            running=len(runs.in_state("RUNNING")),
            queued=len(runs.in_state("QUEUED")),
        )

    @app.get("/runs")
    def list_runs() -> Response:
        return jsonify(runs=runs.all())

    @app.post("/runs")
    def submit_run() -> Answer:
        try:
            asked = requested(request.get_json(silent=True))
            submission = submit.parse(asked["spark_submit_parameters"], asked["conf"])
            plan(submission, asked["name"], executions.conf)
        except (RequestError, submit.SubmitError) as refused:
            return error(400, str(refused))
        run, is_new = runs.add(new_run(asked, time.time()))
        return jsonify(run), 201 if is_new else 200


def add_changes(app: Flask, runs: Runs, executions: Executions) -> None:
    @app.get("/runs/<run_id>")
    def get_run(run_id: str) -> Answer:
        after = request.args.get("after", -1, int)
        wait = min(request.args.get("wait", 0.0, float), LONGEST_WAIT)
        run = runs.wait(run_id, after, wait)
        return (jsonify(run), 200) if run else unknown(run_id)

    @app.post("/runs/<run_id>/cancel")
    def cancel(run_id: str) -> Answer:
        if runs.get(run_id) is None:
            return unknown(run_id)
        executions.cancel(run_id)
        return jsonify(runs.wait(run_id, sys.maxsize, CANCEL_SECONDS)), 200


def add_credentials(app: Flask, endpoint_url: str) -> None:
    @app.get(PATH)
    def credentials() -> Answer:
        """A script's SDK names its role as its authorization, and renews what it got in time."""
        try:
            role = roles.of_text(request.headers.get("Authorization", ""))
            taken = role.taken_on(endpoint_url, "us-east-1")
        except (roles.RoleError, BotoCoreError, ClientError) as refused:
            return error(400, str(refused))
        return jsonify(roles.container_document(taken)), 200


def add_output(app: Flask, runs: Runs, history: History) -> None:
    @app.get("/runs/<run_id>/ui")
    def ui(run_id: str) -> Answer:
        run = runs.get(run_id)
        if run is None:
            return unknown(run_id)
        if run["state"] == "RUNNING":
            run = runs.wait_until(run_id, has_pages, UI_SECONDS)
        if run["state"] in ENDED and run.get("application_id"):
            try:
                return jsonify(url=history.url(run["application_id"], UI_SECONDS)), 200
            except HistoryError as failed:
                return error(503, str(failed))
        if run["ui_url"]:
            return jsonify(url=run["ui_url"]), 200
        return error(409, f"run {run_id} has started no Spark application")

    @app.get("/runs/<run_id>/logs/<any(stdout, stderr):stream>")
    def logs(run_id: str, stream: str) -> Response | Answer:
        if runs.get(run_id) is None:
            return unknown(run_id)
        path = runs.folder(run_id) / stream
        if not path.exists():
            return Response(b"", mimetype="text/plain")
        with path.open("rb") as file:
            file.seek(max(0, request.args.get("offset", 0, int)))
            return Response(file.read(), mimetype="text/plain")


def has_pages(run: Run) -> bool:
    return run["state"] != "RUNNING" or bool(run["ui_url"])


CODES = {400: "Invalid", 404: "NotFound", 409: "NoApplication", 503: "HistoryUnavailable"}


def error(status: int, message: str) -> Answer:
    return jsonify(error={"code": CODES[status], "message": message}), status


def unknown(run_id: str) -> Answer:
    return error(404, f"no run {run_id}")
