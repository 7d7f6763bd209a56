"""A page of a foreign origin in the user's browser, and the stack on the same machine."""

from __future__ import annotations

import json
import os
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import boto3
import pytest
import requests
from playwright.sync_api import Page, expect

from tests.browser.conftest import running
from tests.support import foreign_page
from tests.support.foreign_page import DOMAIN, Attacker
from tests.support.stack import free_port

FETCH = """async ([url, options]) => {
    try { const answer = await fetch(url, options); return await answer.text() }
    catch (error) { return 'no answer' }
}"""
FORM = """async ([url, fields]) => {
    const frame = document.createElement('iframe')
    frame.name = 'sink'
    document.body.replaceChildren(frame)
    const form = document.body.appendChild(document.createElement('form'))
    Object.assign(form, {action: url, method: 'post', enctype: 'multipart/form-data'})
    form.target = 'sink'
    for (const [name, value] of Object.entries(fields)) {
        const field = form.appendChild(document.createElement('input'))
        Object.assign(field, {type: 'hidden', name, value})
    }
    const sent = new Promise(done => { frame.onload = done })
    form.submit()
    await sent
}"""
IMAGE = """url => new Promise(done => {
    const image = document.body.appendChild(new Image())
    image.onload = image.onerror = done
    image.referrerPolicy = 'no-referrer'
    image.src = url
})"""
SOCKET = """url => new Promise(done => {
    const socket = new WebSocket(url, ['streamlit'])
    socket.onopen = () => done('open')
    socket.onerror = () => done('refused')
})"""


@pytest.fixture(scope="module")
def foreign() -> Iterator[str]:
    with foreign_page.served() as url:
        yield url


@pytest.fixture
def attacker(page: Page, foreign: str) -> Attacker:
    return Attacker(page, foreign)


@pytest.fixture(scope="module")
def spark(tmp_path_factory) -> Iterator[tuple[str, Path]]:
    """The Spark service's address and folder; no job gets so far that it needs an endpoint."""
    folder, port = tmp_path_factory.mktemp("spark"), free_port()
    variables = {
        "LAKE_DIR": str(folder),
        "SPARK_PORT": str(port),
        "SPARK_WARM_DRIVERS": "0",
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "services.spark"]
    with running(command, variables, folder / "service.log", f"{url}/health"):
        yield url, folder


@pytest.fixture
def bucket(edge_url: str) -> Iterator[str]:
    """Of one object, open to pages of all origins by its own rules."""
    s3, name = client(edge_url, "s3"), f"b{uuid.uuid4().hex}"
    s3.create_bucket(Bucket=name)
    s3.put_object(Bucket=name, Key="kept", Body=b"a secret", ContentType="text/html")
    methods = ["GET", "PUT", "POST", "DELETE"]
    rule = {"AllowedOrigins": ["*"], "AllowedMethods": methods, "AllowedHeaders": ["*"]}
    s3.put_bucket_cors(Bucket=name, CORSConfiguration={"CORSRules": [rule]})
    yield name
    s3.delete_object(Bucket=name, Key="kept")
    s3.delete_bucket(Bucket=name)


def client(url: str, service: str):
    return boto3.client(
        service,
        endpoint_url=url,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )


def named(url: str, name: str) -> str:
    return url.replace("127.0.0.1", name)


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", DOMAIN])
def test_a_page_runs_no_code_by_the_spark_service(attacker, spark, tmp_path, name):
    url, folder = spark
    script = tmp_path / "job.py"
    script.write_text(f"open({str(tmp_path / 'ran')!r}, 'w').close()")
    run = json.dumps({"run_id": uuid.uuid4().hex, "entry_point": str(script)})
    options = {"method": "POST", "mode": "no-cors", "body": run}
    attacker.run(FETCH, [f"{named(url, name)}/runs", options])
    attacker.run(FETCH, [f"{named(url, name)}/runs", {**options, "credentials": "include"}])
    assert attacker.answered(2) == [("POST", 403)] * 2
    token = (folder / "spark.token").read_text()
    known = requests.get(f"{url}/runs", headers={"Authorization": f"Bearer {token}"}, timeout=30)
    assert known.json() == {"runs": []}
    assert not (tmp_path / "ran").exists()


def test_a_page_changes_no_bucket_whatever_the_bucket_allows(attacker, edge_url, bucket):
    s3 = client(edge_url, "s3")
    form = s3.generate_presigned_post(bucket, "posted")
    put = s3.generate_presigned_url("put_object", Params={"Bucket": bucket, "Key": "put"})
    delete = "<Delete><Object><Key>kept</Key></Object></Delete>"
    attacker.run(FORM, [form["url"], {**form["fields"], "file": "x"}])
    attacker.run(FORM, [f"{edge_url}/{bucket}", {"key": "kept", "file": "x"}])
    sent = {"method": "POST", "mode": "no-cors", "body": delete}
    attacker.run(FETCH, [f"{edge_url}/{bucket}?delete", sent])
    attacker.run(FETCH, [put, {"method": "PUT", "body": "x"}])
    attacker.run(FETCH, [f"{edge_url}/{bucket}/kept", {"method": "DELETE"}])
    read = attacker.run(FETCH, [f"{edge_url}/{bucket}/kept", {}])
    assert read == "no answer"
    assert attacker.answered(3) == [("POST", 403)] * 3
    listed = s3.list_objects_v2(Bucket=bucket)["Contents"]
    assert [entry["Key"] for entry in listed] == ["kept"]
    assert s3.get_object(Bucket=bucket, Key="kept")["Body"].read() == b"a secret"


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "localhost.localstack.cloud"])
def test_an_image_makes_no_stack_and_no_repository(attacker, edge_url, name):
    """To the last name, which is no loopback to Chromium, it sends nothing that tells of a page."""
    template = json.dumps({"Resources": {"Bucket": {"Type": "AWS::S3::Bucket"}}})
    query = urlencode({"Action": "CreateStack", "StackName": "image", "TemplateBody": template})
    attacker.run(IMAGE, f"{named(edge_url, name)}/?{query}")
    asked = "info/refs?service=git-receive-pack"
    attacker.run(IMAGE, f"{named(edge_url, name)}/_git/image/any.git/{asked}")
    attacker.page.wait_for_timeout(500)
    assert [url.partition("?")[0] for url in attacker.asked] == [
        f"{named(edge_url, name)}/",
        f"{named(edge_url, name)}/_git/image/any.git/info/refs",
    ]
    stacks = client(edge_url, "cloudformation").describe_stacks()["Stacks"]
    assert "image" not in [stack["StackName"] for stack in stacks]
    refs = f"{edge_url}/_git/image/any.git/info/refs?service=git-upload-pack"
    assert requests.get(refs, timeout=30).status_code == 404


def test_a_page_stops_no_endpoint(attacker, edge_url):
    kill = {"method": "POST", "mode": "no-cors", "body": '{"action": "kill"}'}
    attacker.run(FETCH, [f"{edge_url}/_localstack/health", kill])
    assert attacker.answered(1) == [("POST", 403)]
    assert requests.get(f"{edge_url}/_localstack/health", timeout=30).ok


def test_a_name_that_is_led_to_this_machine_reads_nothing(page, edge_url, dashboard, spark, bucket):
    """DNS rebinding: for the browser, page and port are of one origin."""
    for url in (f"{edge_url}/{bucket}/kept", f"{spark[0]}/health", dashboard):
        answer = page.goto(named(url, DOMAIN))
        assert answer.status == 403
        assert "is none of this stack's names" in answer.text()
        assert "a secret" not in answer.text()
    assert page.evaluate(FETCH, ["/_stcore/host-config", {}]).startswith("The host 'evil.example")
    socket = f"ws://{DOMAIN}:{dashboard.rpartition(':')[2]}/_stcore/stream"
    assert page.evaluate(SOCKET, socket) == "refused"


def test_a_page_does_not_reach_the_dashboard_s_socket_nor_frames_it(attacker, dashboard):
    for name in ("127.0.0.1", "localhost"):
        socket = named(dashboard, name).replace("http:", "ws:") + "/_stcore/stream"
        assert attacker.run(SOCKET, socket) == "refused"
    framing = "url => { document.body.innerHTML = `<iframe src=${url}></iframe>` }"
    with attacker.page.expect_response(lambda got: got.url.startswith(dashboard)) as framed:
        attacker.run(framing, dashboard)
    assert framed.value.status == 403


def test_the_dashboard_s_own_page_is_served_by_each_of_its_names(page, dashboard, filled):
    for name in ("127.0.0.1", "localhost"):
        page.goto(named(dashboard, name))
        expect(page.locator(".as-of")).to_contain_text("Data as of", timeout=60_000)


def test_a_page_of_the_endpoint_itself_reads_and_writes(page, edge_url, bucket):
    assert page.goto(f"{edge_url}/{bucket}/kept").status == 200
    assert page.evaluate(FETCH, ["kept", {}]) == "a secret"
    page.evaluate(FETCH, ["kept", {"method": "PUT", "body": "by its own page"}])
    stored = client(edge_url, "s3").get_object(Bucket=bucket, Key="kept")
    assert stored["Body"].read() == b"by its own page"


def test_a_link_leads_to_the_pages_of_spark_that_a_frame_does_not_show(attacker, spark):
    url = f"{spark[0]}/pages/history/"
    framing = "url => { document.body.innerHTML = `<iframe src=${url}></iframe>` }"
    with attacker.page.expect_response(lambda got: got.url == url) as framed:
        attacker.run(framing, url)
    assert framed.value.status == 403
    attacker.run("url => { document.body.innerHTML = `<a href=${url}>Spark</a>` }", url)
    attacker.page.get_by_text("Spark").click(no_wait_after=True)
    # Its first page starts Spark's history server.
    expect(attacker.page).to_have_title("History Server", timeout=120_000)
    styled = "[...document.styleSheets].map(sheet => sheet.cssRules.length > 0)"
    assert set(attacker.page.evaluate(styled)) == {True}
