"""A proof: the fixed set through the jobs of both sides, the tables compared, all removed."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from datetime import UTC, datetime
from types import FrameType
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from aws_bootstrap.buckets import NotEmptiedError
from aws_bootstrap.promotion.cloud import explained
from aws_bootstrap.proof import code, comparison, job_runs, sides, tables
from aws_bootstrap.proof.deliveries import bronze_objects
from aws_bootstrap.proof.sides import Side, UnjudgedError

Say = Callable[[str], None]
Document = dict[str, Any]


class EndedError(Exception):
    """The proof is being ended: this side stops where it is."""


def prove(laptop: Side, cloud: Side, say: Say) -> Document:
    """The report: whether both sides compute the same, table by table.

    Whatever happens, nothing of the run stays; what could not be removed is in `left`. Raises
    UnjudgedError where a side could not do its part.
    """
    both, objects = (laptop, cloud), bronze_objects()
    for side in both:
        sides.state_machine(side)
        _remove_what_others_left(side, say)
    left: list[str] = []
    try:
        say(f"The same {len(objects)} bronze objects for both sides, run {laptop.run}")
        found = _on_both(both, objects, say)
    finally:
        say("Removing what the run has made")
        left += [problem for side in both for problem in _removed(side)]
        for problem in left:
            say(f"left: {problem}")
    compared = comparison.compared(*found)
    return {
        "run": laptop.run,
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "objects": len(objects),
        "equal": all(table["equal"] for table in compared),
        "tables": compared,
        "code": code.compared(laptop, cloud),
        "left": left,
    }


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """A SIGTERM ends a proof as Ctrl-C does: with everything removed."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    usual = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, usual)


def _on_both(
    both: tuple[Side, Side], objects: dict[str, bytes], say: Say
) -> list[dict[str, comparison.Table]]:
    ends = threading.Event()

    def goes_on() -> None:
        if ends.is_set():
            raise EndedError

    with ThreadPoolExecutor(len(both)) as pool:
        runs = [pool.submit(_on, side, objects, goes_on, say) for side in both]
        try:
            _wait(runs)
        finally:
            ends.set()  # nothing is removed while a side still works
    return [run.result() for run in runs]


def _wait(runs: list[Future[Any]]) -> None:
    """Until all have ended or one has failed, which is raised."""
    while pending := wait(runs, timeout=0.5).not_done:
        for run in runs:
            if run not in pending:
                run.result()
    for run in runs:
        run.result()


def _on(
    side: Side, objects: dict[str, bytes], goes_on: Callable[[], None], say: Say
) -> dict[str, comparison.Table]:
    try:
        sides.upload(side, objects)
        goes_on()
        job_runs.run_all(side, goes_on, say)
        say(f"{side.name}: reading the tables through Athena")
        return tables.read_all(side, goes_on)
    except (ClientError, BotoCoreError) as error:
        raise UnjudgedError(f"The {side.name} refuses its part: {explained(error)}") from error


def _remove_what_others_left(side: Side, say: Say) -> None:
    for run in sides.left_by_others(side, datetime.now(UTC)):
        say(f"{side.name}: removing what the run {run} left")
        sides.remove(Side(side.name, side.names, side.make_client, run))


def _removed(side: Side) -> list[str]:
    try:
        sides.remove(side)
    except (ClientError, BotoCoreError, NotEmptiedError) as error:
        where = ", ".join(f"s3://{bucket}/{side.folder}" for bucket in side.names.data_buckets)
        return [f"{where}, database {side.database} on the {side.name}: {error}"]
    return []
