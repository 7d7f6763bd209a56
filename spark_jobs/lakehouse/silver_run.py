"""A silver job's arguments in; what its run has to read out, and what it leaves for the next."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any

from lakehouse.bronze import Listing, list_objects
from lakehouse.delta_log import last_commits, user_metadata
from lakehouse.lineage import Dataset, JobRun, recorded
from lakehouse.progress import Progress, read_progress, store_progress
from lakehouse.watermark import keys_to_read, seen_after


@dataclass(frozen=True)
class SilverJob:
    """Bucket and prefix of bronze, place of silver; tables, object of progress, flags.

    `execution` is the ARN of the state machine's execution that the run is a part of, if any.
    """

    source: str
    prefix: str
    silver: str
    tables: tuple[str, ...]
    progress_key: str
    full: bool = False
    window: int | None = None
    execution: str | None = None

    @property
    def name(self) -> str:
        return PurePosixPath(self.progress_key).stem


@dataclass(frozen=True)
class Work:
    """What a run has to read, and how it finds its tables.

    `is_in_step`: each is as the last run left it; `is_first`: there is none yet.
    """

    listing: Listing
    keys: list[str]
    last: Progress | None
    is_in_step: bool
    is_first: bool
    is_same_code: bool

    @property
    def is_settled(self) -> bool:
        """Whether the tables need nothing but what is read."""
        return self.is_in_step and self.is_same_code

    @property
    def size(self) -> int:
        """The bytes of the objects to read."""
        keys = set(self.keys)
        return sum(item.size for item in self.listing.objects if item.key in keys)


def find_work(s3: Any, job: SilverJob, code: Mapping[str, str]) -> Work:
    """What the job's run with this code has to do."""
    listing = list_objects(s3, job.source, job.prefix)
    last = read_progress(s3, job.silver, job.progress_key)
    commits = last_commits(s3, job.silver, job.tables)
    is_in_step = last is not None and bool(commits) and last.tables == commits
    since = None if last is None or job.full else last.watermark
    return Work(
        listing,
        keys_to_read(listing, since, job.window, _seen(last, is_in_step)),
        last,
        is_in_step,
        is_first=not commits,
        is_same_code=last is not None and last.code == code,
    )


@contextmanager
def recorded_run(s3: Any, job: SilverJob, work: Work) -> Iterator[str]:
    """Record what the run reads and the tables that it commits to; the note of its commits."""
    run = JobRun.begun(job.name, job.silver, job.execution)
    inputs = [Dataset(job.source, job.prefix, keys=work.keys)]
    with recorded(s3, run, inputs) as made:
        yield run.note
        made += [
            Dataset(job.silver, table, commit.version)
            for table, commit in last_commits(s3, job.silver, job.tables).items()
            if user_metadata(s3, job.silver, table, commit) == run.note
        ]


def remember(
    s3: Any,
    job: SilverJob,
    work: Work,
    code: Mapping[str, str],
    read: Collection[str],
    is_in_step: bool = True,
) -> None:
    """Store what the finished run leaves; `read` are the keys that need not be read again.

    A run over a window of days moves no watermark.
    """
    tables = last_commits(s3, job.silver, job.tables) if is_in_step else {}
    if job.window is None:
        seen = seen_after(work.listing, read, _seen(work.last, work.is_in_step))
        left = Progress(work.listing.started, seen, tables, code)
    elif work.last is not None:
        left = replace(work.last, tables=tables)
    else:
        return
    store_progress(s3, job.silver, job.progress_key, left)


def _seen(last: Progress | None, is_in_step: bool) -> frozenset[str]:
    # Tables that others changed may lack what was seen: the overlap is read again.
    return last.seen if last is not None and is_in_step else frozenset()
