"""Settings of the edge process, read from the environment once."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from services.admission import Names, own_names

IAM_MODES = ("report", "enforce", "off")


@dataclass(frozen=True)
class Settings:
    """Where the edge keeps its state and finds the Spark service."""

    data_dir: Path
    spark_url: str
    # The secret that the Spark service knows the edge by.
    spark_token_file: Path
    # Of one Athena query, and how many run at once; AWS's time limit is 30 minutes too.
    athena_seconds: float
    athena_memory_mb: int
    athena_at_once: int
    # What the edge may be called.
    names: Names
    # Whether calls are judged by the policies of their roles: report, enforce or off.
    iam_mode: str
    # After so long the credentials of a job or a function are renewed.
    credentials_seconds: float

    @classmethod
    def from_env(cls) -> Settings:
        data_dir = Path(os.environ.get("LAKE_DIR", ".lake")).absolute()
        return cls(
            data_dir=data_dir,
            spark_url=os.environ.get("SPARK_URL", "http://127.0.0.1:4570").rstrip("/"),
            spark_token_file=Path(os.environ.get("SPARK_TOKEN_FILE", data_dir / "spark.token")),
            athena_seconds=float(os.environ.get("ATHENA_QUERY_SECONDS", "1800")),
            athena_memory_mb=int(os.environ.get("ATHENA_QUERY_MEMORY_MB", "1024")),
            athena_at_once=int(os.environ.get("ATHENA_QUERIES_AT_ONCE", "2")),
            names=own_names(os.environ.get("ALLOWED_HOSTS", "")),
            iam_mode=_iam_mode(os.environ.get("IAM_MODE", "report")),
            credentials_seconds=float(os.environ.get("ROLE_CREDENTIALS_SECONDS", "3600")),
        )


def _iam_mode(text: str) -> str:
    if text not in IAM_MODES:
        raise ValueError(f"Expected IAM_MODE to be {', '.join(IAM_MODES)}, found {text!r}")
    return text
