"""Settings of the Spark service, read from the environment once."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from services.admission import Names, own_names

EVERYWHERE, LOOPBACK = "0.0.0.0", "127.0.0.1"


@dataclass(frozen=True)
class Settings:
    """Address, folders and limits; sizes in Spark's own notation.

    `host` is the address to listen on, `driver_host` the name by which executors reach the drivers.
    `ui_ports` are the ports that the drivers' pages may take; none means any free one.
    """

    host: str
    driver_host: str
    ui_ports: range
    port: int
    data_dir: Path
    token_file: Path
    jars_dir: Path
    endpoint_url: str
    master: str
    driver_memory: str
    executor_memory: str
    concurrent_runs: int
    warm_drivers: int
    history_port: int
    # What the service may be called.
    names: Names = field(default_factory=own_names)

    @classmethod
    def from_env(cls) -> Settings:
        lake = Path(os.environ.get("LAKE_DIR", ".lake")).absolute()
        return cls(
            host=os.environ.get("SPARK_HOST", "127.0.0.1"),
            driver_host=os.environ.get("SPARK_DRIVER_HOST", "127.0.0.1"),
            ui_ports=_ports(os.environ.get("SPARK_UI_PORTS", "")),
            port=int(os.environ.get("SPARK_PORT", "4570")),
            data_dir=lake / "spark",
            token_file=Path(os.environ.get("SPARK_TOKEN_FILE", lake / "spark.token")),
            jars_dir=Path(os.environ.get("LAKE_JARS", lake / "jars")).absolute(),
            endpoint_url=os.environ.get("AWS_ENDPOINT_URL", "http://127.0.0.1:4566"),
            master=os.environ.get("SPARK_MASTER", "local[2]"),
            driver_memory=os.environ.get("SPARK_DRIVER_MEMORY", "1g"),
            executor_memory=os.environ.get("SPARK_EXECUTOR_MEMORY", "1g"),
            concurrent_runs=int(os.environ.get("SPARK_MAX_CONCURRENT_RUNS", "2")),
            warm_drivers=int(os.environ.get("SPARK_WARM_DRIVERS", "1")),
            history_port=int(os.environ.get("SPARK_HISTORY_PORT", "18080")),
            names=own_names(os.environ.get("ALLOWED_HOSTS", "")),
        )

    @property
    def events_dir(self) -> Path:
        return self.data_dir / "events"

    @property
    def conf_dir(self) -> Path:
        return self.data_dir / "conf"

    @property
    def drivers_dir(self) -> Path:
        return self.data_dir / "drivers"

    @property
    def has_cluster(self) -> bool:
        return self.master.startswith("spark://")

    def page_url(self, port: int) -> str:
        """Where a browser of this machine finds the pages that Spark serves at a port."""
        return f"http://{LOOPBACK if self.host == EVERYWHERE else self.host}:{port}"

    def history_url(self, application_id: str) -> str:
        return f"{self.page_url(self.history_port)}/history/{application_id}/jobs/"


def _ports(text: str) -> range:
    """`4040-4047` as a range; empty for an empty text."""
    if not text:
        return range(0)
    first, _, last = text.partition("-")
    return range(int(first), int(last or first) + 1)
