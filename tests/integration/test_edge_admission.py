"""What the endpoint takes of a browser on this machine, and that clients notice nothing of it."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import uuid
from typing import Any
from urllib.parse import urlencode, urlsplit

import boto3
import pytest
import requests
from botocore.config import Config
from botocore.exceptions import ClientError

from tests.support import aws_cli
from tests.support.git_client import WorkTree
from tests.support.modes import open_to_others
from tests.support.stack import Stack

FOREIGN = "http://evil.example"
TEMPLATE = {"Resources": {"Bucket": {"Type": "AWS::S3::Bucket"}}}


@pytest.fixture
def bucket(edge: Stack) -> str:
    name = f"b{uuid.uuid4().hex}"
    edge.client("s3").create_bucket(Bucket=name)
    edge.client("s3").put_object(Bucket=name, Key="kept", Body=b"as it was")
    return name


def ask(edge: Stack, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple:
    """Status and body, with a Host header as the test has it."""
    connection = http.client.HTTPConnection(urlsplit(edge.url).netloc, timeout=30)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, body, named)
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer.status, content


def s3_named(edge: Stack, domain: str, style: str) -> tuple:
    """A client of the edge by another name, as a name server would have it; the hosts it names."""
    client = boto3.client(
        "s3",
        endpoint_url=f"http://{domain}:{urlsplit(edge.url).port}",
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(s3={"addressing_style": style}),
    )
    hosts: list[str] = []

    def resolve(request: Any, **_: Any) -> None:
        hosts.append(urlsplit(request.url).netloc)
        request.headers["Host"] = hosts[-1]
        request.url = f"{edge.url}{urlsplit(request.url).path}"

    client.meta.events.register("before-send.s3", resolve)
    return client, hosts


@pytest.mark.parametrize(
    "path",
    [
        *("/", "/_localstack/health", "/_localstack/info", "/_aws/execute-api/a/prod/webhook"),
        *("/_git/a/b.git/info/refs?service=git-upload-pack", "/2015-03-31/functions"),
        "/restapis/a/prod/_user_request_/webhook",
    ],
)
def test_no_path_is_served_to_a_name_that_a_page_elsewhere_can_point_here(edge, path):
    status, body = ask(edge, "GET", path, Host="evil.example")
    assert status == 403
    assert b"ALLOWED_HOSTS" in body


def test_bronze_is_not_read_by_rebinding_and_the_sdk_tells_why(edge, bucket):
    assert ask(edge, "GET", f"/{bucket}/kept", Host="evil.example:4566")[0] == 403
    assert ask(edge, "GET", "/kept", Host=f"{bucket}.s3.evil.example")[0] == 403
    client, _ = s3_named(edge, "evil.example", "path")
    with pytest.raises(ClientError, match="add the name to ALLOWED_HOSTS"):
        client.put_object(Bucket=bucket, Key="kept", Body=b"x")
    assert edge.objects(bucket, "") == {"kept": "as it was"}


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": FOREIGN},
        {"Origin": "null"},
        {"Origin": "http://localhost:8080"},
        {"Origin": "https://app.localstack.cloud"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
    ids=lambda headers: next(iter(headers.values())),
)
def test_a_page_elsewhere_changes_no_bucket(edge, bucket, headers):
    s3 = edge.client("s3")
    s3.put_bucket_cors(
        Bucket=bucket,
        CORSConfiguration={
            "CORSRules": [
                {
                    "AllowedOrigins": ["*"],
                    "AllowedMethods": ["GET", "PUT", "POST", "DELETE"],
                    "AllowedHeaders": ["*"],
                }
            ]
        },
    )
    url = f"{edge.url}/{bucket}"
    presigned = s3.generate_presigned_url("put_object", Params={"Bucket": bucket, "Key": "put"})
    form = s3.generate_presigned_post(bucket, "posted")
    delete = "<Delete><Object><Key>kept</Key></Object></Delete>"
    sent = [
        requests.put(presigned, data=b"x", headers=headers, timeout=30),
        requests.put(f"{url}/kept", data=b"x", headers=headers, timeout=30),
        requests.post(f"{url}?delete", data=delete, headers=headers, timeout=30),
        requests.delete(f"{url}/kept", headers=headers, timeout=30),
        requests.post(
            form["url"],
            data=form["fields"],
            files={"file": b"x"},
            headers=headers,
            timeout=30,
        ),
        requests.options(
            f"{url}/kept", headers={**headers, "Access-Control-Request-Method": "PUT"}, timeout=30
        ),
        requests.get(f"{url}/kept", headers=headers, timeout=30),
    ]
    assert {answer.status_code for answer in sent} == {403}
    assert not any("Access-Control-Allow-Origin" in answer.headers for answer in sent)
    assert edge.objects(bucket, "") == {"kept": "as it was"}


def test_a_page_elsewhere_stops_nothing_and_calls_no_api_that_is_deployed(edge):
    foreign = {"Origin": FOREIGN, "Content-Type": "text/plain"}
    for path in ("/_localstack/health", "/_aws/execute-api/a/prod/webhook", "/_git/a/b.git/x"):
        answer = requests.post(
            f"{edge.url}{path}", data='{"action": "kill"}', headers=foreign, timeout=30
        )
        assert answer.status_code == 403
    assert requests.get(f"{edge.url}/_localstack/health", timeout=30).ok


@pytest.mark.parametrize(
    ("action", "parameters"),
    [
        ("CreateStack", {"StackName": "by-get", "TemplateBody": json.dumps(TEMPLATE)}),
        ("DeleteStack", {"StackName": "by-get"}),
        ("CreateUser", {"UserName": "by-get", "Version": "2010-05-08"}),
        ("AssumeRole", {"RoleArn": "arn:aws:iam::000000000000:role/r", "RoleSessionName": "s"}),
        ("CreateTopic", {"Name": "by-get", "Version": "2010-03-31"}),
        ("CreateQueue", {"QueueName": "by-get", "Version": "2012-11-05"}),
        ("PutMetricData", {"Namespace": "by-get", "Version": "2010-08-01"}),
        ("CreateVpc", {"CidrBlock": "10.0.0.0/16", "Version": "2016-11-15"}),
    ],
)
def test_no_call_by_get_changes_anything_signed_or_not(edge, action, parameters):
    query = urlencode({"Action": action, **parameters})
    credential = "X-Amz-Credential=test%2F20260114%2Fus-east-1%2Fcloudformation%2Faws4_request"
    signed = f"{query}&X-Amz-Algorithm=AWS4-HMAC-SHA256&{credential}&X-Amz-Signature=00"
    for sent in (query, signed):
        status, body = ask(edge, "GET", f"/?{sent}", Host="localhost.localstack.cloud:4566")
        assert (status, b"by GET is refused" in body) == (403, True), body
    stacks = edge.client("cloudformation").describe_stacks()["Stacks"]
    assert not [stack for stack in stacks if stack["StackName"] == "by-get"]
    assert not [u for u in edge.client("iam").list_users()["Users"] if u["UserName"] == "by-get"]


def test_a_queue_s_url_changes_nothing_by_get(edge):
    status, body = ask(edge, "GET", "/000000000000/q?Action=SendMessage&MessageBody=x", Host="edge")
    assert (status, b"SendMessage by GET is refused" in body) == (403, True), body


def test_what_reads_by_get_is_answered_as_before(edge):
    presigned = edge.client("sts").generate_presigned_url("get_caller_identity", HttpMethod="GET")
    assert "<Account>000000000000</Account>" in requests.get(presigned, timeout=30).text
    assert ask(edge, "GET", "/?Action=DescribeStacks", Host="localhost")[0] == 200


def test_asking_for_a_repository_makes_none_and_a_push_makes_it(edge, tmp_path):
    name = f"team{uuid.uuid4().hex[:8]}/code"
    url = f"{edge.url}/_git/{name}.git"
    for service in ("git-receive-pack", "git-upload-pack"):
        requests.get(f"{url}/info/refs?service={service}", timeout=30)
    assert requests.get(f"{url}/info/refs?service=git-upload-pack", timeout=30).status_code == 404

    commit = WorkTree(tmp_path / "work", url).push("first", a="1")

    tree = WorkTree(tmp_path / "other", url)
    assert tree.git("ls-remote", "origin", "main").split()[0] == commit


@pytest.mark.parametrize(
    "host",
    [
        *("localhost:1", "127.0.0.1:4566", "[::1]:4566", "edge:4566", "LOCALHOST."),
        "s3.us-east-1.localhost.localstack.cloud:4566",
    ],
)
def test_any_client_that_names_the_stack_reads_by_path(edge, bucket, host):
    assert ask(edge, "GET", f"/{bucket}/kept", Host=host) == (200, b"as it was")


@pytest.mark.parametrize("domain", ["s3.localhost.localstack.cloud", "s3.localhost"])
def test_a_bucket_s_own_name_is_served_to_boto3(edge, bucket, domain):
    client, hosts = s3_named(edge, domain, "virtual")
    client.put_object(Bucket=bucket, Key="virtual", Body=b"x")
    assert client.get_object(Bucket=bucket, Key="virtual")["Body"].read() == b"x"
    assert {host.partition(":")[0] for host in hosts} == {f"{bucket}.{domain}"}


def test_the_command_line_of_aws_and_curl_notice_nothing(edge, bucket):
    assert "kept" in aws_cli.text(edge.url, "s3", "ls", f"s3://{bucket}/")
    curl = ["curl", "--silent", "--show-error", "--fail", "--max-time", "30"]
    environment = {**os.environ, "NO_PROXY": "*"}
    read = subprocess.run(
        [*curl, f"{edge.url}/{bucket}/kept"], env=environment, capture_output=True, check=True
    )
    assert read.stdout == b"as it was"


def test_the_endpoint_s_own_pages_may_call_it(edge, bucket):
    own = {"Origin": edge.url, "Sec-Fetch-Site": "same-origin"}
    assert requests.put(f"{edge.url}/{bucket}/own", data=b"x", headers=own, timeout=30).ok


def test_what_the_stack_keeps_is_its_user_s_alone(edge, bucket, tmp_path):
    name = f"team{uuid.uuid4().hex[:8]}/modes"
    WorkTree(tmp_path / "work", f"{edge.url}/_git/{name}.git").push("first", a="1")
    assert (edge.folder / "spark.token").read_text()
    assert open_to_others(edge.folder) == []
