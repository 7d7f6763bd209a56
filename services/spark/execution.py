"""Execute one run: bring its files, give it to a driver or a process, take its exit code."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from lake.java import java_home
from services.spark import failure, submit
from services.spark.drivers import Driver, DriverError, Pool, kill_group
from services.spark.runs import Run, Runs
from services.spark.s3_files import FileError, S3Files
from services.spark.session_conf import SIZING, differs_from_warm, is_runtime, session_conf
from services.spark.settings import Settings

DRIVER_ENVIRONMENT = "spark.emr-serverless.driverEnv."


class Executions:
    """The processes of the runs that are going on."""

    def __init__(self, settings: Settings, runs: Runs) -> None:
        self._settings, self._runs = settings, runs
        self._files = S3Files(settings.endpoint_url, settings.jars_dir)
        self._environment = job_environment(settings)
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._cancelled: set[str] = set()
        self._lock = threading.Lock()
        settings.events_dir.mkdir(parents=True, exist_ok=True)
        write_defaults(settings)
        self.pool = Pool(settings, self._environment, self._is_idle)

    def execute(self, run: Run) -> None:
        """Blocks until the run has ended and its end is recorded."""
        run_id = run["run_id"]
        try:
            process = self._start(run)
        except (FileError, DriverError, submit.SubmitError, OSError) as error:
            self._end(run_id, 1, str(error))
            return
        with self._lock:
            self._processes[run_id] = process
            cancelled = run_id in self._cancelled
        if cancelled:
            kill_group(process)
        exit_code = process.wait()
        kill_group(process)  # what the job left behind
        with self._lock:
            del self._processes[run_id]
        self._end(run_id, exit_code, None)

    def cancel(self, run_id: str) -> None:
        with self._lock:
            self._cancelled.add(run_id)
            process = self._processes.get(run_id)
        if process is not None:
            kill_group(process)
        elif (run := self._runs.get(run_id)) and run["state"] == "QUEUED":
            self._runs.change(run_id, state="CANCELLED", ended_at=time.time())

    def close(self) -> None:
        self.pool.close()
        for process in list(self._processes.values()):
            kill_group(process)

    def _is_idle(self) -> bool:
        return not self._runs.in_state("RUNNING") and not self._runs.in_state("QUEUED")

    def _start(self, run: Run) -> subprocess.Popen[bytes]:
        folder = self._runs.folder(run["run_id"]).absolute()
        submission = submit.parse(run["spark_submit_parameters"])
        submission.conf = {**run["conf"], **submission.conf}
        script = self._files.fetch(run["entry_point"], folder / "code")
        py_files = [self._files.fetch(uri, folder / "code") for uri in submission.py_files]
        if run["kind"] == "glue":
            return self._start_glue(run, folder, script, py_files)
        jars = [uri for uri in submission.jars if not self._files.is_present(uri)]
        job = {
            "script": str(script),
            "arguments": run["arguments"],
            "py_files": [str(path) for path in py_files],
            "conf": {k: v for k, v in submission.conf.items() if is_runtime(k)},
            "environment": {**run["environment"], **driver_environment(submission.conf)},
            "folder": str(folder),
        }
        if jars or differs_from_warm(submission.conf, session_conf(self._settings)):
            return self._start_cold(job, submission, jars, folder)
        return self._start_warm(run["run_id"], job, folder)

    def _start_warm(
        self, run_id: str, job: dict[str, Any], folder: Path
    ) -> subprocess.Popen[bytes]:
        driver: Driver = self.pool.take()
        self._runs.change(
            run_id, ui_url=driver.application["ui_url"], application_id=driver.application["id"]
        )
        driver.give(job, folder)
        return driver.process

    def _start_cold(
        self, job: dict[str, Any], submission: submit.Submission, jars: list[str], folder: Path
    ) -> subprocess.Popen[bytes]:
        brought = [str(self._files.fetch(uri, folder / "jars")) for uri in jars]
        command = [str(Path(sys.executable).parent / "spark-submit")]
        for name, value in submission.conf.items():
            if not name.startswith(SIZING) or name == "spark.driver.memory":
                command += ["--conf", f"{name}={value}"]
        command += ["--jars", ",".join(brought)] if brought else []
        command += ["--py-files", ",".join(job["py_files"])] if job["py_files"] else []
        return self._spawn([*command, job["script"], *job["arguments"]], job["environment"], folder)

    def _start_glue(
        self, run: Run, folder: Path, script: Path, py_files: list[Path]
    ) -> subprocess.Popen[bytes]:
        shim = Path(__file__).parent / "glue_libs"
        path = os.pathsep.join([str(shim), *(str(path) for path in py_files)])
        command = [sys.executable, "-u", str(script), *run["arguments"]]
        return self._spawn(command, {**run["environment"], "PYTHONPATH": path}, folder)

    def _spawn(
        self, command: list[str], environment: dict[str, str], folder: Path
    ) -> subprocess.Popen[bytes]:
        with (folder / "stdout").open("ab") as out, (folder / "stderr").open("ab") as err:
            return subprocess.Popen(
                command,
                env={**self._environment, **environment},
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                start_new_session=True,
            )

    def _end(self, run_id: str, exit_code: int, error: str | None) -> None:
        ended = {"exit_code": exit_code, "ended_at": time.time()}
        if run_id in self._cancelled:
            self._runs.change(run_id, state="CANCELLED", **ended)
        elif exit_code == 0:
            self._runs.change(run_id, state="SUCCEEDED", **ended)
        else:
            stderr = self._runs.folder(run_id) / "stderr"
            text = stderr.read_text(errors="replace") if stderr.exists() else ""
            message = error or failure.cause(text, exit_code)
            self._runs.change(run_id, state="FAILED", error=message, **ended)


def job_environment(settings: Settings) -> dict[str, str]:
    """What every job finds in its environment."""
    return {
        **os.environ,
        "AWS_ENDPOINT_URL": settings.endpoint_url,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
        "TZ": "UTC",
        "JAVA_HOME": str(java_home()),
        "PYSPARK_PYTHON": sys.executable,
        "SPARK_CONF_DIR": str(settings.data_dir / "conf"),
    }


def driver_environment(conf: dict[str, str]) -> dict[str, str]:
    return {
        name.removeprefix(DRIVER_ENVIRONMENT): value
        for name, value in conf.items()
        if name.startswith(DRIVER_ENVIRONMENT)
    }


def write_defaults(settings: Settings) -> None:
    """spark-defaults.conf, for the sessions that are not started ahead."""
    folder = settings.data_dir / "conf"
    folder.mkdir(parents=True, exist_ok=True)
    lines = [f"{name} {value}" for name, value in session_conf(settings).items()]
    (folder / "spark-defaults.conf").write_text("\n".join(lines) + "\n")
