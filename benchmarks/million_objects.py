"""S3 with 1,000,000 objects: how the edge starts, what it takes, how fast pages and objects come.

The objects are rows of the store; one of them has data. A store with 1,000 is the measure of GET.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psutil
from localstack.services.s3.models import S3Bucket, S3Object

from benchmarks.load import SIGNED, Request, per_second
from benchmarks.measures import Measure, at_most, interleaved, seconds
from services.edge.s3.storage.files import new_name
from services.edge.s3.storage.metadata import SET, Metadata
from services.edge.s3.storage.tables import row_of
from tests.support.process_stack import ProcessStack

OBJECTS, FEW, STARTS, ROUNDS = 1_000_000, 1000, 3, 15
BUCKET, KEY = "bench", "calendly/event_date=200/0000200.json"
OWNER = {
    "DisplayName": "webfile",
    "ID": "75aa57f09aa0c8caeab4f8c24e99d10f8e7faeebf76c078efc7c6caea",
}
PAGES = {
    "first page": "",
    "page in the middle": "&start-after=calendly/event_date=180",
    "page of a prefix": "&prefix=calendly/event_date=200/",
    "page of common prefixes": "&prefix=calendly/&delimiter=/",
}


def measured(folder: Path) -> Iterator[Measure]:
    stores = {name: folder / name for name in ("million", "few", "empty")}
    fill(stores["million"] / "s3" / "metadata.sqlite", OBJECTS)
    fill(stores["few"] / "s3" / "metadata.sqlite", FEW)
    memory: dict[str, list[float]] = {"million": [], "empty": []}
    started = interleaved(
        {name: lambda name=name: start(stores[name], memory[name]) for name in memory}, STARTS
    )
    yield Measure("start of the edge", "s", started["million"], at_most(5))
    with ProcessStack(stores["million"]) as many, ProcessStack(stores["few"]) as few:
        stacks = {"million": many, "few": few}
        for stack in stacks.values():
            stack.start_edge()
            stack.client("s3").put_object(Bucket=BUCKET, Key=KEY, Body=b"x" * 3000)
        for what, query in PAGES.items():
            path = f"/{BUCKET}?list-type=2&max-keys=1000{query}"
            took = interleaved({"ours": lambda path=path: milliseconds(many, path, 1)}, ROUNDS)
            yield Measure(what, "ms", took["ours"], at_most(20))
        took = interleaved(
            {
                name: lambda stack=stack: milliseconds(stack, f"/{BUCKET}/{KEY}", 100)
                for name, stack in stacks.items()
            },
            ROUNDS,
        )
        yield Measure(
            "get of an object", "ms", took["million"], at_most(1.1), "of 1,000", took["few"]
        )
        more = resident(many) - min(memory["empty"])
        yield Measure("memory above an empty store", "MB", [more], at_most(150))


def start(folder: Path, memory: list[float]) -> float:
    with ProcessStack(folder) as stack:
        took = seconds(stack.start_edge)
        memory.append(resident(stack))
    return took


def resident(stack: ProcessStack) -> float:
    """Megabytes of the edge's process."""
    return float(psutil.Process(stack.running("edge").pid).memory_info().rss / 1e6)


def milliseconds(stack: ProcessStack, path: str, times: int) -> float:
    return 1e3 / per_second(stack.url, [Request("GET", path)] * times, 1, SIGNED)


def fill(path: Path, count: int) -> None:
    with closing(Metadata(path)) as metadata:
        bucket = S3Bucket(BUCKET, "000000000000", "us-east-1", OWNER)
        metadata.save_bucket(BUCKET, pickle.dumps({**vars(bucket), "objects": False}))
        connection = metadata._connection
        connection.execute("BEGIN")
        connection.executemany(SET, (row(number) for number in range(count)))
        connection.execute("COMMIT")


def row(number: int) -> tuple[Any, ...]:
    key = f"calendly/event_date={number * 97 % 365:03}/{number:07}.json"
    found = S3Object(
        key=key,
        etag="d41d8cd98f00b204e9800998ecf8427e",
        size=3000,
        system_metadata={"ContentType": "application/json"},
        checksum_algorithm="CRC32",
        checksum_value="abcd1234==",
        encryption="AES256",
        owner=OWNER,
    )
    found.data_file = new_name()
    return (BUCKET, key, "null", *row_of(found))
