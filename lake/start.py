"""Whether a part of the stack that is not healthy yet gets on: a slow machine is waited for."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from lake.processes import Process
from lake.supervisor import notes

# A part that works uses more, however slow the machine is; one that waits for ever does not.
STILL_SECONDS, WORKING_SECONDS = 60.0, 0.5


@dataclass
class Progress:
    """What a part has used of the processors since it was last seen to get on."""

    process: Process
    lake_dir: Path
    _used: float = 0.0
    _since: float = field(default_factory=time.monotonic)
    _pid: int | None = None

    def problem(self, now: float) -> str | None:
        """Why the part will not become healthy, None while it may."""
        noted = notes(self.lake_dir).get(self.process.name, {})
        if noted.get("given_up"):
            return (
                f"{self.process.name} {noted['given_up']}. `lake logs {self.process.name}` shows"
                " why; then `lake up` tries it again, `lake down` stops the other parts"
            )
        used, pid = _processor_seconds(noted.get("pid")), noted.get("pid")
        if pid != self._pid or used - self._used > WORKING_SECONDS:
            self._used, self._since, self._pid = used, now, pid
        elif now - self._since > STILL_SECONDS:
            return (
                f"{self.process.name} is not healthy and has stood still for"
                f" {STILL_SECONDS:.0f} s: {self.process.health_url} does not answer. `lake down`"
                " ends it"
            )
        return None


def _processor_seconds(pid: int | None) -> float:
    if pid is None:
        return 0.0
    with suppress(psutil.Error):
        times = psutil.Process(pid).cpu_times()
        return float(times.user + times.system)
    return 0.0
