"""The edge's only way to services/spark: submit, follow, cancel a run, read its output."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import requests

from services.spark_token import bearer

Run = dict[str, Any]
UI_SECONDS = 58.0  # the service waits for the pages of a run that has just begun
ENDED = frozenset({"SUCCEEDED", "FAILED", "CANCELLED"})


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
        return self._json("GET", "/health")

    def submit(self, run: Run) -> Run:
        return self._json("POST", "/runs", json=run)

    def get(self, run_id: str) -> Run:
        return self._json("GET", f"/runs/{run_id}")

    def cancel(self, run_id: str) -> Run:
        return self._json("POST", f"/runs/{run_id}/cancel")

    def follow(self, run_id: str) -> Iterator[Run]:
        """Yield the run now and at each change of it, the last time when it has ended."""
        version = -1
        while True:
            run = self._json("GET", f"/runs/{run_id}?after={version}&wait=20")
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

    def _json(self, method: str, path: str, **kwargs: Any) -> Run:
        document: Run = self._call(method, path, **kwargs).json()
        return document

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
