"""Has Python write the byte code of what the stack imports, so that no start compiles it.

uv installs none, and where PYTHONDONTWRITEBYTECODE is set, as in many images, no start would keep
it: each edge, each job and each command would compile some 2,000 files anew.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys

# The stack's own packages are imported whole.
PACKAGES = ("services", "pipeline", "lake", "aws_bootstrap", "sample_data")
LIBRARIES = (
    "localstack.aws.app",
    "localstack.runtime.main",
    "localstack.runtime.runtime",
    "pyspark.daemon",
    "pyspark.sql",
    "streamlit.web.bootstrap",
)
PROGRAMS = ("__main__", "glue_libs")  # what begins to work, or needs Spark, when it is imported


def modules_of(package: str) -> list[str]:
    found = importlib.import_module(package)
    walked = pkgutil.walk_packages(found.__path__, f"{package}.")
    return [package, *(m.name for m in walked if not set(m.name.split(".")) & {*PROGRAMS})]


def main() -> None:
    sys.dont_write_bytecode = False
    for library in LIBRARIES:
        importlib.import_module(library)
    for package in PACKAGES:
        for module in modules_of(package):
            importlib.import_module(module)


if __name__ == "__main__":
    main()
