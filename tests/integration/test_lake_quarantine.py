"""`lake quarantine`: what is in it, masked; what is sent again, signed; what never can be."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pyarrow as pa
import pytest

from tests.support.console_lake import ConsoleLake

KEY = "signing-key-of-the-tests"
GOOD = b'{"event": "invitee.created", "payload": {"email": "guest@example.com"}}'


@pytest.fixture(scope="module")
def lake(processes) -> ConsoleLake:
    made = ConsoleLake(processes, "quarantined")
    secrets = processes.client("secretsmanager")
    secrets.create_secret(Name=made.names.signing_keys_secret, SecretString=f"{KEY},older")
    bodies = {"0aaa": b"\xff\xfe", "1bbb": b'["a list"]', "2ccc": GOOD, "4eee": b'{"a": '}
    for name, body in bodies.items():
        made.s3.put_object(Bucket=made.names.bronze_bucket, Key=f"quarantine/{name}", Body=body)
    key = "events/event_date=2026-01-16/3ddd.json"
    made.s3.put_object(Bucket=made.names.bronze_bucket, Key=key, Body=b'{"data": {}}')
    reasons = pa.array([["missing_invitee_id"]], pa.list_(pa.string()))
    rows = {"bronze_key": [key], "reasons": reasons, "raw": ["{}"], "run": ["r"]}
    made.write("rejected_events", pa.table(rows))
    return made


@pytest.fixture
def webhook() -> Iterator[tuple[str, list[tuple[bytes, str]]]]:
    """An address that takes deliveries as the webhook does, and what it was sent."""
    taken: list[tuple[bytes, str]] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            taken.append((body, self.headers["Calendly-Webhook-Signature"]))
            answer = json.dumps({"message": "taken", "s3_key": "events/new.json"}).encode()
            self.send_response(200)
            self.send_header("x-lakehouse-outcome", "stored")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/webhook", taken
    server.shutdown()
    thread.join()
    server.server_close()


def test_each_delivery_is_listed_with_the_reason(lake):
    told = {one["key"].rpartition("/")[2]: one for one in lake.document("quarantine", "list")}
    assert told["0aaa"]["reasons"] == ["it is not UTF-8, from byte 0"]
    assert told["1bbb"]["reasons"] == ["Expected a JSON object, found list"]
    assert told["4eee"]["reasons"] == ["it is no JSON: Expecting value at character 6"]
    assert told["2ccc"]["reasons"] == ["it is a JSON object today"]
    assert told["3ddd.json"] == {
        "kind": "rejected",
        "key": "events/event_date=2026-01-16/3ddd.json",
        "reasons": ["missing_invitee_id"],
    }


def test_a_body_is_shown_masked_and_found_by_the_beginning_of_its_name(lake):
    told = lake.printed("quarantine", "show", "2c")
    assert "quarantine/2ccc" in told
    assert '"invitee.created"' in told
    assert "guest@example.com" not in told
    assert "Expected one delivery, found none" not in told
    assert "found none called 9" in lake.refused("quarantine", "show", "9")


def test_a_delivery_that_was_deleted_from_bronze_is_named_and_no_other_is_sent(lake, webhook):
    key = "events/event_date=2026-01-16/3ddd.json"
    body = lake.s3.get_object(Bucket=lake.names.bronze_bucket, Key=key)["Body"].read()
    lake.s3.delete_object(Bucket=lake.names.bronze_bucket, Key=key)
    told = (
        f"Expected the delivery {key} in quarantined-bronze-bucket, found none: it was deleted"
        " after silver had rejected it"
    )
    try:
        for command in (("show", "3ddd"), ("retry", "3ddd", "--url", webhook[0])):
            assert told in lake.refused("quarantine", *command)
    finally:
        lake.s3.put_object(Bucket=lake.names.bronze_bucket, Key=key, Body=body)
    assert webhook[1] == []


def test_a_body_that_may_succeed_is_sent_again_with_a_true_signature(lake, webhook):
    url, taken = webhook
    sent = lake.document("quarantine", "retry", "2ccc", "--url", url)
    assert sent == [{"key": "quarantine/2ccc", "outcome": "stored", "told": "events/new.json"}]
    [(body, header)] = taken
    assert body == GOOD
    parts = dict(part.split("=") for part in header.split(","))
    signed = f"{parts['t']}.".encode() + GOOD
    assert parts["v1"] == hmac.new(KEY.encode(), signed, hashlib.sha256).hexdigest()


def test_what_can_never_succeed_is_not_sent_and_the_reason_is_told(lake, webhook):
    url, taken = webhook
    done = lake.run("quarantine", "retry", "--all", "--url", url, "--json")
    assert done.returncode == 1
    told = {one["key"].rpartition("/")[2]: one for one in json.loads(done.stdout)}
    assert [body for body, _ in taken] == [GOOD]
    assert told["1bbb"]["outcome"] == "not sent"
    assert told["1bbb"]["told"] == (
        "Expected a JSON object, found list: the webhook would quarantine it again"
    )
    rejected = told["3ddd.json"]["told"]
    assert rejected.startswith("The payload has no URI, so nobody knows whose booking it is. ")
    assert "A body that comes again keeps its object" in rejected
    assert "Expected KEYS, or --all" in lake.refused("quarantine", "retry")
