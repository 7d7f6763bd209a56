"""The edge's only way to services/spark: submit, follow, cancel a run, read its output."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, TypedDict

import requests

from services.spark_token import bearer

Document = dict[str, Any]
State = Literal["QUEUED", "RUNNING", "SUCCEEDED", "FAILED", "CANCELLED"]
UI_SECONDS = 58.0  # the service waits for the pages of a run that has just begun
ENDED = frozenset({"SUCCEEDED", "FAILED", "CANCELLED"})


class SparkRun(TypedDict):
    """A run as the service answers it; times in epoch seconds, `version` grows by each change."""

    version: int
    state: State
    started_at: float | None
    ended_at: float | None
    exit_code: int | None
    error: str | None


class SparkServiceError(Exception):
    """The Spark service refused or could not be reached; `refused` tells which."""

    def __init__(self, message: str, *, refused: bool) -> None:
        super().__init__(message)
        self.refused = refused


class SparkClient:
    """Speaks the HTTP interface that services/spark/app.py documents."""

    def __init__(self, url: str, token: str, *, timeout: float = 30.0) -> None:
        self._url = url.rstrip("/")
        self._headers = {"Authorization": bearer(token)}
        self._timeout = timeout

    def health(self) -> dict[str, Any]:
        answer: Document = self._json("GET", "/health")
        return answer

    def submit(self, run: Document) -> SparkRun:
        answer: SparkRun = self._json("POST", "/runs", json=run)
        return answer

    def get(self, run_id: str) -> SparkRun:
        answer: SparkRun = self._json("GET", f"/runs/{run_id}")
        return answer

    def cancel(self, run_id: str) -> SparkRun:
        answer: SparkRun = self._json("POST", f"/runs/{run_id}/cancel")
        return answer

    def follow(self, run_id: str) -> Iterator[SparkRun]:
        """Yield the run now and at each change of it, the last time when it has ended."""
        version = -1
        while True:
            run: SparkRun = self._json("GET", f"/runs/{run_id}?after={version}&wait=20")
            if run["version"] != version:
                version = run["version"]
                yield run
            if run["state"] in ENDED:
                return

    def output(self, run_id: str, stream: str, offset: int = 0) -> bytes:
        """The bytes of `stdout` or `stderr` from `offset` to what has been written by now."""
        return self._call("GET", f"/runs/{run_id}/logs/{stream}?offset={offset}").content

    def ui_url(self, run_id: str) -> str:
        """Spark's own pages of the run: live while it runs, its history afterwards."""
        answer = self._call("GET", f"/runs/{run_id}/ui", timeout=UI_SECONDS)
        return str(answer.json()["url"])

    def _json(self, method: str, path: str, **kwargs: Any) -> Any:
        return self._call(method, path, **kwargs).json()

    def _call(self, method: str, path: str, **kwargs: Any) -> requests.Response:
        try:
            kwargs = {"timeout": self._timeout, "headers": self._headers, **kwargs}
            answer = requests.request(method, self._url + path, **kwargs)
        except requests.RequestException as error:
            raise SparkServiceError(
                f"Spark service at {self._url} cannot be reached: {error}", refused=False
            ) from error
        if answer.status_code >= 400:
            raise SparkServiceError(_message(answer), refused=answer.status_code < 500)
        return answer


def _message(answer: requests.Response) -> str:
    try:
        return str(answer.json()["error"]["message"])
    except (ValueError, KeyError, TypeError):
        return f"Spark service answered {answer.status_code}: {answer.text[:200]}"
