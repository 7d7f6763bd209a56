"""What a job is started with, and one that has a JVM of its own."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

from services.spark.session_conf import session_conf
from services.spark.settings import Settings

GLUE_LIBS = Path(__file__).parent / "glue_libs"
# A script's functions find the library where Spark runs them, too.
GLUE_CONF = {"spark.executorEnv.PYTHONPATH": str(GLUE_LIBS)}
# Of this process's environment; all else a job must be given, as on AWS. LAKE_STACK and
# LAKE_PART tell whose a process is.
INHERITED = (
    *(
        "HOME",
        "LAKE_DIR",
        "LAKE_PART",
        "LAKE_STACK",
        "LANG",
        "LC_ALL",
        "LOGNAME",
        "PATH",
        "TMPDIR",
        "USER",
    ),
    *("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"),
)


def job_environment(
    settings: Settings, java_home: Path, inherited: Mapping[str, str]
) -> dict[str, str]:
    """What every job finds in its environment; who it is, it is told by itself, see roles.py."""
    return {
        **{name: inherited[name] for name in INHERITED if name in inherited},
        "AWS_ENDPOINT_URL": settings.endpoint_url,
        "AWS_DEFAULT_REGION": "us-east-1",
        "TZ": "UTC",
        "JAVA_HOME": str(java_home),
        "PYSPARK_PYTHON": sys.executable,
        "PYTHONUNBUFFERED": "1",
        # For jobs whose own Python has no PySpark: spark-submit asks that Python for it.
        "SPARK_HOME": str(spark_home()),
        "SPARK_CONF_DIR": str(settings.conf_dir),
        # What Spark's pages listen on: all addresses, if it were not set.
        "SPARK_LOCAL_IP": settings.host,
    }


def spark_home() -> Path:
    """PySpark's own folder, found without loading it."""
    found = find_spec("pyspark")
    assert found is not None and found.origin is not None
    return Path(found.origin).parent


def spark_options(
    conf: Mapping[str, str],
    jars: Sequence[Path],
    py_files: Sequence[Path],
    files: Sequence[Path],
    archives: Sequence[str],
) -> list[str]:
    """As spark-submit takes them; the defaults of SPARK_CONF_DIR come on top."""
    options = [word for name, value in conf.items() for word in ("--conf", f"{name}={value}")]
    lists: tuple[tuple[str, Sequence[Path | str]], ...] = (
        ("--jars", jars),
        ("--py-files", py_files),
        ("--files", files),
        ("--archives", archives),
    )
    for option, paths in lists:
        if paths:
            options += [option, ",".join(str(path) for path in paths)]
    return options


def spark_submit(
    options: Sequence[str], main_class: str, script: Path, arguments: Sequence[str]
) -> list[str]:
    chosen = ["--class", main_class] if main_class else []
    program = str(Path(sys.executable).parent / "spark-submit")
    return [program, *options, *chosen, str(script), *arguments]


def glue_environment(options: Sequence[str], py_files: Sequence[Path]) -> dict[str, str]:
    """Glue's library and the job's zips on the path, and what its session, if any, begins with."""
    return {
        "PYTHONPATH": os.pathsep.join([*(str(path) for path in py_files), str(GLUE_LIBS)]),
        "PYSPARK_SUBMIT_ARGS": shlex.join([*options, "pyspark-shell"]),
    }


def write_defaults(settings: Settings) -> None:
    """spark-defaults.conf, for each JVM."""
    settings.conf_dir.mkdir(parents=True, exist_ok=True)
    lines = [f"{name} {value}" for name, value in session_conf(settings).items()]
    (settings.conf_dir / "spark-defaults.conf").write_text("\n".join(lines) + "\n")
