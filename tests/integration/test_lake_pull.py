"""`lake pull` from an account that a profile leads to: read only, with pseudonyms."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from lake.account_bronze import AccountBronze, NotReadOnlyError
from lake.settings import ROOT
from tests.support.console_lake import ConsoleLake
from tests.support.process_stack import LAKE

BUCKET, ACCOUNT = "acme-bronze-bucket", "123456789012"
SPEND = b'[{"date": "2026-01-16", "channel": "facebook_paid_ads", "spend": 1.5}]'


def delivery(email: str) -> bytes:
    data = {"event": "invitee.created", "payload": {"email": email, "name": "Ana Silva"}}
    return json.dumps({"ingestion_time": "2026-01-16T09:00:00.000000", "data": data}).encode()


OBJECTS = {
    "events/event_date=2026-01-14/a.json": delivery("old@example.com"),
    "events/event_date=2026-01-15/b.json": delivery("guest@example.com"),
    "events/event_date=2026-01-16/c.json": delivery("GUEST@example.com"),
    "events/event_date=2026-01-16/d.json": b"no json of guest@example.com",
    "events/event_date=2999-01-01/e.json": delivery("late@example.com"),
    "events/event_date=unknown/f.json": delivery("undated@example.com"),
    "quarantine/g": b"raw of guest@example.com",
    "marketing/spend_date=2026-01-16.json": SPEND,
}


@pytest.fixture(scope="module")
def account(processes, tmp_path_factory) -> dict[str, str]:
    """The variables with which the profile `work` leads to it: another account of the endpoint."""
    url = processes.url.replace("127.0.0.1", "localhost")
    folder = tmp_path_factory.mktemp("aws")
    s3 = processes.client("s3", account=ACCOUNT)
    s3.create_bucket(Bucket=BUCKET)
    for key, body in OBJECTS.items():
        s3.put_object(Bucket=BUCKET, Key=key, Body=body)
    return profile(folder, "work", url)


def profile(folder: Path, name: str, url: str) -> dict[str, str]:
    (folder / "config").write_text(
        f"[profile {name}]\nregion = us-east-1\nendpoint_url = {url}\n"
        "s3 =\n  addressing_style = path\n"
    )
    (folder / "credentials").write_text(
        f"[{name}]\naws_access_key_id = {ACCOUNT}\naws_secret_access_key = b\n"
    )
    return {
        "AWS_CONFIG_FILE": str(folder / "config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(folder / "credentials"),
    }


@pytest.fixture(scope="module")
def lake(processes, account) -> ConsoleLake:
    made = ConsoleLake(processes, "pulled")
    # As a shell is set up for a local stack: the profile leads to the account all the same.
    made.environment |= {**account, "AWS_ENDPOINT_URL": "http://127.0.0.1:9"}
    return made


def stored(lake: ConsoleLake) -> dict[str, Any]:
    bucket = lake.names.bronze_bucket
    found = lake.s3.list_objects_v2(Bucket=bucket).get("Contents", [])
    return {
        one["Key"]: lake.s3.get_object(Bucket=bucket, Key=one["Key"])["Body"].read()
        for one in found
    }


def test_the_latest_days_come_with_pseudonyms_that_join_and_a_second_pull_adds_nothing(lake):
    command = ("pull", f"s3://{BUCKET}", "--days", "2", "--profile", "work")
    assert lake.document(*command) == {
        "days": ["2026-01-15", "2026-01-16"],
        "deliveries": 2,
        "there": 0,
        "unreadable": 1,
        "spend_files": 1,
    }
    found = stored(lake)
    assert sorted(found) == [
        "events/event_date=2026-01-15/b.json",
        "events/event_date=2026-01-16/c.json",
        "marketing/spend_date=2026-01-16.json",
    ]
    assert found["marketing/spend_date=2026-01-16.json"] == SPEND
    bodies = [json.loads(body)["data"]["payload"] for key, body in found.items() if "events" in key]
    assert bodies[0] == bodies[1]
    assert b"Ana" not in b"".join(found.values())
    again = lake.document(*command)
    assert (again["deliveries"], again["there"]) == (0, 2)
    assert stored(lake) == found


def test_what_leads_nowhere_is_refused_with_the_cure(lake):
    pull = ("pull", f"s3://{BUCKET}")
    assert "list-profiles" in lake.refused(*pull, "--profile", "none")
    assert "s3:ListBucket" in lake.refused("pull", "s3://not-there", "--profile", "work")
    assert "Expected s3://BUCKET" in lake.refused("pull", f"s3://{BUCKET}/events")


def test_the_account_is_never_written_to(lake, monkeypatch):
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, lake.environment[name])
    bronze = AccountBronze(BUCKET, "work")
    with pytest.raises(NotReadOnlyError, match="PutObject is no read"):
        bronze._s3.put_object(Bucket=BUCKET, Key="k", Body=b"")


LISTED = """<ListBucketResult><IsTruncated>false</IsTruncated>{}</ListBucketResult>"""
DAY = "events/event_date=2026-01-16/"


@pytest.fixture
def standing_still(tmp_path) -> Iterator[tuple[dict[str, str], threading.Event]]:
    """An account that lists two objects and never answers for one; whether it was asked."""
    asked, over = threading.Event(), threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if "list-type" not in self.path:
                asked.set()
                over.wait(60)
                return
            days = f"<CommonPrefixes><Prefix>{DAY}</Prefix></CommonPrefixes>"
            keys = "".join(f"<Contents><Key>{DAY}{n}.json</Key></Contents>" for n in "ab")
            body = LISTED.format(days if "delimiter" in self.path else keys).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    url = f"http://localhost:{server.server_port}"
    yield profile(tmp_path, "still", url), asked
    over.set()
    server.shutdown()
    thread.join()
    server.server_close()


def test_ctrl_c_ends_it_at_once_and_leaves_nothing_half_written(lake, standing_still):
    variables, asked = standing_still
    before = stored(lake)
    command = subprocess.Popen(
        [LAKE, "pull", "s3://anything", "--profile", "still"],
        env={**os.environ, **lake.environment, **variables},
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert asked.wait(60)
    command.send_signal(signal.SIGINT)
    _, said = command.communicate(timeout=20)
    assert command.returncode == 130, said
    assert "Interrupted: 0 were copied. Repeat it to go on" in said
    assert stored(lake) == before
    assert not list(lake.stack.folder.glob("*.part"))
    with pytest.raises(ProcessLookupError):
        os.killpg(command.pid, 0)
