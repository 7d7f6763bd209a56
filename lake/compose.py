"""The stack in containers: whether it is the one to use, and what docker compose is asked to do."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from typing import Any

from lake.settings import ROOT, Settings


class ComposeError(Exception):
    """`docker compose` failed; the message is what it said and what to do."""


def is_chosen(settings: Settings) -> bool:
    """MODE decides; without it, whether a Docker engine with compose answers."""
    if settings.mode:
        return settings.mode == "compose"
    return engine_answers()


def engine_answers() -> bool:
    if shutil.which("docker") is None:
        return False
    return all(
        subprocess.run(["docker", *words], capture_output=True, check=False).returncode == 0
        for words in (("info",), ("compose", "version"))
    )


def up(settings: Settings) -> float:
    """Build what changed, start, wait until it is deployed and healthy; the start's seconds."""
    _compose(settings, "build", "--quiet")
    began = time.monotonic()
    _compose(settings, "up", "--detach", "--wait", "--wait-timeout", "180")
    return time.monotonic() - began


def down(settings: Settings, *, volumes: bool = False) -> None:
    """Stop and remove the containers; the data stays unless the volumes go too."""
    _compose(settings, "--profile", "*", "down", *(["--volumes"] if volumes else []))


def parts(settings: Settings) -> list[dict[str, Any]]:
    """Each container that was started: its name, state and health."""
    lines = _compose(settings, "--profile", "*", "ps", "--all", "--format", "json", quiet=True)
    found = [json.loads(line) for line in lines.splitlines()]
    return [
        {
            "name": part["Service"],
            "state": part["Health"] or f"{part['State']} ({part['ExitCode']})",
            "url": ", ".join(sorted({_address(port) for port in part["Publishers"] or []} - {""})),
        }
        for part in found
    ]


def volumes(settings: Settings) -> list[str]:
    """The names of the volumes that hold this project's data."""
    label = f"label=com.docker.compose.project={settings.variables['COMPOSE_PROJECT_NAME']}"
    command = ["docker", "volume", "ls", "--quiet", "--filter", label]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()


def is_running(settings: Settings) -> bool:
    """Whether the stack of this project runs in containers."""
    if settings.mode == "embedded" or not engine_answers():
        return False
    return bool(_compose(settings, "ps", "--quiet", "edge", quiet=True).strip())


def inner_endpoint_url(settings: Settings) -> str | None:
    """Where the containers find the edge, where the stack runs in containers."""
    return f"http://edge:{settings.edge_port}" if is_running(settings) else None


def log_lines(
    settings: Settings, service: str, count: int | None, since: str | None, follow: bool
) -> Iterator[str]:
    """What a container has printed; with `follow`, also what it prints from now on."""
    words = ["logs", "--no-log-prefix", "--no-color", *(["--follow"] if follow else [])]
    words += [] if count is None else ["--tail", str(count)]
    words += ["--since", since] if since else []
    with subprocess.Popen(
        ["docker", "compose", *words, service],
        cwd=ROOT,
        env={**settings.variables, **os.environ},
        stdout=subprocess.PIPE,
        text=True,
        errors="replace",
    ) as printing:
        assert printing.stdout is not None
        try:
            for line in printing.stdout:
                yield line.rstrip("\n")
        finally:
            printing.terminate()
        if printing.wait() > 0:
            raise ComposeError(f"`docker compose {' '.join(words)} {service}` failed, see above")


def _address(port: dict[str, Any]) -> str:
    return f"http://{port['URL']}:{port['PublishedPort']}" if port["PublishedPort"] else ""


def _compose(settings: Settings, *words: str, quiet: bool = False) -> str:
    environment = {**settings.variables, **os.environ}
    done = subprocess.run(
        ["docker", "compose", *words],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE if quiet else None,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise ComposeError(
            f"`docker compose {' '.join(words)}` ended with {done.returncode}. Look at the output"
            " above and at `docker compose logs` (`logs bootstrap` where it did not deploy), or set"
            f" MODE=embedded.\n{done.stderr or ''}"
        )
    return done.stdout
