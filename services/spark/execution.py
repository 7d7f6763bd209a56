"""Execute one run: bring its files, run it in a JVM of the pool or its own, take its exit code."""

from __future__ import annotations

import logging
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from services.spark import commands, failure
from services.spark.applications import Application
from services.spark.drivers import Driver, Drivers
from services.spark.job import Job, document, pooled_conf, prepared
from services.spark.jvm import KILLED
from services.spark.pool import GivenUpError, Pool
from services.spark.processes import Guarded
from services.spark.runs import Run, Runs
from services.spark.session_conf import session_conf
from services.spark.settings import Settings

# How long a SparkContext may take to stop: at a job's end, and when it is cancelled.
STOP_SECONDS, CANCEL_SECONDS = 30.0, 1.0
LOG = logging.getLogger(__name__)


class Executions:
    """The processes of the runs that are going on."""

    def __init__(self, settings: Settings, runs: Runs, java_home: Path) -> None:
        self._settings, self._runs = settings, runs
        self.conf = session_conf(settings)
        self.environment = commands.job_environment(settings, java_home, os.environ)
        self._processes: dict[str, Guarded] = {}
        self._cancelled: set[str] = set()
        self._lock = threading.Lock()
        settings.events_dir.mkdir(parents=True, exist_ok=True)
        commands.write_defaults(settings)
        self._drivers = Drivers(settings, self.environment)
        self.pool = Pool(settings, self.environment, self._drivers.replenish)

    def execute(self, run: Run) -> None:
        """Blocks until the run has ended and its end is recorded."""
        try:
            job = prepared(run, self._runs.folder(run["run_id"]), self._settings, self.conf)
            exit_code = self._way_of(job)(job)
        except GivenUpError:
            self._end(run["run_id"], None)
        except Exception as error:  # whatever keeps a run from starting is its end
            LOG.warning("run %s did not start: %r", run["run_id"], error)
            self._end(run["run_id"], 1, str(error))
        else:
            self._end(run["run_id"], exit_code)

    def cancel(self, run_id: str) -> None:
        """Blocks until none of the run's processes is left."""
        with self._lock:
            self._cancelled.add(run_id)
            process = self._processes.get(run_id)
        with self._runs.changed:
            run = self._runs.get(run_id)
            if run and run["state"] == "QUEUED":
                self._runs.change(run_id, state="CANCELLED", ended_at=time.time())
        if process is not None:
            process.end()

    def _run_pooled(self, job: Job) -> int:
        """By a Python process of its own, and in a JVM that stays once the script needs one."""
        application = Application(job.folder, self._settings)
        with self._taken(job) as driver:
            driver.give(document(job))
            if driver.needs_jvm():
                exit_code = self._run_in_jvm(job, application, driver)
            else:
                exit_code = driver.process.wait()
        self._keep(job, application)
        return exit_code

    def _run_in_jvm(self, job: Job, application: Application, driver: Driver) -> int:
        """With an application of its own, from the script's first need of Spark to its end."""
        run_id = job.run["run_id"]
        jvm = self.pool.take(lambda: run_id in self._cancelled)
        try:
            driver.join(jvm.begin({**pooled_conf(job), **application.conf}, job.folder))
            exit_code = self._followed(job, application, driver.process)
            return KILLED if exit_code == 1 and jvm.is_killed() else exit_code
        finally:
            driver.end()
            jvm.finish(CANCEL_SECONDS if run_id in self._cancelled else STOP_SECONDS)
            jvm.last_words(job.folder)
            self.pool.give_back(jvm)

    def _way_of(self, job: Job) -> Callable[[Job], int]:
        if job.run["kind"] == "shell":
            return self._run_glue
        if job.plan.is_pooled:
            return self._run_pooled
        return self._run_glue if job.run["kind"] == "glue" else self._run_submitted

    def _run_glue(self, job: Job) -> int:
        """In a Python process, which starts a JVM of its own where it asks for a session."""
        application = Application(job.folder, self._settings)
        own = commands.glue_environment(self._options(job, application), job.py_files)
        with self._taken(job) as driver:
            driver.give(document(job, own_jvm=own))
            exit_code = self._followed(job, application, driver.process)
        self._keep(job, application)
        return exit_code

    def _run_submitted(self, job: Job) -> int:
        """By spark-submit, in a JVM of its own."""
        application = Application(job.folder, self._settings)
        options = self._options(job, application)
        command = commands.spark_submit(options, job.main_class, job.script, job.run["arguments"])
        environment = {**self.environment, **job.identity.environment, **job.plan.environment}
        with (job.folder / "stdout").open("ab") as out, (job.folder / "stderr").open("ab") as err:
            err.write("".join(f"{note}\n" for note in job.plan.notes).encode())
            err.flush()
            process = Guarded(command, environment=environment, folder=job.work, output=(out, err))
        with self._cancellable(job.run["run_id"], process):
            exit_code = self._followed(job, application, process)
        self._keep(job, application)
        return exit_code

    def _options(self, job: Job, application: Application) -> list[str]:
        glue = commands.GLUE_CONF if job.run["kind"] != "emr" else {}
        conf = {**job.identity.conf, **job.plan.conf, **application.conf, **glue}
        return commands.spark_options(conf, job.jars, job.py_files, job.files, job.archives)

    def _followed(self, job: Job, application: Application, process: Guarded) -> int:
        ended = threading.Event()
        finding = threading.Thread(
            target=self._find_application, args=(job.run, application, ended), daemon=True
        )
        finding.start()
        exit_code = process.wait()
        ended.set()
        finding.join()
        return exit_code

    def _keep(self, job: Job, application: Application) -> None:
        """Of what the job leaves on disk its application's events; Spark's own files go."""
        if application.id is not None:
            self._runs.change(job.run["run_id"], application_id=application.id)
        application.keep_log(self._settings.events_dir)
        shutil.rmtree(job.local, ignore_errors=True)

    def _find_application(self, run: Run, application: Application, ended: threading.Event) -> None:
        while not ended.is_set() and (application.id is None or not application.has_pages()):
            ended.wait(0.3)
        application.close_logs()
        if not ended.is_set() and application.id is not None:
            self._has_pages(run["run_id"], application.driver_url, application.id)

    def _has_pages(self, run_id: str, driver_url: str, application_id: str) -> None:
        self._runs.change(
            run_id,
            ui_url=self._settings.run_url(run_id),
            driver_url=driver_url,
            application_id=application_id,
        )

    @contextmanager
    def _taken(self, job: Job) -> Iterator[Driver]:
        """A Python process for the job, which ends with it."""
        driver = self._drivers.take()
        driver.write_to(job.folder)
        with self._cancellable(job.run["run_id"], driver.process):
            try:
                yield driver
            finally:
                driver.end()

    @contextmanager
    def _cancellable(self, run_id: str, process: Guarded) -> Iterator[None]:
        with self._lock:
            self._processes[run_id] = process
            is_cancelled = run_id in self._cancelled
        if is_cancelled:
            process.end()
        try:
            yield
        finally:
            with self._lock:
                del self._processes[run_id]

    def _end(self, run_id: str, exit_code: int | None, error: str | None = None) -> None:
        run = self._runs.get(run_id)
        assert run is not None
        ended: dict[str, Any] = {"exit_code": exit_code, "ended_at": time.time()}
        if run.get("application_id"):
            ended["ui_url"] = self._settings.history_url(run["application_id"])
        if run_id in self._cancelled and exit_code != 0:
            ended["state"] = "CANCELLED"
        elif exit_code == 0:
            ended["state"] = "SUCCEEDED"
        else:
            stderr, stdout = self._text(run_id, "stderr"), self._text(run_id, "stdout")
            ended["state"] = "FAILED"
            ended["error"] = error or failure.cause(stderr, stdout, exit_code or 1)
            if hint := failure.hint(run["kind"], f"{stderr}\n{stdout}"):
                with (self._runs.folder(run_id) / "stderr").open("a") as log:
                    log.write(f"{hint}\n")
        self._runs.change(run_id, **ended)

    def _text(self, run_id: str, stream: str) -> str:
        path = self._runs.folder(run_id) / stream
        return path.read_text(errors="replace") if path.exists() else ""
