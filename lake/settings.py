"""Settings of the local stack: the environment, then .env, then the defaults of .env.example."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from dotenv import dotenv_values

from services.admission import own_names

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Settings:
    """Addresses and folders of one stack; `variables` is what its processes are started with."""

    mode: str
    lake_dir: Path
    jars_dir: Path
    edge_host: str
    edge_port: int
    spark_port: int
    dashboard_port: int
    variables: dict[str, str]

    @classmethod
    def from_env(cls) -> Settings:
        variables = {**known(ROOT / ".env.example"), **known(ROOT / ".env")}
        variables.update({name: os.environ[name] for name in variables if name in os.environ})
        return cls(
            mode=_mode(variables["MODE"]),
            lake_dir=(ROOT / variables["LAKE_DIR"]).absolute(),
            jars_dir=(ROOT / variables["LAKE_JARS"]).absolute(),
            edge_host=variables["EDGE_HOST"],
            edge_port=_port(variables, "EDGE_PORT"),
            spark_port=_port(variables, "SPARK_PORT"),
            dashboard_port=_port(variables, "DASHBOARD_PORT"),
            variables=_checked(variables),
        )

    @property
    def endpoint_url(self) -> str:
        return f"http://{self.edge_host}:{self.edge_port}"

    @property
    def spark_url(self) -> str:
        return f"http://127.0.0.1:{self.spark_port}"

    @property
    def dashboard_url(self) -> str:
        return f"http://localhost:{self.dashboard_port}"


def known(file: Path) -> dict[str, str]:
    """The variables of a file of settings, none where there is no file."""
    return {name: value for name, value in dotenv_values(file).items() if value is not None}


def _mode(text: str) -> str:
    if text not in ("", "embedded", "compose"):
        raise SystemExit(f"MODE must be embedded, compose or empty, found {text!r}; see .env")
    return text


def _checked(variables: dict[str, str]) -> dict[str, str]:
    try:
        own_names(variables["ALLOWED_HOSTS"])
    except ValueError as error:
        raise SystemExit(f"{error}; see .env") from error
    return variables


def _port(variables: dict[str, str], name: str) -> int:
    text = variables[name]
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise SystemExit(f"{name} must be a port number from 1 to 65535, found {text!r}; see .env")
    return int(text)
