"""Start the Spark service: `python -m services.spark`."""

from __future__ import annotations

import logging
import signal
import sys
from pathlib import Path

from cheroot.wsgi import Server

from services.exit_codes import DAMAGED_DATA
from services.private_files import keep_private
from services.spark.app import create_app
from services.spark.execution import Executions
from services.spark.history import History
from services.spark.java import java_home
from services.spark.runs import DamagedRunError, Queue, Runs
from services.spark.settings import Settings
from services.spark_token import shared_token

# Followers hold a thread each while they wait for a change.
THREADS = 40


def main() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    # Of a JVM that ends while it is asked it tells all callers, and each ends in a line of ours.
    logging.getLogger("py4j").setLevel(logging.CRITICAL)
    settings = Settings.from_env()
    for folder in {settings.data_dir.parent, settings.token_file.parent}:
        keep_private(folder)
    runs = kept(settings.data_dir / "runs")
    executions = Executions(settings, runs, java_home())
    history = History(settings, executions.environment)
    Queue(runs, settings.concurrent_runs, executions.execute)
    token = shared_token(settings.token_file)
    app = create_app(runs, executions, history, settings, token)
    server = Server((settings.host, settings.port), app, numthreads=THREADS, shutdown_timeout=1)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    # What runs ends with this process: each has a guard that sees it go.
    server.safe_start()


def kept(folder: Path) -> Runs:
    """The runs of earlier starts; ends this one where one of them is damaged."""
    try:
        return Runs(folder)
    except DamagedRunError as error:
        logging.error("%s", error)
        sys.exit(DAMAGED_DATA)


if __name__ == "__main__":
    main()
