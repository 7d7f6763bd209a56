"""GlueLogger: a script's own lines in the job's error stream, as the driver's log is."""

from __future__ import annotations

import sys
from datetime import UTC, datetime


class GlueLogger:
    def info(self, message: object) -> None:
        _write("INFO", message)

    def warn(self, message: object) -> None:
        _write("WARN", message)

    def error(self, message: object) -> None:
        _write("ERROR", message)


def _write(level: str, message: object) -> None:
    moment = datetime.now(UTC).strftime("%y/%m/%d %H:%M:%S")
    sys.stderr.write(f"{moment} {level} GlueLogger: {message}\n")
