"""S3 on disk against rivals in memory: objects of 3 kB and one listing, asked by 16 clients."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from benchmarks.load import SIGNED, Request, per_second
from benchmarks.measures import Measure, at_least, interleaved
from benchmarks.rivals import LOCALSTACK, MINISTACK, client, started
from tests.support.process_stack import ProcessStack

CLIENTS, OBJECTS, ROUNDS, BODY = 16, 800, 5, b"x" * 3000
OURS = "ours"
TARGETS = {MINISTACK: at_least(1), LOCALSTACK: at_least(1.5)}
CALLS = {
    "put": [Request("PUT", f"/bench/part=1/{n}", BODY) for n in range(OBJECTS)],
    "get": [Request("GET", f"/bench/part=1/{n}") for n in range(OBJECTS)],
    "head": [Request("HEAD", f"/bench/part=1/{n}") for n in range(OBJECTS)],
    "list": [Request("GET", "/bench?list-type=2&max-keys=1000&prefix=part")] * 64,
}


def measured(folder: Path) -> Iterator[Measure]:
    with ExitStack() as all_of_them:
        stack = all_of_them.enter_context(ProcessStack(folder / OURS))
        stack.start_edge()
        urls = {OURS: stack.url}
        for name in TARGETS:
            urls[name] = all_of_them.enter_context(started(name, folder / name))
        for url in urls.values():
            client(url, "s3").create_bucket(Bucket="bench")
        for what, requests in CALLS.items():
            works = {
                name: functools.partial(per_second, url, requests, CLIENTS, SIGNED)
                for name, url in urls.items()
            }
            found = interleaved(works, ROUNDS)
            for rival, target in TARGETS.items():
                yield Measure(f"S3 {what}", "/s", found[OURS], target, rival, found[rival])
