"""The stack in containers for a test: own project, free ports, driven by testcontainers."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import docker
from testcontainers.compose import DockerCompose

from lake.settings import ROOT, Settings
from tests.support.stack import Stack, free_port
from tests.support.time_spent import start_of

PROJECT = "lake-test"
SERVICES = ("edge", "spark", "dashboard")


class ComposeStack(Stack):
    """`lake` and compose both see the same settings, by the environment and by an env file."""

    def __init__(self, settings: dict[str, str], profile: str, folder: Path) -> None:
        super().__init__({**os.environ, "LAKE_DIR": str(folder), **settings})
        self.dashboard_url = f"http://127.0.0.1:{settings['DASHBOARD_PORT']}"
        self.project = settings["COMPOSE_PROJECT_NAME"]
        env_file = folder / "compose.env"
        env_file.write_text("".join(f"{name}={value}\n" for name, value in settings.items()))
        self.compose = DockerCompose(ROOT, build=True, profiles=[profile], env_file=str(env_file))
        self._engine = docker.from_env()

    def containers(self, service: str) -> list[Any]:
        labels = [f"com.docker.compose.project={self.project}"]
        labels.append(f"com.docker.compose.service={service}")
        return self._engine.containers.list(all=True, filters={"label": labels})

    def container(self, service: str) -> Any:
        return self.containers(service)[0]

    def start(self) -> None:
        """Start what does not run; wait for health and for the deployment."""
        with start_of("containers"):
            self.compose.start()
        self.compose.build = False  # what is started again is what was built

    def stop(self) -> None:
        """Remove the containers; the volumes stay."""
        self.lake("down")

    def remove(self) -> None:
        self.compose.stop()

    def kill(self, service: str) -> None:
        """End all processes of the service's container by SIGKILL."""
        self.container(service).kill()

    def logs(self) -> str:
        out, errors = self.compose.get_logs()
        return out + errors

    def image_bytes(self, service: str) -> int:
        return int(self.container(service).image.attrs["Size"])


def new_settings(**changes: str) -> dict[str, str]:
    ports = ("EDGE_PORT", "SPARK_PORT", "DASHBOARD_PORT")
    return {
        "MODE": "compose",
        "COMPOSE_PROJECT_NAME": f"{PROJECT}-{os.getpid()}",
        **{name: str(free_port()) for name in ports},
        **changes,
    }


def running_settings() -> dict[str, str]:
    """Those of the stack that runs already, as `lake` finds them."""
    return {**Settings.from_env().variables, "MODE": "compose"}
