"""Deliveries that no sender should send, always the same ones for a seed: what comes of them.

python -m tests.support.webhook_fuzz http://localhost:4566/_aws/execute-api/ID/prod/webhook 10000
"""

from __future__ import annotations

import gzip
import json
import random
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

from tests.support.raw_http import exchange

TYPES = (
    *("application/json", "application/json; charset=utf-16", "text/plain", "text/html", "*/*", ""),
    *("multipart/form-data", "multipart/form-data; boundary=x", 'multipart/form-data; boundary="'),
    *("multipart/mixed; boundary=a", "application/x-www-form-urlencoded", "application/cbor"),
    *("application/x-amz-json-1.1", "application/octet-stream", "image/png", ";;;", "a" * 2000),
)
NAMES = (
    *("Accept", "Accept-Encoding", "Authorization", "Calendly-Webhook-Signature", "Cookie"),
    *("Content-Encoding", "Content-MD5", "Expect", "Range", "Referer", "TE", "User-Agent"),
    *("X-Amz-Target", "X-Amz-Date", "X-Amz-Content-Sha256", "X-Forwarded-For", "X-Amzn-Trace-Id"),
    *("X-Api-Key", "X-HTTP-Method-Override", "Content_Length", "x-localstack-data", "Upgrade"),
    *("X-Amz-Security-Token", "If-None-Match", "X-Request-Id", "Via", "Date", "Forwarded"),
)
VALUES = (
    *("", "0", "-1", "gzip", "br", "aws-chunked", "100-continue", "bytes=0-1", "t=1,v1=00", "{}"),
    *("Basic eA==", "AWS4-HMAC-SHA256 Credential=x", "Logs_20140328.CreateLogGroup", "websocket"),
    *("\xe9\xff", "a" * 5000, "; ; ;", "'\"<>&", "%00%ff", "..//..", "STREAMING-UNSIGNED-PAYLOAD"),
    *("Root=1-5-a;Parent=x;Sampled=9", "null", "[1, 2]", "Mon, 99 Foo 2026", "a=b; c"),
)
# Faults of a head or a body, which are answered 400: each in about one delivery of a hundred.
FAULTS = (
    *("Content-Length: -1", "Content-Length: x", "Host: other", "Transfer-Encoding: gzip"),
    *("X: \r", "X: \0", "no colon", " folded", "Content-Length: " + "9" * 30, "X: " + "a" * 70_000),
)
LAST = b"0\r\n\r\n"
TAILS = (b"-1\r\n", b"x\r\n", b"ffffffffffff\r\nx", b"\r\n", b"5", b"0\r\nX: ", b"")


def delivery(seed: int, number: int, path: str) -> tuple[bytes, bool]:
    """One request as bytes, and whether it ends before its body does."""
    chance = random.Random(seed * 1_000_003 + number)
    content = body(chance)
    lines = [f"POST {path} HTTP/1.1", "Host: localhost", f"Content-Type: {chance.choice(TYPES)}"]
    lines += [
        f"{chance.choice(NAMES)}: {chance.choice(VALUES)}" for _ in range(chance.randrange(6))
    ]
    is_cut = False
    if chance.random() < 0.3:
        content = chunks(content, chance)
        lines.append("Transfer-Encoding: chunked")
        if chance.random() < 0.1:  # it may promise more than comes
            content, is_cut = content.removesuffix(LAST) + chance.choice(TAILS), True
    else:
        lines.append(f"Content-Length: {len(content)}")
    if chance.random() < 0.1:
        lines.append(chance.choice(FAULTS))
    head = "\r\n".join([*lines, "Connection: close", "", ""]).encode("latin-1")
    if content and chance.random() < 0.1:
        content, is_cut = content[: chance.randrange(len(content))], True
    return head + content, is_cut


def body(chance: random.Random) -> bytes:
    kind = chance.randrange(8)
    if kind == 0:
        return chance.randbytes(chance.choice((0, 1, 10, 1000, 70_000)))
    if kind == 1:
        return b"[" * chance.choice((1, 100, 100_000)) + b"]" * chance.choice((0, 1, 100_000))
    if kind == 2:
        return gzip.compress(chance.randbytes(100))[: chance.choice((5, 20, 500))]
    if kind == 3:
        return (
            b'--x\r\nContent-Disposition: form-data; name="a"; filename="b"\r\n\r\nc\r\n--x--\r\n'
        )
    if kind == 4:
        return b"a=1&b=%ff&c&=&&" * chance.randrange(50)
    document = {"event": chance.choice(("x", None, 1)), "created_at": chance.choice(VALUES)}
    document["payload"] = {"n": chance.random(), "deep": [[{}]] * chance.randrange(4)}
    text = json.dumps(document).encode(chance.choice(("utf-8", "utf-16", "utf-32")))
    if kind == 5:
        place = chance.randrange(len(text))
        return text[:place] + chance.randbytes(3) + text[place:]
    return text


def chunks(content: bytes, chance: random.Random) -> bytes:
    parts, rest = [], content
    while rest:
        size = chance.choice((1, 7, 1000, 100_000)) if len(parts) < 50 else len(rest)
        parts.append(b"%x\r\n%s\r\n" % (len(rest[:size]), rest[:size]))
        rest = rest[size:]
    return b"".join([*parts, LAST])


def outcomes(url: str, count: int, seed: int = 1, at_once: int = 4) -> dict[str, list[int]]:
    """The numbers of the deliveries by what came of them: a status, or `no answer`."""
    address = urlsplit(url)

    def sent(number: int) -> str:
        request, is_cut = delivery(seed, number, address.path)
        try:
            status = exchange(url, request, is_cut, seconds=40).status
        except OSError:
            status = None
        return str(status or "no answer")

    found: dict[str, list[int]] = {}
    with ThreadPoolExecutor(at_once) as pool:
        for number, outcome in enumerate(pool.map(sent, range(count))):
            found.setdefault(outcome, []).append(number)
    return found


if __name__ == "__main__":
    seen = outcomes(sys.argv[1], int(sys.argv[2]), *map(int, sys.argv[3:4]))
    print(dict(Counter({outcome: len(numbers) for outcome, numbers in seen.items()})))
    bad = {o: n[:20] for o, n in seen.items() if not o.startswith(("2", "4"))}
    print("Bad:", bad or "none")
    raise SystemExit(bool(bad))
