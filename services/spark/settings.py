"""Settings of the Spark service, read from the environment once."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from services.admission import Names, own_names

EVERYWHERE, LOOPBACK = "0.0.0.0", "127.0.0.1"


@dataclass(frozen=True)
class Settings:
    """Address, folders and limits; sizes in Spark's own notation.

    `host` is the address to listen on, `driver_host` the name by which executors reach the drivers.
    """

    host: str
    driver_host: str
    port: int
    data_dir: Path
    token_file: Path
    jars_dir: Path
    endpoint_url: str
    master: str
    driver_memory: str
    executor_memory: str
    concurrent_runs: int
    # JVMs that are started ahead and stay; those beyond are given up after idling for so long.
    warm_drivers: int
    jvm_idle_seconds: float
    jvm_jobs: int
    # What the service may be called.
    names: Names

    @classmethod
    def from_env(cls) -> Settings:
        lake = Path(os.environ.get("LAKE_DIR", ".lake")).absolute()
        return cls(
            host=os.environ.get("SPARK_HOST", "127.0.0.1"),
            driver_host=os.environ.get("SPARK_DRIVER_HOST", "127.0.0.1"),
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
            jvm_idle_seconds=float(os.environ.get("SPARK_JVM_IDLE_SECONDS", "300")),
            jvm_jobs=int(os.environ.get("SPARK_JVM_JOBS", "50")),
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
    def jvms_dir(self) -> Path:
        return self.data_dir / "jvms"

    @property
    def has_cluster(self) -> bool:
        return self.master.startswith("spark://")

    def own_url(self, port: int) -> str:
        """Where this service finds what listens at a port of its own machine or container."""
        return f"http://{LOOPBACK if self.host == EVERYWHERE else self.host}:{port}"

    def run_url(self, run_id: str) -> str:
        """Where a browser of this machine finds the pages of a run that is going on."""
        return f"{self.own_url(self.port)}/pages/runs/{run_id}/jobs/"

    def history_url(self, application_id: str) -> str:
        """Where it finds them afterwards."""
        return f"{self.own_url(self.port)}/pages/history/history/{application_id}/jobs/"
