"""The stack in containers: whether it is the one to use, and what docker compose is asked to do."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from typing import Any

from lake.errors import ComposeError
from lake.settings import ROOT, Settings

ENGINE_SECONDS = 30.0


def engine_answers() -> bool:
    """Whether there is an engine with compose; one that hangs does not answer."""
    if shutil.which("docker") is None:
        return False
    try:
        return all(
            subprocess.run(
                ["docker", *words], capture_output=True, check=False, timeout=ENGINE_SECONDS
            ).returncode
            == 0
            for words in (("info",), ("compose", "version"))
        )
    except (OSError, subprocess.TimeoutExpired):
        return False


def up(settings: Settings) -> float:
    """Build what changed, start, wait until it is deployed and healthy; the start's seconds."""
    _compose(settings, "build", "--quiet")
    began = time.monotonic()
    _compose(settings, "up", "--detach", "--wait", "--wait-timeout", "180")
    return time.monotonic() - began


def down(settings: Settings, *, volumes: bool = False) -> None:
    """Stop and remove the containers; the data stays unless the volumes go too."""
    _compose(settings, "--profile", "*", "down", *(["--volumes"] if volumes else []))


def start_calendly(settings: Settings) -> None:
    """The simulator beside the running containers; with their profile it starts with them."""
    _compose(settings, "--profile", "calendly", "up", "--detach", "--wait", "calendly")


def stop_calendly(settings: Settings) -> bool:
    words = ("--profile", "calendly")
    if not _compose(settings, *words, "ps", "--quiet", "calendly", quiet=True).strip():
        return False
    _compose(settings, *words, "rm", "--stop", "--force", "calendly")
    return True


def parts(settings: Settings) -> list[dict[str, Any]]:
    """Each container that was started: its name, state and health."""
    lines = _compose(settings, "--profile", "*", "ps", "--all", "--format", "json", quiet=True)
    found = [json.loads(line) for line in lines.splitlines()]
    return [
        {
            "name": part["Service"],
            "state": part["Health"] or f"{part['State']} ({part['ExitCode']})",
            "url": ", ".join(sorted({_address(port) for port in part["Publishers"] or []} - {""})),
            "note": "",
        }
        for part in found
    ]


def volumes(settings: Settings) -> list[str]:
    """The names of the volumes that hold this project's data."""
    label = f"label=com.docker.compose.project={settings.variables['COMPOSE_PROJECT_NAME']}"
    return _docker(settings, "volume", "ls", "--quiet", "--filter", label, quiet=True).split()


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


def published(settings: Settings) -> dict[str, int]:
    """The ports that the chosen profiles publish, by the names of their settings."""
    profiles = settings.variables["COMPOSE_PROFILES"].split(",")
    has_dashboard = not {"full", "cluster"}.isdisjoint(profiles)
    ports = {"EDGE_PORT": settings.edge_port, "SPARK_PORT": settings.spark_port}
    ports |= {"DASHBOARD_PORT": settings.dashboard_port} if has_dashboard else {}
    return ports | ({"CALENDLY_PORT": settings.calendly_port} if "calendly" in profiles else {})


def own_ports(settings: Settings) -> frozenset[int]:
    """Those that containers of this project have published already."""
    lines = _compose(settings, "--profile", "*", "ps", "--format", "json", quiet=True)
    found = [json.loads(line) for line in lines.splitlines()]
    return frozenset(p["PublishedPort"] for part in found for p in part["Publishers"] or [])


def _compose(settings: Settings, *words: str, quiet: bool = False) -> str:
    return _docker(settings, "compose", *words, quiet=quiet)


def _docker(settings: Settings, *words: str, quiet: bool) -> str:
    try:
        done = subprocess.run(
            ["docker", *words],
            cwd=ROOT,
            env={**settings.variables, **os.environ},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE if quiet else None,
            text=True,
            check=False,
        )
    except OSError as error:
        raise ComposeError(
            f"docker cannot be run: {error}. Install it, or set MODE=embedded"
        ) from error
    if done.returncode != 0:
        raise ComposeError(
            f"`docker {' '.join(words)}` ended with {done.returncode}. Look at the output above, at"
            " `docker info` and `docker compose logs` (`logs bootstrap` where it did not deploy),"
            f" or set MODE=embedded.\n{done.stderr or ''}".rstrip()
        )
    return done.stdout
