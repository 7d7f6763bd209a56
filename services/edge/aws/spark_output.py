"""Copies a driver's output to CloudWatch Logs and S3, while the driver writes it."""

from __future__ import annotations

import gzip
import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from services.edge.aws.spark_retries import retry_unreachable
from services.edge.cloudwatch_logs import log_lines
from services.edge.spark_client import SparkServiceError

LOG = logging.getLogger(__name__)
APPEND_SECONDS = 2.0
UPLOAD_SECONDS = 15.0  # as AWS refreshes the objects of a running job

Places = dict[str, tuple[str, str]]
Read = Callable[[str, int], bytes]
Client = Callable[[str], Any]


class Output:
    """`read` answers a stream's bytes from an offset; `client` makes the client of a service, by
    which the job's role writes, `administrator` one that may do all.

    `log_streams` has, of stdout and stderr, the log group and stream, `objects` bucket and key.
    """

    def __init__(
        self,
        run: str,
        read: Read,
        client: Client,
        administrator: Client,
        *,
        log_streams: Places,
        objects: Places,
    ) -> None:
        self._run, self._read = run, read
        self._client, self._administrator = client, administrator
        self._log_streams, self._objects = log_streams, objects
        self._offsets: dict[str, int] = {}
        self.problems: dict[tuple[str, str], str] = {}

    def copy_until(self, ended: threading.Event) -> None:
        """Copies again and again; the end of the output is left to `finish`."""
        upload = time.monotonic() + UPLOAD_SECONDS
        while not ended.wait(APPEND_SECONDS):
            self._append(last=False)
            if time.monotonic() >= upload:
                self._upload(last=False)
                upload = time.monotonic() + UPLOAD_SECONDS

    def finish(self) -> list[str]:
        """Copies what is left once the driver has ended; answers what could not be written."""
        self._append(last=True)
        self._upload(last=True)
        return list(self.problems.values())

    def _append(self, *, last: bool) -> None:
        for stream in self._log_streams:
            self._try("logs", stream, partial(self._append_lines, stream, last), last)

    def _upload(self, *, last: bool) -> None:
        for stream in self._objects:
            self._try("s3", stream, partial(self._upload_all, stream), last)

    def _append_lines(self, stream: str, last: bool) -> None:
        logs_client, (group, name) = self._client("logs"), self._log_streams[stream]
        if stream not in self._offsets:  # what an edge that ended meanwhile had written
            own = self._administrator("logs")
            with suppress(own.exceptions.ResourceNotFoundException):
                own.delete_log_stream(logGroupName=group, logStreamName=name)
            self._offsets[stream] = 0
        new = self._read(stream, self._offsets[stream])
        whole = new if last else new[: new.rfind(b"\n") + 1]
        if whole or last:
            lines = whole.decode(errors="replace").splitlines()
            log_lines.append(logs_client, group, name, lines)
            self._offsets[stream] += len(whole)

    def _upload_all(self, stream: str) -> None:
        bucket, key = self._objects[stream]
        body = gzip.compress(self._read(stream, 0), mtime=0)
        self._client("s3").put_object(Bucket=bucket, Key=key, Body=body)

    def _try(self, service: str, stream: str, copy: Callable[[], None], last: bool) -> None:
        if (service, stream) in self.problems:
            return
        try:
            retry_unreachable(copy) if last else copy()
        except (ClientError, BotoCoreError, SparkServiceError) as error:
            problem = f"The driver's {stream} was not written to {service}: {error}"
            LOG.error("Job run %s: %s", self._run, problem)
            # Spark may be back in reach before the end; a bucket that is not there stays away.
            if last or not isinstance(error, SparkServiceError):
                self.problems[service, stream] = problem
