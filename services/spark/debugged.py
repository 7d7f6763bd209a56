"""A job under debugpy: it waits for a debugger, and runs the sources of a working copy.

`lake debug` asks for it by variables of the driver's environment. The sources are those that an
editor has open, so breakpoints need no mapping of paths: those of S3 lie in a run's folder, and the
library in a zip.
"""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path
from typing import Any

WAIT_SECONDS = 1800.0
PORT, SOURCES = "LAKE_DEBUG_PORT", "LAKE_DEBUG_SOURCES"


def under_debugger(job: dict[str, Any]) -> dict[str, Any]:
    """The job as it is to be run; where nobody asked for a debugger, as it was."""
    port = os.environ.pop(PORT, None)
    if port is None:
        return job
    # Else it warns of frozen modules, which are Python's own.
    os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")
    import debugpy

    debugpy.listen(("127.0.0.1", int(port)))
    sys.stderr.write(f"Waiting for a debugger at 127.0.0.1:{port}\n")
    sys.stderr.flush()
    nobody = threading.Timer(WAIT_SECONDS, given_up)
    nobody.daemon = True
    nobody.start()
    debugpy.wait_for_client()
    nobody.cancel()
    folder = Path(os.environ.pop(SOURCES))
    own = folder / Path(job["script"]).name
    if not own.is_file():
        return job
    modules = [name for name in job["modules"] if Path(name).name != "lakehouse.zip"]
    return {**job, "script": str(own), "modules": modules}


def given_up() -> None:
    """`lake debug` may have been killed, and with it whoever would cancel this job."""
    sys.stderr.write(f"No debugger has attached within {WAIT_SECONDS:.0f} s\n")
    sys.stderr.flush()
    os._exit(1)
