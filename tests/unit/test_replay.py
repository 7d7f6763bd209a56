"""A replay against a webhook of this test's own, on this machine."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from typer.testing import CliRunner

from lake.app import app
from services.calendly.replay import UnreachableError, replay, shuffled
from services.calendly.sender import Backoff, Sender, outcome_of
from services.calendly.signature import signature


class Webhook(BaseHTTPRequestHandler):
    """Answers each body by what it says, e.g. `503,503,stored`: one word for each attempt."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        with self.server.lock:
            attempt = self.server.attempts[body]
            self.server.attempts[body] += 1
            self.server.seen.append((body, dict(self.headers)))
        word = body.decode().split("#")[0].split(",")[attempt]
        answer = json.dumps({"message": word}).encode()
        self.send_response(int(word) if word.isdigit() else 200)
        if not word.isdigit():
            self.send_header("x-lakehouse-outcome", word)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        """Quiet."""


@pytest.fixture
def webhook():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Webhook)
    server.lock, server.attempts, server.seen = threading.Lock(), Counter(), []
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def sender(webhook):
    made = Sender(
        f"http://127.0.0.1:{webhook.server_port}/webhook",
        "a-key",
        connections=4,
        backoff=Backoff(attempts=3, first_seconds=0.001),
        clock=lambda: 1_700_000_000,
    )
    yield made
    made.close()


def test_each_delivery_is_counted_by_what_became_of_it(sender):
    bodies = [b"stored#1", b"stored#2", b"repeated", b"quarantined", b"401", b"503,stored"]
    bodies += [b"500,502,504", b"429,302,stored"]

    done = replay(bodies, sender, concurrency=4)

    assert (done.sent, done.accepted, done.repeated, done.quarantined) == (8, 4, 1, 1)
    assert (done.refused, done.failed, done.retries) == (1, 1, 1 + 2 + 2)
    assert not done.whole
    assert sorted(done.problems) == ['401: {"message": "401"}', '504: {"message": "504"}']


def test_deliveries_are_signed_and_look_like_calendlys(sender, webhook):
    replay([b"stored"], sender, concurrency=1)

    ((body, headers),) = webhook.seen
    assert headers["Calendly-Webhook-Signature"] == signature("a-key", body, 1_700_000_000)
    assert headers["Content-Type"] == "application/json"
    assert headers["User-Agent"] == "Calendly"


def test_without_a_key_there_is_no_signature_header(webhook):
    unsigned = Sender(f"http://127.0.0.1:{webhook.server_port}/", None)
    unsigned.send(b"stored")
    unsigned.close()

    assert "Calendly-Webhook-Signature" not in webhook.seen[0][1]


def test_one_at_a_time_keeps_the_order(sender, webhook):
    bodies = [f"stored#{n}".encode() for n in range(20)]

    replay(bodies, sender, concurrency=1)

    assert [body for body, _ in webhook.seen] == bodies


def test_a_rate_limits_the_deliveries_per_second(sender):
    began = time.monotonic()

    replay([f"stored#{n}".encode() for n in range(11)], sender, concurrency=4, rate=50)

    assert time.monotonic() - began >= 10 / 50


def test_back_off_doubles_up_to_its_longest_wait():
    backoff = Backoff(attempts=9, first_seconds=0.5, longest_seconds=3)

    assert [backoff.wait(attempt) for attempt in (1, 2, 3, 4, 5)] == [0.5, 1, 2, 3, 3]


def test_a_replay_that_nothing_answers_ends_early():
    waits = []
    nobody = Sender(
        "http://127.0.0.1:9/", None, backoff=Backoff(attempts=2), sleep=lambda s: waits.append(s)
    )

    with pytest.raises(UnreachableError, match="No delivery was answered"):
        replay([b"stored"] * 500, nobody, concurrency=1)
    assert waits == [0.5]


def test_a_shuffle_is_another_order_of_the_same_and_repeatable():
    items = list(range(100))

    assert sorted(shuffled(items, 1)) == items
    assert shuffled(items, 1) == shuffled(items, 1) != items


@pytest.mark.parametrize(
    ("status", "told", "text", "outcome"),
    [
        (200, None, '{"message": "Webhook quarantined"}', "quarantined"),
        (200, None, '{"message": "Webhook ingested successfully"}', "stored"),
        (204, None, "", "stored"),
        (200, "nonsense", "[]", "stored"),
        (413, None, "", "refused"),
    ],
)
def test_a_webhook_that_tells_no_outcome_is_believed_by_its_message(status, told, text, outcome):
    assert outcome_of(status, told, text) == outcome


def test_send_exits_with_1_where_the_webhook_refuses(webhook, tmp_path):
    file = tmp_path / "body.json"
    url = f"http://127.0.0.1:{webhook.server_port}/webhook"
    file.write_text("stored")
    taken = CliRunner().invoke(app, ["send", str(file), "--url", url, "--unsigned", "--json"])
    file.write_text("401")
    refused = CliRunner().invoke(app, ["send", str(file), "--url", url, "--unsigned"])

    assert taken.exit_code == 0, taken.output
    assert json.loads(taken.stdout)["outcome"] == "stored"
    assert (refused.exit_code, refused.stdout) == (1, 'refused (401): {"message": "401"}\n')
