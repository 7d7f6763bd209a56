"""Start the Spark service: `python -m services.spark`."""

from __future__ import annotations

import logging
import signal
import sys

from cheroot.wsgi import Server

from lake.java import java_home
from services.spark.app import create_app
from services.spark.execution import Executions
from services.spark.history import History
from services.spark.runs import Queue, Runs
from services.spark.settings import Settings

# Followers hold a thread each while they wait for a change.
THREADS = 40


def main() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    settings = Settings.from_env()
    runs = Runs(settings.data_dir / "runs")
    executions = Executions(settings, runs, java_home())
    history = History(settings, executions.environment)
    Queue(runs, settings.concurrent_runs, executions.execute)
    app = create_app(runs, executions, history)
    server = Server((settings.host, settings.port), app, numthreads=THREADS, shutdown_timeout=1)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    # What runs ends with this process: each has a guard that sees it go.
    server.safe_start()


if __name__ == "__main__":
    main()
