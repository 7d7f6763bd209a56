"""Requests from several clients at once, each on a connection of its own."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple
from urllib.parse import urlsplit

# Neither the stack nor its rivals look at the signature; all read the service and the region.
SIGNED = {
    "Authorization": "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request, "
    f"SignedHeaders=host, Signature={'0' * 64}",
    "x-amz-content-sha256": "UNSIGNED-PAYLOAD",
    "x-amz-date": "20260101T000000Z",
}


class Request(NamedTuple):
    method: str
    path: str
    body: bytes = b""


def per_second(
    url: str, requests: Sequence[Request], clients: int, headers: dict[str, str]
) -> float:
    """All answered with a status below 300, and no body cut. Raises RuntimeError else."""
    host = urlsplit(url).netloc
    barrier = threading.Barrier(clients + 1)

    def send(own: Sequence[Request]) -> None:
        connection = http.client.HTTPConnection(host, timeout=60)
        connection.connect()
        barrier.wait()
        for method, path, body in own:
            connection.request(method, path, body or None, headers)
            answer = connection.getresponse()
            told = answer.read()
            if answer.status >= 300:
                raise RuntimeError(f"{method} {path}: {answer.status} {told[:300]!r}")
        connection.close()

    with ThreadPoolExecutor(clients) as pool:
        sent = [pool.submit(send, requests[number::clients]) for number in range(clients)]
        barrier.wait()
        began = time.perf_counter()
        for one in sent:
            one.result()
        return len(requests) / (time.perf_counter() - began)
