"""The Spark application that a job's own process may start, found by its event log."""

from __future__ import annotations

import socket
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlsplit

from services.spark.settings import Settings

UNFINISHED = ".inprogress"


class Application:
    """Its pages are on a port chosen here; its event log is named after its id."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        self._events = folder / "events"
        self._events.mkdir(parents=True, exist_ok=True)
        port = free_port(settings.host)
        self.driver_url = settings.own_url(port)
        self.conf = {"spark.ui.port": str(port), "spark.eventLog.dir": self._events.as_uri()}

    @property
    def id(self) -> str | None:
        """None while the job has started no session."""
        logs = sorted(self._events.iterdir())
        return logs[-1].name.removesuffix(UNFINISHED) if logs else None

    def close_logs(self) -> None:
        """Let no one else read them: Spark gives them mode 660, whatever the umask is."""
        for log in self._events.iterdir():
            log.chmod(0o600)  # EventLogFileWriter

    def has_pages(self) -> bool:
        """Spark binds the port before it attaches the pages: they are not found until then."""
        with closing(HTTPConnection(urlsplit(self.driver_url).netloc, timeout=5)) as connection:
            try:
                connection.request("GET", "/jobs/")
                return connection.getresponse().status == 200
            except (OSError, HTTPException):
                return False

    def keep_log(self, events_dir: Path) -> None:
        """Put the event logs where the history server reads them.

        A job that was killed may have left its log open to others.
        """
        self.close_logs()
        for log in self._events.iterdir():
            log.replace(events_dir / log.name)
        self._events.rmdir()


def free_port(host: str) -> int:
    with socket.socket() as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])
