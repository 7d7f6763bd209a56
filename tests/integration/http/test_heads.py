"""Requests whose end or destination is doubtful: 400 at once, and the connection is closed."""

from __future__ import annotations

import pytest

from tests.support.raw_http import exchange, request
from tests.support.stack import Stack

HEALTH = "/_localstack/health"
PUT = "PUT /heads/key HTTP/1.1\r\n"
MANY = "".join(f"X-{number}: 1\r\n" for number in range(200))


def head(*lines: str) -> bytes:
    return "".join(f"{line}\r\n" for line in (*lines, "")).encode("latin-1")


BAD = {
    "no Host": head(PUT.strip(), "Content-Length: 1") + b"x",
    "no Host in HTTP/1.0": head(f"GET {HEALTH} HTTP/1.0"),
    "an empty Host": head(f"GET {HEALTH} HTTP/1.1", "Host:"),
    "two Hosts": head(f"GET {HEALTH} HTTP/1.1", "Host: a", "Host: b"),
    "a Host with a path": head(f"GET {HEALTH} HTTP/1.1", "Host: a/b"),
    "a negative length": request("PUT", "/heads/key", "Content-Length: -1"),
    "a length with a sign": request("PUT", "/heads/key", "Content-Length: +1", body=b"x"),
    "a length in words": request("PUT", "/heads/key", "Content-Length: one", body=b"x"),
    "a length with a blank": request("PUT", "/heads/key", "Content-Length: 1 0", body=b"x"),
    "a length with _": request("PUT", "/heads/key", "Content-Length: 1_0", body=b"x" * 10),
    "an empty length": request("PUT", "/heads/key", "Content-Length:"),
    "a length of 20 digits": request("PUT", "/heads/key", "Content-Length: " + "9" * 20),
    "a length of a petabyte": request("PUT", "/heads/key", f"Content-Length: {10**15}"),
    "a length of 5,000 digits": request("PUT", "/heads/key", "Content-Length: " + "9" * 5000),
    "two lengths": request(
        "PUT", "/heads/key", "Content-Length: 1", "Content-Length: 2", body=b"xx"
    ),
    "a length beside chunks": request(
        "PUT",
        "/heads/key",
        "Content-Length: 1",
        "Transfer-Encoding: chunked",
        body=b"1\r\nx\r\n0\r\n\r\n",
    ),
    "another coding": request("PUT", "/heads/key", "Transfer-Encoding: gzip, chunked"),
    "two codings": request(
        "PUT", "/heads/key", "Transfer-Encoding: chunked", "Transfer-Encoding: chunked"
    ),
    "chunks in HTTP/1.0": head(
        "PUT /heads/key HTTP/1.0", "Host: localhost", "Transfer-Encoding: chunked"
    ),
    "a lone CR in a value": request("GET", HEALTH, "X: a\rContent-Length: 5"),
    "a lone CR in the first line": request("GET", HEALTH + "\r"),
    "a bare LF after a header": request("GET", HEALTH, "X: a\nY: b"),
    "a bare LF after the first line": f"GET {HEALTH} HTTP/1.1\nHost: localhost\r\n\r\n".encode(),
    "only bare LFs": f"GET {HEALTH} HTTP/1.1\nHost: localhost\n\n".encode(),
    "NUL in a value": request("GET", HEALTH, "X: a\0b"),
    "a blank before the colon": request("PUT", "/heads/key", "Content-Length : 1", body=b"x"),
    "a folded line": request("GET", HEALTH, "X: a", " b"),
    "a line without a colon": request("GET", HEALTH, "nonsense"),
    "an empty name": request("GET", HEALTH, ": x"),
    "more than 64 KB of headers": request("GET", HEALTH, "X: " + "a" * 65_536),
    "64 KB in many headers": request("GET", HEALTH, *(f"X-{n}: {'a' * 1000}" for n in range(66))),
    "more than 200 headers": request("GET", HEALTH, *MANY.split("\r\n")[:-1]),
    "60 KB of blanks and a control character": request("GET", HEALTH, f"X:{' ' * 60_000}\x01"),
    "an address as of a proxy": request("GET", f"http://localhost{HEALTH}"),
    "an address that is none": request("GET", "//["),
    "a version that is none": head(f"GET {HEALTH} HTTP/x.y", "Host: localhost"),
    "no version": head(f"GET {HEALTH}", "Host: localhost"),
}


@pytest.fixture(scope="module")
def bucket(edge: Stack) -> Stack:
    edge.client("s3").create_bucket(Bucket="heads")
    return edge


@pytest.mark.parametrize("sent", BAD.values(), ids=BAD.keys())
def test_a_doubtful_head_is_refused_at_once_and_nothing_is_stored(bucket, sent):
    seen = exchange(bucket.url, sent)
    assert (seen.status, seen.is_closed) == (400, True)
    assert seen.answer.count(b"HTTP/1.1 ") == 1
    assert seen.seconds < 4  # the server waits for a sender up to 2 s
    assert bucket.keys("heads", "") == []


def test_what_follows_a_refused_request_is_not_taken_for_another(bucket):
    smuggled = request("PUT", "/heads/smuggled", "Content-Length: 0")
    two = request(
        "PUT",
        "/heads/key",
        f"Content-Length: {len(smuggled)}",
        "Transfer-Encoding: chunked",
        body=b"0\r\n\r\n" + smuggled,
    )
    assert exchange(bucket.url, two, cut=True).status == 400
    assert bucket.keys("heads", "") == []


@pytest.mark.parametrize(
    "headers",
    [
        [],
        ["Content-Length: 0"],
        ["Content-Length: 0", "Content-Length: 0"],
        [f"X-{number}: 1" for number in range(198)],
        ["X: " + "a" * 65_000],
        ["X: caf\xe9", "Y:", "Z:\t blanks \t"],
    ],
    ids=["none", "no body", "one length twice", "200 headers", "64 KB", "bytes and blanks"],
)
def test_a_head_within_the_limits_is_served(edge, headers):
    sent = request("GET", HEALTH, *headers, "Connection: close")
    seen = exchange(edge.url, sent)
    assert (seen.status, seen.is_closed) == (200, True)


def test_requests_one_behind_the_other_are_each_answered(bucket):
    put = request("PUT", "/heads/two", "Content-Length: 3", body=b"abc")
    chunked = request(
        "PUT",
        "/heads/two",
        "Transfer-Encoding: chunked",
        body=b"3;ext=1\r\nabc\r\n0\r\nX-Trailer: 1\r\n\r\n",
    )
    get = request("GET", "/heads/two", "Connection: Close")
    seen = exchange(bucket.url, put + chunked + get)
    assert seen.answer.count(b"HTTP/1.1 200 OK") == 3
    assert seen.answer.endswith(b"abc")
    bucket.client("s3").delete_object(Bucket="heads", Key="two")
