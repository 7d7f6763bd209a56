"""The Calendly simulator as a part of the stack: started and ended while the rest of it runs."""

from __future__ import annotations

import os
import signal
import time

from lake import compose, kin, stack
from lake.errors import StackError
from lake.ports import refuse_taken
from lake.processes import calendly
from lake.settings import Settings
from lake.supervisor import notes

STARTS_SECONDS, ENDS_SECONDS = 60.0, 30.0


def start(settings: Settings) -> None:
    """From now on it starts with the stack, until `stop`; waits until it is healthy."""
    if compose.is_running(settings):
        compose.start_calendly(settings)
        return
    supervisor = _supervisor(settings, "start it with `lake up` first")
    process = calendly(settings)
    if not stack.is_healthy(process) or not settings.has_calendly:
        refuse_taken({"CALENDLY_PORT": settings.calendly_port})
    settings.calendly_wanted.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    settings.calendly_wanted.touch()
    os.kill(supervisor, signal.SIGHUP)
    deadline = time.monotonic() + STARTS_SECONDS
    while not stack.is_healthy(process):
        noted = notes(settings.lake_dir).get("calendly", {})
        if noted.get("given_up") or time.monotonic() > deadline:
            raise StackError("The simulator did not start: `lake logs calendly` shows why")
        time.sleep(0.1)


def stop(settings: Settings) -> bool:
    """Its data stays; false where it was no part of the stack."""
    if compose.is_running(settings):
        return compose.stop_calendly(settings)
    if not settings.has_calendly:
        return False
    settings.calendly_wanted.unlink()
    supervisor = kin.supervisor(settings.lake_dir)
    if supervisor is None:
        return True
    supervisor.send_signal(signal.SIGHUP)
    deadline = time.monotonic() + ENDS_SECONDS
    while "calendly" in kin.kin(settings.lake_dir).values():
        if time.monotonic() > deadline:
            raise StackError("The simulator does not end: `lake logs calendly` may show why")
        time.sleep(0.05)
    return True


def _supervisor(settings: Settings, cure: str) -> int:
    found = kin.supervisor(settings.lake_dir)
    if found is None:
        raise StackError(f"The stack is not running: {cure}")
    return int(found.pid)
