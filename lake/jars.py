"""Fetch the jars that pom.xml names into a folder: by Maven where there is one, else by Spark."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from pathlib import Path

from lake.settings import ROOT, Settings
from services.private_files import keep_private
from services.spark.java import java_home

POM = ROOT / "pom.xml"


@dataclass(frozen=True)
class Jar:
    group: str
    artifact: str
    version: str

    @property
    def file_name(self) -> str:
        return f"{self.artifact}-{self.version}.jar"

    @property
    def coordinate(self) -> str:
        return f"{self.group}:{self.artifact}:{self.version}"


def jars_of(pom: Path) -> list[Jar]:
    dependencies = ElementTree.parse(pom).findall(".//dependency")
    names = ("groupId", "artifactId", "version")
    return [Jar(*(d.findtext(name, "") for name in names)) for d in dependencies]


def fetch(folder: Path) -> list[Path]:
    """The jars' paths; fetches only where one is missing."""
    wanted = [folder / jar.file_name for jar in jars_of(POM)]
    if all(path.exists() for path in wanted):
        return wanted
    keep_private(folder)
    if shutil.which("mvn"):
        _fetch_by_maven(folder)
    else:
        _fetch_by_spark(folder)
    if missing := [path.name for path in wanted if not path.exists()]:
        raise SystemExit(f"Jars not fetched: {', '.join(missing)}; look at the output above")
    return wanted


def _fetch_by_maven(folder: Path) -> None:
    command = ["mvn", "-q", "-B", "-f", str(POM), "dependency:copy-dependencies"]
    subprocess.run([*command, f"-DoutputDirectory={folder}"], check=True)


def _fetch_by_spark(folder: Path) -> None:
    """Spark's own Ivy resolves `--packages`; what Spark brings itself is left out afterwards."""
    import pyspark

    wanted = {f"{jar.group}_{jar.file_name}": jar.file_name for jar in jars_of(POM)}
    with tempfile.TemporaryDirectory() as ivy:
        script = Path(ivy) / "nothing.py"
        script.touch()
        packages = ",".join(jar.coordinate for jar in jars_of(POM))
        home = Path(pyspark.__file__).parent
        subprocess.run(
            [
                home / "bin" / "spark-submit",
                "--packages",
                packages,
                "--conf",
                f"spark.jars.ivy={ivy}",
                str(script),
            ],
            check=True,
            env={**os.environ, "JAVA_HOME": str(java_home()), "SPARK_HOME": str(home)},
        )
        for path in (Path(ivy) / "jars").iterdir():
            if path.name in wanted:
                shutil.copyfile(path, folder / wanted[path.name])


if __name__ == "__main__":
    for fetched in fetch(Settings.from_env().jars_dir):
        sys.stdout.write(f"{fetched.name}\n")
