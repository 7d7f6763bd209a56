"""Settings of the local stack: the environment, then .env, then the defaults of .env.example."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path

from dotenv import dotenv_values

from pipeline.names import ResourceNames
from services.admission import own_names

ROOT = Path(__file__).resolve().parent.parent
SIZE = re.compile(r"[1-9]\d*[bkmgBKMG]")


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
    names: ResourceNames = field(default_factory=ResourceNames)
    calendly_port: int = 8025

    @classmethod
    def from_env(cls) -> Settings:
        variables = {**known(ROOT / ".env.example"), **known(ROOT / ".env")}
        variables.update({name: os.environ[name] for name in variables if name in os.environ})
        for name, default in known(ROOT / ".env.example").items():
            _check(name, variables[name], default)
        _check_ports({name: text for name, text in variables.items() if name.endswith("_PORT")})
        return cls(
            mode=_mode(variables["MODE"]),
            lake_dir=(ROOT / variables["LAKE_DIR"]).absolute(),
            jars_dir=(ROOT / variables["LAKE_JARS"]).absolute(),
            edge_host=variables["EDGE_HOST"],
            edge_port=int(variables["EDGE_PORT"]),
            spark_port=int(variables["SPARK_PORT"]),
            dashboard_port=int(variables["DASHBOARD_PORT"]),
            variables=_checked(variables),
            names=_names(variables["PREFIX"]),
            calendly_port=int(variables["CALENDLY_PORT"]),
        )

    @property
    def ports(self) -> dict[str, int]:
        """What the stack listens on at 127.0.0.1, by the names of the settings."""
        return {
            "EDGE_PORT": self.edge_port,
            "SPARK_PORT": self.spark_port,
            "DASHBOARD_PORT": self.dashboard_port,
            **({"CALENDLY_PORT": self.calendly_port} if self.has_calendly else {}),
        }

    @property
    def endpoint_url(self) -> str:
        return f"http://{self.edge_host}:{self.edge_port}"

    @property
    def spark_url(self) -> str:
        return f"http://127.0.0.1:{self.spark_port}"

    @property
    def calendly_url(self) -> str:
        return f"http://localhost:{self.calendly_port}"

    @property
    def calendly_wanted(self) -> Path:
        """Stands where `lake calendly up` has made the simulator a part of the embedded stack."""
        return self.lake_dir / "calendly" / "wanted"

    @property
    def has_calendly(self) -> bool:
        return self.calendly_wanted.exists()

    @property
    def dashboard_url(self) -> str:
        return f"http://localhost:{self.dashboard_port}"


def known(file: Path) -> dict[str, str]:
    """The variables of a file of settings, none where there is no file."""
    try:
        text = file.read_text()
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise SystemExit(f"{file} cannot be read: {error}. Mend or remove it") from error
    found = dotenv_values(stream=StringIO(text))
    return {name: value for name, value in found.items() if value is not None}


def _mode(text: str) -> str:
    if text not in ("", "embedded", "compose"):
        raise SystemExit(f"MODE must be embedded, compose or empty, found {text!r}; see .env")
    return text


def _names(prefix: str) -> ResourceNames:
    try:
        return ResourceNames(prefix)
    except ValueError as error:
        raise SystemExit(f"PREFIX: {error}; see .env") from error


def _checked(variables: dict[str, str]) -> dict[str, str]:
    try:
        own_names(variables["ALLOWED_HOSTS"])
    except ValueError as error:
        raise SystemExit(f"{error}; see .env") from error
    return variables


def _check_ports(ports: dict[str, str]) -> None:
    """Two parts at one port: the first to start would be taken for the other."""
    owners: dict[int, str] = {}
    for name, text in ports.items():
        other = owners.setdefault(int(text), name)
        if other != name:
            raise SystemExit(f"{other} and {name} must be different ports, found {text}; see .env")


def _check(name: str, text: str, default: str) -> None:
    """A setting takes what its default is an example of: a port, a number, a size, a boolean."""
    if name.endswith("_PORT"):
        expected, good = "a port number from 1 to 65535", is_port(text)
    elif default.isdecimal():
        expected, good = f"a whole number such as {default}", is_number(text)
    elif SIZE.fullmatch(default):
        expected = f"a size such as {default} or 512m"
        good = SIZE.fullmatch(text) is not None
    elif name == "IAM_MODE":
        expected, good = "report, enforce or off", text in ("report", "enforce", "off")
    elif default in ("true", "false"):
        expected, good = "true or false", text in ("true", "false")
    else:
        return
    if not good:
        raise SystemExit(f"{name} must be {expected}, found {text!r}; see .env")


def is_port(text: str) -> bool:
    return is_number(text) and 0 < int(text) < 65536


def is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal()
