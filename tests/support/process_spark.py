"""The Spark service's interface over plain `python script` processes: no JVM, real exit codes.

Run as `python -m tests.support.process_spark PORT FOLDER`; scripts are fetched from the edge's S3.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import ClientError
from flask import Flask, Response, jsonify, request

from services.spark import roles

ENDED = ("SUCCEEDED", "FAILED", "CANCELLED")
DRIVER_ENVIRONMENT = "spark.emr-serverless.driverEnv."


class Processes:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._runs: dict[str, dict[str, Any]] = {}
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._changed = threading.Condition()

    def submit(self, body: dict[str, Any]) -> tuple[dict[str, Any], int]:
        with self._changed:
            known = self._runs.get(body["run_id"])
            if known is not None:
                return known, 200
            run = {"run_id": body["run_id"], "version": 0, "state": "QUEUED", "started_at": None}
            run |= {"ended_at": None, "exit_code": None, "error": None, "created_at": time.time()}
            self._runs[body["run_id"]] = run
        threading.Thread(target=self._run, args=(body,), daemon=True).start()
        return run, 201

    def wait(self, run_id: str, after: int, seconds: float) -> dict[str, Any] | None:
        with self._changed:
            if run_id not in self._runs:
                return None
            self._changed.wait_for(lambda: self._runs[run_id]["version"] != after, seconds)
            return dict(self._runs[run_id])

    def cancel(self, run_id: str) -> None:
        with self._changed:
            if self._runs[run_id]["state"] in ENDED:
                return
            self._change(run_id, cancelled=True)
            process = self._processes.get(run_id)
        if process is not None and process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)

    def close(self) -> None:
        for process in self._processes.values():
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)

    def output(self, run_id: str, stream: str, offset: int) -> bytes:
        path = self._folder / run_id / stream
        return path.read_bytes()[offset:] if path.exists() else b""

    def _run(self, body: dict[str, Any]) -> None:
        run_id, folder = body["run_id"], self._folder / body["run_id"]
        folder.mkdir(parents=True)
        bucket, _, key = body["entry_point"].removeprefix("s3://").partition("/")
        try:
            boto3.client("s3").download_file(bucket, key, str(folder / "script.py"))
        except ClientError as error:
            self._end(run_id, 1, f"{body['entry_point']}: {error}")
            return
        extra = {
            name.removeprefix(DRIVER_ENVIRONMENT): value
            for name, value in body["conf"].items()
            if name.startswith(DRIVER_ENVIRONMENT)
        }
        with (folder / "stdout").open("wb") as out, (folder / "stderr").open("wb") as err:
            with self._changed:
                if self._runs[run_id].get("cancelled"):
                    self._change(run_id, state="CANCELLED", ended_at=time.time())
                    return
                process = subprocess.Popen(
                    [sys.executable, str(folder / "script.py"), *body["arguments"]],
                    env=environment(body) | extra,
                    stdout=out,
                    stderr=err,
                    start_new_session=True,
                )
                self._processes[run_id] = process
                self._change(run_id, state="RUNNING", started_at=time.time())
            code = process.wait()
        lines = (folder / "stderr").read_text().strip().splitlines()
        self._end(run_id, code, lines[-1] if lines else None)

    def _end(self, run_id: str, code: int, error: str | None) -> None:
        with self._changed:
            state = "SUCCEEDED" if code == 0 else "FAILED"
            if self._runs[run_id].get("cancelled"):
                state = "CANCELLED"
            failure = error if state == "FAILED" else None
            ended = {"state": state, "exit_code": code, "error": failure, "ended_at": time.time()}
            self._change(run_id, **ended)

    def _change(self, run_id: str, **changes: Any) -> None:
        run = self._runs[run_id]
        self._runs[run_id] = {**run, **changes, "version": run["version"] + 1}
        self._changed.notify_all()


def environment(body: dict[str, Any]) -> dict[str, str]:
    """As the Spark service's: the job is its role, and nobody else."""
    inherited = {name: os.environ[name] for name in os.environ if name not in roles.ADMINISTRATOR}
    service = f"http://127.0.0.1:{sys.argv[1]}"
    own = roles.environment(roles.of_run(body), service)
    return {**inherited, **own, **body["environment"]}


def create_app(processes: Processes) -> Flask:
    app = Flask(__name__)
    add_submission(app, processes)
    add_output(app, processes)
    return app


def add_submission(app: Flask, processes: Processes) -> None:
    @app.get(roles.PATH)
    def credentials() -> Response:
        role = roles.of_text(request.headers["Authorization"])
        taken = role.taken_on(os.environ["AWS_ENDPOINT_URL"], "us-east-1")
        return jsonify(roles.container_document(taken))

    @app.get("/health")
    def health() -> Response:
        return jsonify(status="ok", served_by="process_spark")

    @app.post("/runs")
    def submit() -> tuple[Response, int]:
        run, status = processes.submit(request.get_json(force=True))
        return jsonify(run), status

    @app.get("/runs/<run_id>")
    def get(run_id: str) -> tuple[Response, int]:
        after, wait = request.args.get("after", -1, int), request.args.get("wait", 0.0, float)
        run = processes.wait(run_id, after, wait)
        return (jsonify(run), 200) if run else unknown(run_id)

    @app.post("/runs/<run_id>/cancel")
    def cancel(run_id: str) -> tuple[Response, int]:
        if processes.wait(run_id, -1, 0) is None:
            return unknown(run_id)
        processes.cancel(run_id)
        return jsonify(processes.wait(run_id, -1, 0)), 200


def add_output(app: Flask, processes: Processes) -> None:
    @app.get("/runs/<run_id>/logs/<stream>")
    def logs(run_id: str, stream: str) -> Response:
        text = processes.output(run_id, stream, request.args.get("offset", 0, int))
        return Response(text, mimetype="text/plain")

    @app.get("/runs/<run_id>/ui")
    def ui(run_id: str) -> tuple[Response, int]:
        message = f"run {run_id} has no Spark application"
        return jsonify(error={"code": "Conflict", "message": message}), 409


def unknown(run_id: str) -> tuple[Response, int]:
    return jsonify(error={"code": "NotFound", "message": f"no run {run_id}"}), 404


if __name__ == "__main__":
    processes = Processes(Path(sys.argv[2]))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        create_app(processes).run("127.0.0.1", int(sys.argv[1]), threaded=True)
    finally:
        processes.close()
