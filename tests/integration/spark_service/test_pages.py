"""Spark's pages behind the service's one port: live, then the history; for reading only."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

import psutil
import requests

from tests.support.spark_service import Service, until

SCRIPT = """
import boto3, time
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
spark.sparkContext.setJobDescription("counted for the page")
spark.range(10).count()
print("counted", flush=True)
objects = boto3.client("s3").list_objects_v2
while not objects(Bucket="code", Prefix="pages-go-on")["KeyCount"]:
    time.sleep(0.2)
"""


def test_the_pages_of_a_run_are_read_at_the_services_port_from_its_start_to_after_its_end(
    service: Service,
) -> None:
    # The setting brings back the links that end a job.
    run_id = service.submit(SCRIPT, conf={"spark.ui.killEnabled": "true"})
    service.until(run_id, "RUNNING")

    url = service.ui(run_id)  # asked for before there is a session: the answer waits for it

    assert url == f"{service.url}/pages/runs/{run_id}/jobs/"
    until(lambda: "counted for the page" in requests.get(url, timeout=30).text, 60)
    assert_links_work(url, below=f"/pages/runs/{run_id}/")
    for kill in ("kill/?id=0", "kill?id=0", "kill;a=b/?id=0", "%6bill/?id=0", "kill/more?id=0"):
        assert is_refused(f"{service.url}/pages/runs/{run_id}/jobs/job/{kill}"), kill
    # Encoded twice it is another name, and no link that ends the job: that answers with a redirect.
    twice = requests.get(f"{service.url}/pages/runs/{run_id}/jobs/job/%256bill/?id=0", timeout=30)
    assert not twice.history
    assert_only_a_link_leads_there(url)
    assert requests.post(url, timeout=30).status_code == 401
    assert own_port_is_the_only_one_published(service)

    service.put("pages-go-on", b"")
    service.until(run_id, "SUCCEEDED")
    ended = requests.get(url, timeout=300)  # it starts the history server, and waits for it
    assert ended.url.startswith(f"{service.url}/pages/history/history/")
    assert service.ui(run_id) == ended.url
    assert "counted for the page" in ended.text
    assert_links_work(ended.url, below="/pages/history/")


def assert_links_work(url: str, below: str) -> None:
    """Each link and file of the page is at the service's port, below the path, and answers."""
    text = requests.get(url, timeout=30).text
    links = {urljoin(url, found) for found in re.findall(r'(?:href|src)="(/[^"]+)"', text)}
    assert len(links) > 5
    for link in links:
        assert urlsplit(link).path.startswith(below), link
        if "/api/v1/" not in link and "/kill/" not in link:
            assert requests.get(link, timeout=30).status_code == 200, link


def assert_only_a_link_leads_there(url: str) -> None:
    """A page elsewhere may lead the user's browser there, but show and read nothing of it."""
    link = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    opened = requests.get(url, headers={**link, "Sec-Fetch-Dest": "document"}, timeout=30)
    assert opened.status_code == 200
    assert opened.headers["Content-Security-Policy"] == "frame-ancestors 'none'"
    assert opened.headers["X-Frame-Options"] == "DENY"
    framed = requests.get(url, headers={**link, "Sec-Fetch-Dest": "iframe"}, timeout=30)
    assert framed.status_code == 403
    to_runs = f"{url.partition('/pages/')[0]}/runs"
    headers = {**link, "Sec-Fetch-Dest": "document"}
    assert requests.get(to_runs, headers=headers, timeout=30).status_code == 403


def is_refused(url: str) -> bool:
    answer = requests.get(url, timeout=30)
    return answer.status_code == 403 and "read-only" in answer.text


def own_port_is_the_only_one_published(service: Service) -> bool:
    """What listens to other machines, or at 4040 and after, would be in someone's way."""
    ports = {
        connection.laddr.port
        for process in psutil.Process(service.process.pid).children(recursive=True)
        for connection in process.net_connections("tcp")
        if connection.status == psutil.CONN_LISTEN
    }
    return bool(ports) and not ports & set(range(4040, 4056))


def test_pages_that_are_not_there_are_told(service: Service) -> None:
    answer = requests.get(f"{service.url}/pages/runs/none/jobs/", timeout=30)
    assert answer.status_code == 404
    assert "Run none has no Spark application" in answer.text
