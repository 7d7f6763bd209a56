"""Start the Spark service: `python -m services.spark`."""

from __future__ import annotations

import signal
import sys

from cheroot.wsgi import Server

from services.spark.app import create_app
from services.spark.execution import Executions, job_environment
from services.spark.history import History
from services.spark.runs import Queue, Runs
from services.spark.settings import Settings


def main() -> None:
    settings = Settings.from_env()
    runs = Runs(settings.data_dir / "runs")
    executions = Executions(settings, runs)
    history = History(settings, job_environment(settings))
    Queue(runs, settings.concurrent_runs, executions.execute)
    app = create_app(runs, executions, history)
    # Followers hold a thread each while they wait for a change.
    server = Server(("127.0.0.1", settings.port), app, numthreads=40)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        server.safe_start()
    finally:
        executions.close()
        history.close()


if __name__ == "__main__":
    main()
