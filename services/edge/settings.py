"""Settings of the edge process, read from the environment once."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Settings:
    """Where the edge keeps its state and finds the Spark service."""

    data_dir: Path
    spark_url: str

    @classmethod
    def from_env(cls) -> Settings:
        return cls(
            data_dir=Path(os.environ.get("LAKE_DIR", ".lake")).absolute(),
            spark_url=os.environ.get("SPARK_URL", "http://127.0.0.1:4570").rstrip("/"),
        )
