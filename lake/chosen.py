"""Which of the two stacks a command means, processes or containers: each has data of its own."""

from __future__ import annotations

from typing import Any

from lake import compose, last, ports, stack
from lake.errors import StackError
from lake.last import COMPOSE, EMBEDDED
from lake.settings import Settings


def to_start(settings: Settings) -> str:
    """MODE decides; else the one that was there last; else containers where an engine answers."""
    if settings.mode:
        return settings.mode
    known = last.kind(settings.lake_dir)
    if known == COMPOSE and not compose.engine_answers():
        raise StackError(
            "The stack was in containers when it was last started, its data is in their volumes,"
            " and no Docker engine with compose answers: start the engine, or set MODE=embedded in"
            f" .env to start processes with the data in {settings.lake_dir}"
        )
    return known or (COMPOSE if compose.engine_answers() else EMBEDDED)


def to_look_at(settings: Settings) -> str:
    """The one that runs; else the one that would be started."""
    if stack.is_running(settings):
        return EMBEDDED
    if compose.is_running(settings):
        return COMPOSE
    return settings.mode or last.kind(settings.lake_dir) or EMBEDDED


def start(settings: Settings, kind: str) -> float:
    """The seconds until it was healthy; from here on it is the one that was there last."""
    other = compose.is_running(settings) if kind == EMBEDDED else stack.is_running(settings)
    if other:
        raise StackError(
            f"{described(settings, EMBEDDED if kind == COMPOSE else COMPOSE)}\nis running, and has"
            " the same ports: stop it with `lake down` first"
        )
    last.keep(settings.lake_dir, kind)
    if kind == EMBEDDED:
        return stack.start(settings)
    ports.refuse_taken(compose.published(settings), compose.own_ports(settings))
    return compose.up(settings)


def parts(settings: Settings, kind: str) -> list[dict[str, Any]]:
    if kind == COMPOSE and compose.engine_answers():
        return compose.parts(settings) or [_absent(settings)]
    return stack.status(settings)


def described(settings: Settings, kind: str) -> str:
    """A line that tells the stack and where its data is."""
    if kind == EMBEDDED:
        return f"Stack      processes, data in {settings.lake_dir}"
    project = settings.variables["COMPOSE_PROJECT_NAME"]
    return f"Stack      containers, data in the volumes {project}_edge and {project}_spark"


def _absent(settings: Settings) -> dict[str, Any]:
    return {"name": "edge", "state": "down", "url": settings.endpoint_url, "note": ""}
