"""A process that runs queries, one at a time: pickled requests on stdin, an answer per line.

`python -m services.edge.athena.engine.worker ENDPOINT MEMORY_MB THREADS` says {"ready": true} when
it can take the first.
"""

from __future__ import annotations

import json
import logging
import os
import pickle
import queue
import sys
import threading
from collections.abc import Mapping
from typing import Any

from services.edge.athena.engine.execution import execute, warm
from services.edge.athena.engine.request import QueryRequest
from services.edge.athena.engine.session import connected


def main(endpoint: str, memory_mb: str, threads: str) -> None:
    # Libraries that print must not write into the answers.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", buffering=1)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)

    def answer(document: Mapping[str, Any]) -> None:
        answers.write(json.dumps(document) + "\n")

    warm(endpoint)
    # Each query has a DuckDB of its own, made ready before it comes.
    connection = connected(int(memory_mb), int(threads))
    answer({"ready": True})
    requests: queue.Queue[QueryRequest] = queue.Queue()
    threading.Thread(target=_listen, args=(requests,), daemon=True).start()
    while True:
        answer(execute(requests.get(), connection))
        connection.close()
        connection = connected(int(memory_mb), int(threads))


def _listen(requests: queue.Queue[QueryRequest]) -> None:
    """Where the control plane is gone nobody wants the answer: a runaway query ends with it."""
    try:
        while True:
            requests.put(pickle.load(sys.stdin.buffer))
    except EOFError:
        pass
    except Exception:
        logging.exception("a request cannot be read")
    os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
