"""What of a stack is on this machine: its ports, its processes, whether it answers."""

from __future__ import annotations

from collections.abc import Iterator

from lake import compose, kin, stack
from lake.machine import Finding
from lake.ports import holder, is_taken
from lake.settings import Settings


def ports(settings: Settings) -> Iterator[Finding]:
    runs = stack.is_running(settings) or compose.is_running(settings)
    taken = [(n, port) for n, port in settings.ports.items() if is_taken(port)]
    if runs or not taken:
        told = ", ".join(str(port) for port in settings.ports.values())
        yield Finding(
            "ports", "ok", f"{told} {'are the stack' + chr(39) + 's' if runs else 'are free'}"
        )
        return
    for name, port in taken:
        told = f"{port} is taken by another program{holder(port)}"
        yield Finding("ports", "fail", told, f"stop it, or set {name} in .env")


def leftovers(settings: Settings) -> Finding:
    """Processes of this LAKE_DIR without the supervisor that would end them."""
    found = kin.kin(settings.lake_dir)
    if kin.SUPERVISOR in found.values() or not found:
        number = f"{len(found)} of a running stack" if found else "none"
        return Finding("processes", "ok", number)
    names = ", ".join(f"{part or 'job'} {process.pid}" for process, part in found.items())
    return Finding("processes", "fail", f"left by a stack that was killed: {names}", "`lake down`")


def containers(settings: Settings) -> Finding:
    if compose.engine_answers():
        return Finding("docker", "ok", "an engine with Compose answers")
    if settings.mode == "compose":
        cure = "start the Docker engine, or set MODE=embedded in .env"
        return Finding("docker", "fail", "MODE is compose, and no engine answers", cure)
    return Finding("docker", "ok", "no engine; processes need none")


def answers(settings: Settings) -> Finding:
    """Each part of a stack of processes that was started."""
    if not stack.is_running(settings):
        return Finding("stack", "ok", "not running: `lake up` starts it")
    parts = stack.status(settings)
    ill = [f"{part['name']} is {part['state']}" for part in parts if part["state"] != "healthy"]
    if not ill:
        return Finding("stack", "ok", f"{', '.join(part['name'] for part in parts)} are healthy")
    return Finding("stack", "fail", ", ".join(ill), "`lake logs edge|spark|dashboard`, `lake up`")
