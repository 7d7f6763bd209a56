"""Copying the source to bronze, from a small HTTP server to a bucket in memory."""

from __future__ import annotations

import hashlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from lakehouse.marketing_source import (
    SourceIndexError,
    SourceUnreachableError,
    copy_to_bronze,
    fetched,
    spend_dates,
)


class Bucket:
    """The two S3 calls that the copy makes, over a dictionary; `puts` lists the written keys."""

    def __init__(self):
        self.objects, self.puts = {}, []

    def put_object(self, *, Bucket, Key, Body, ContentType):
        self.objects[Key] = Body
        self.puts.append(Key)

    def get_paginator(self, operation):
        assert operation == "list_objects_v2"
        return self

    def paginate(self, *, Bucket, Prefix):
        found = [
            {"Key": key, "ETag": f'"{hashlib.md5(body).hexdigest()}"'}
            for key, body in self.objects.items()
            if key.startswith(Prefix)
        ]
        return [{"Contents": found[:1]}, {"Contents": found[1:]}]


@pytest.fixture
def source():
    """A server's address and the dictionary of what it serves: bytes, or statuses to answer."""
    served = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            answer = served.get(self.path, 404)
            if isinstance(answer, list):
                answer = answer.pop(0)
            body = answer if isinstance(answer, bytes) else b"error"
            self.send_response(200 if isinstance(answer, bytes) else answer)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", served
    server.shutdown()
    thread.join()
    server.server_close()


def index_of(*dates):
    return json.dumps({"files": [f"spend_data_{day}.json" for day in dates]}).encode()


def test_exactly_the_listed_files_and_the_index_are_copied_as_they_are(source):
    url, served = source
    index = index_of("2026-01-15", "2026-01-14", "2026-01-13")
    served["/file_index.json"] = index
    served["/spend_data_2026-01-14.json"] = b"[ 1]"
    served["/spend_data_2026-01-15.json"] = b"<not json>"
    served["/spend_data_2026-01-16.json"] = b"[]"
    bucket = Bucket()
    assert copy_to_bronze(bucket, url, "bronze") == {
        "listed": 3,
        "written": 2,
        "unchanged": 0,
        "missing": ["spend_data_2026-01-13.json"],
    }
    assert bucket.objects == {
        "marketing/spend_date=2026-01-14.json": b"[ 1]",
        "marketing/spend_date=2026-01-15.json": b"<not json>",
        "marketing/file_index.json": index,
    }


def test_only_what_differs_is_written_again_and_days_that_left_the_source_stay(source):
    url, served = source
    served["/file_index.json"] = index_of("2026-01-14", "2026-01-15")
    served["/spend_data_2026-01-14.json"] = served["/spend_data_2026-01-15.json"] = b"[]"
    bucket = Bucket()
    bucket.objects["marketing/spend_date=2025-12-01.json"] = b"[0]"
    copy_to_bronze(bucket, url, "bronze")
    bucket.puts.clear()
    assert copy_to_bronze(bucket, url, "bronze")["unchanged"] == 2
    assert bucket.puts == []
    served["/spend_data_2026-01-15.json"] = b"[2]"
    assert copy_to_bronze(bucket, url, "bronze")["written"] == 1
    assert bucket.puts == ["marketing/spend_date=2026-01-15.json"]
    assert bucket.objects["marketing/spend_date=2025-12-01.json"] == b"[0]"


@pytest.mark.parametrize(
    ("index", "found"),
    [
        (b"<html>", "text that is not JSON"),
        (b"\xff", "text that is not JSON"),
        (b"[" * 100_000, "text that is not JSON"),
        (b"[]", "no list `files`"),
        (b'{"files": "spend_data_2026-01-15.json"}', "no list `files`"),
        (b'{"files": ["spend_data_2026-01-15.csv"]}', "spend_data_2026-01-15.csv"),
        (b'{"files": ["spend_data_2026-02-30.json"]}', "spend_data_2026-02-30.json"),
        (b'{"files": ["../spend_data_2026-01-15.json"]}', "../spend_data"),
        (b'{"files": [7]}', "the file name 7"),
    ],
)
def test_an_unreadable_index_is_refused_and_says_what_was_found(index, found):
    with pytest.raises(SourceIndexError, match="Expected file_index.json to be") as error:
        spend_dates(index)
    assert found in str(error.value)


def test_a_date_that_is_listed_twice_is_fetched_once():
    assert spend_dates(index_of("2026-01-15", "2026-01-14", "2026-01-15")) == [
        "2026-01-14",
        "2026-01-15",
    ]


def test_a_missing_index_fails_the_run_and_writes_nothing(source):
    bucket = Bucket()
    with pytest.raises(SourceUnreachableError, match="found nothing there"):
        copy_to_bronze(bucket, source[0], "bronze")
    assert bucket.puts == []


def test_a_server_error_is_tried_again(source):
    url, served = source
    served["/a"] = [503, 500, b"here"]
    assert fetched(f"{url}/a", waits=(0, 0)) == b"here"


def test_a_lasting_failure_names_every_cause(source):
    url, served = source
    served["/a"] = 503
    with pytest.raises(SourceUnreachableError, match="found HTTP 503; HTTP 503:"):
        fetched(f"{url}/a", waits=(0,))


def test_a_source_that_does_not_listen_is_unreachable(source, unused_port):
    with pytest.raises(SourceUnreachableError, match="refused.*check that the source is up"):
        fetched(f"http://127.0.0.1:{unused_port}/a", waits=())


@pytest.fixture
def unused_port():
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    port = server.server_port
    server.server_close()
    return port
