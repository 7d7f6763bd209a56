"""`lake promote prove` on two accounts of one endpoint, whose jobs are played_jobs.py."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

from lake.settings import ROOT
from tests.support.process_stack import LAKE, ProcessStack
from tests.support.promoting import PREFIX, Console

HOME = "home-lake"
SCRIPTS = ("project6-silver-events", "project6-silver-marketing", "project6-gold")
JOBS = (Path(__file__).parent / "played_jobs.py").read_text()


class Proofs:
    """The laptop's stack has the prefix HOME, the cloud's PREFIX; both are deployed already."""

    def __init__(self, console: Console, processes: ProcessStack, account: str) -> None:
        self.console, self.processes, self.account = console, processes, account
        self.environment = {
            **console.environment(account),
            **processes.variables,
            "PREFIX": HOME,
        }

    @property
    def sides(self) -> list[tuple[str, str]]:
        return [(HOME, "test"), (PREFIX, self.account)]

    def deploy_the_laptop(self) -> None:
        done = subprocess.run(
            [LAKE, "deploy"],
            env={**os.environ, **self.processes.variables, "PREFIX": HOME},
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, done.stderr

    def put_jobs(self, prefix: str, account: str, text: str = JOBS) -> None:
        s3 = self.processes.client("s3", account=account)
        for script in SCRIPTS:
            key = f"Spark_codes/{script}.py"
            s3.put_object(Bucket=f"{prefix}-code-bucket", Key=key, Body=text.encode())

    def prove(self, *options: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [LAKE, "promote", "prove", "--prefix", PREFIX, *options],
            env=self.environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    def interrupt_a_proof(self) -> tuple[int, str]:
        """Ctrl-C once a job of it was started; the exit code, and what it said."""
        running = subprocess.Popen(
            [LAKE, "promote", "prove", "--prefix", PREFIX],
            env=self.environment,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        deadline = time.monotonic() + 120
        while not self.left("bronze"):
            assert time.monotonic() < deadline and running.poll() is None
            time.sleep(0.05)
        running.send_signal(signal.SIGINT)
        said, _ = running.communicate(timeout=120)
        return running.returncode, said

    def left(self, *layers: str) -> list[str]:
        """What is there of any proof: objects, databases, and runs that go on."""
        found = []
        for prefix, account in self.sides:
            s3 = self.processes.client("s3", account=account)
            for layer in layers or ("bronze", "silver", "gold"):
                bucket = f"{prefix}-{layer}-bucket"
                listed = s3.list_objects_v2(Bucket=bucket, Prefix="_prove/").get("Contents", [])
                found += [f"{bucket}/{entry['Key']}" for entry in listed]
            if not layers:
                found += self._databases_and_runs(account)
        return found

    def _databases_and_runs(self, account: str) -> list[Any]:
        glue = self.processes.client("glue", account=account)
        emr = self.processes.client("emr-serverless", account=account)
        names = [each["Name"] for each in glue.get_databases()["DatabaseList"]]
        runs = [
            run
            for application in emr.list_applications()["applications"]
            for run in emr.list_job_runs(applicationId=application["id"])["jobRuns"]
        ]
        going = [r["state"] for r in runs if r["state"] not in ("SUCCESS", "FAILED", "CANCELLED")]
        return [*(name for name in names if "prove" in name), *going]
