"""Who the Spark service takes a job from: the edge, by the token that both have."""

from __future__ import annotations

import http.client
import json
import stat
import uuid
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from tests.support.modes import open_to_others
from tests.support.spark_service import Service, until

JSON = "application/json"


@pytest.fixture
def local_job(service: Service, tmp_path) -> dict[str, str]:
    """A run whose script is a file of this machine and leaves a mark: what an attack would send."""
    script = tmp_path / "job.py"
    script.write_text(f"open({str(tmp_path / 'ran')!r}, 'w').close()")
    return {"run_id": uuid.uuid4().hex, "entry_point": str(script)}


def send(service: Service, body: Any, **headers: str | None) -> int:
    """The status of a POST to /runs with these headers; the token is only there where named."""
    named = {name.replace("_", "-"): value for name, value in headers.items() if value}
    connection = http.client.HTTPConnection(urlsplit(service.url).netloc, timeout=30)
    connection.request("POST", "/runs", json.dumps(body), named)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status


def bearer(service: Service) -> str:
    return f"Bearer {(service.folder / 'spark.token').read_text()}"


def test_a_page_s_job_is_refused_whatever_it_calls_itself(service, local_job, tmp_path):
    before = service.http.get(f"{service.url}/runs", timeout=30).json()["runs"]
    right = {"Authorization": bearer(service), "Content_Type": JSON}
    refused = {
        # What a page sends without asking first, and what it could if it knew the token.
        403: [
            {"Content_Type": "text/plain", "Origin": "http://evil.example"},
            {"Content_Type": "text/plain", "Origin": "null"},
            {**right, "Origin": "http://evil.example"},
            {**right, "Sec_Fetch_Site": "cross-site"},
            {**right, "Sec_Fetch_Site": "same-site"},
            {**right, "Host": "evil.example"},
            {**right, "Host": "127.0.0.1.evil.example:4570"},
        ],
        # What any process of this machine, or another container, sends.
        401: [
            {"Content_Type": JSON},
            {"Content_Type": JSON, "Authorization": "Bearer "},
            {"Content_Type": JSON, "Authorization": "Bearer w\xf6rong"},
            {"Content_Type": JSON, "Authorization": bearer(service)[:-1]},
            {"Content_Type": JSON, "Authorization": bearer(service).removeprefix("Bearer ")},
            {"Content_Type": JSON, "Cookie": bearer(service)},
        ],
        415: [
            {**right, "Content_Type": "text/plain"},
            {**right, "Content_Type": "application/x-www-form-urlencoded"},
            {**right, "Content_Type": None},
        ],
    }
    for status, requests_of_it in refused.items():
        for headers in requests_of_it:
            assert (headers, send(service, local_job, **headers)) == (headers, status)
    assert service.http.get(f"{service.url}/runs", timeout=30).json()["runs"] == before
    assert not (tmp_path / "ran").exists()


def test_who_holds_the_token_runs_a_script_of_this_machine(service, local_job, tmp_path):
    assert send(service, local_job, Authorization=bearer(service), Content_Type=JSON) == 201
    until((tmp_path / "ran").exists, 120)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/runs"),
        ("GET", "/runs/any"),
        ("GET", "/runs/any/ui"),
        ("GET", "/runs/any/logs/stdout"),
        ("POST", "/runs/any/cancel"),
        ("GET", "/none"),
        ("GET", "/health/../runs"),
    ],
)
def test_nothing_but_its_health_is_told_without_the_token(service, method, path):
    assert requests.request(method, service.url + path, timeout=30).status_code == 401
    assert requests.get(f"{service.url}/health", timeout=30).status_code == 200


def test_its_health_is_not_told_to_a_page_elsewhere(service):
    for headers in ({"Host": "evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}):
        answer = requests.get(f"{service.url}/health", headers=headers, timeout=30)
        assert answer.status_code == 403


def test_the_token_and_the_files_of_runs_are_their_user_s_alone(service, local_job):
    assert send(service, local_job, Authorization=bearer(service), Content_Type=JSON) == 201
    service.until(local_job["run_id"], "SUCCEEDED")
    assert len((service.folder / "spark.token").read_text()) >= 32
    assert stat.S_IMODE((service.folder / "spark.token").stat().st_mode) == 0o600
    # Spark opens the log of a driver that is being started to its group, for the moment that takes.
    until(lambda: open_to_others(service.folder / "spark") == [], 60)
