"""Reading bronze: what S3 answers, and what a run makes of it."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest
from botocore.exceptions import ClientError
from lakehouse import bronze

from tests.support.dictionary_s3 import NOON, DictionaryS3


def test_a_listing_has_every_page_without_folders_and_starts_by_the_clock_of_s3():
    keys = [f"events/{n}" for n in range(5)]
    found = bronze.list_objects(
        DictionaryS3({k: b"" for k in [*keys, "events/", "x"]}), "b", "events/"
    )
    assert [item.key for item in found.objects] == keys
    assert found.started == NOON


def test_an_empty_bucket_lists_nothing():
    assert bronze.list_objects(DictionaryS3({}), "b", "events/") == bronze.Listing(NOON, ())


class Bucket(BaseHTTPRequestHandler):
    """S3 with the objects `a b` and `c~/=`, one of which it gives at the second asking only."""

    protocol_version = "HTTP/1.1"
    objects: ClassVar = {"/bucket/a%20b": b"1", "/bucket/c~/%3D": b"3"}
    failing: ClassVar[set[str]] = set()

    def do_GET(self):
        assert self.headers["Authorization"].startswith("AWS4-HMAC-SHA256 Credential=a-key/")
        found = self.objects.get(self.path)
        if self.path in self.failing:
            self.failing.remove(self.path)
            self.answer(503, b"<Error><Code>SlowDown</Code></Error>")
        elif found is not None:
            self.answer(200, found)
        else:
            status, code = (403, "AccessDenied") if "secret" in self.path else (404, "NoSuchKey")
            self.answer(status, f"<Error><Code>{code}</Code></Error>".encode())

    def answer(self, status, content):
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        pass


@pytest.fixture
def bucket(monkeypatch):
    with ThreadingHTTPServer(("127.0.0.1", 0), Bucket) as server:
        threading.Thread(target=server.serve_forever).start()
        address = f"http://127.0.0.1:{server.server_address[1]}"
        for name, value in {
            "AWS_ENDPOINT_URL": address,
            "AWS_ACCESS_KEY_ID": "a-key",
            "AWS_SECRET_ACCESS_KEY": "a-secret",
            "AWS_DEFAULT_REGION": "us-east-1",
        }.items():
            monkeypatch.setenv(name, value)
        yield "bucket"
        server.shutdown()


def test_objects_are_read_under_any_key_and_one_that_vanished_has_no_bytes(bucket):
    assert list(bronze.read_objects(bucket, ["a b", "gone", "c~/="])) == [
        ("a b", b"1"),
        ("gone", None),
        ("c~/=", b"3"),
    ]


def test_an_object_that_is_not_given_at_once_is_asked_for_again(bucket, monkeypatch):
    monkeypatch.setattr(Bucket, "failing", {"/bucket/a%20b"})
    assert list(bronze.read_objects(bucket, ["a b"])) == [("a b", b"1")]


def test_any_other_failure_to_read_stops_the_run(bucket):
    with pytest.raises(ClientError, match="AccessDenied"):
        list(bronze.read_objects(bucket, ["a b", "secret"]))
