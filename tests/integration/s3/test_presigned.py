"""Presigned URLs and forms: served while they are valid and as they were signed, else refused."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import boto3
import pytest
import requests
from botocore.config import Config

from tests.support.stack import Stack

BUCKET, KEY = "presigned", "a b+é/k=1.txt"
AWS = str(Path(sys.executable).parent / "aws")


def client(stack: Stack, version: str, style: str = "path", **keys: str):
    host = "s3.localhost.localstack.cloud" if style == "virtual" else "127.0.0.1"
    url = f"http://{host}:{urlsplit(stack.url).port}"
    known = {"aws_access_key_id": "test", "aws_secret_access_key": "test", **keys}
    settings = Config(signature_version=version, s3={"addressing_style": style})
    return boto3.client("s3", endpoint_url=url, region_name="us-east-1", config=settings, **known)


@pytest.fixture(scope="module")
def stored(edge: Stack) -> Stack:
    s3 = edge.client("s3")
    s3.create_bucket(Bucket=BUCKET)
    s3.put_object(Bucket=BUCKET, Key=KEY, Body=b"content")
    return edge


def fetched(stack: Stack, url: str, method: str = "GET", **more) -> requests.Response:
    """Without a name server: the host's name is this machine's, and stays in the Host header."""
    parts = urlsplit(url)
    headers = {"Host": parts.netloc, **more.pop("headers", {})}
    local = urlunsplit(parts._replace(netloc=urlsplit(stack.url).netloc))
    return requests.request(method, local, headers=headers, timeout=20, **more)


def code(answer: requests.Response) -> tuple[int, str]:
    return answer.status_code, answer.text.partition("<Code>")[2].partition("</Code>")[0]


def changed(url: str, **parameters: str | None) -> str:
    parts = urlsplit(url)
    pairs = {**dict(parse_qsl(parts.query)), **parameters}
    kept = {name: value for name, value in pairs.items() if value is not None}
    return urlunsplit(parts._replace(query=urlencode(kept)))


@pytest.mark.parametrize("version", ["s3v4", "s3"])
@pytest.mark.parametrize("style", ["path", "virtual"])
def test_a_url_is_served_as_it_was_signed_and_refused_once_it_is_changed(stored, version, style):
    s3 = client(stored, version, style)
    known = {"Bucket": BUCKET, "Key": KEY}
    get = s3.generate_presigned_url("get_object", known)
    put = s3.generate_presigned_url("put_object", {**known, "Key": "new"})
    assert fetched(stored, get).content == b"content"
    assert fetched(stored, put, "PUT", data=b"new").status_code == 200
    name = "X-Amz-Signature" if version == "s3v4" else "Signature"
    refused = (403, "SignatureDoesNotMatch")
    assert code(fetched(stored, changed(get, **{name: "0" * 64}))) == refused
    assert code(fetched(stored, get.replace(".txt", ".csv"))) == refused
    assert code(fetched(stored, get, "DELETE")) == refused
    listing = s3.generate_presigned_url("list_objects_v2", {"Bucket": BUCKET})
    assert b"<Key>new</Key>" in fetched(stored, listing).content


@pytest.mark.parametrize("version", ["s3v4", "s3"])
def test_a_url_that_has_expired_is_refused(stored, version):
    s3 = client(stored, version)
    url = s3.generate_presigned_url("get_object", {"Bucket": BUCKET, "Key": KEY}, ExpiresIn=1)
    time.sleep(2.1)
    answer = fetched(stored, url)
    assert code(answer) == (403, "AccessDenied")
    assert "<Message>Request has expired</Message>" in answer.text


@pytest.mark.parametrize("version", ["s3v4", "s3"])
def test_a_content_type_that_was_signed_must_be_sent(stored, version):
    known = {"Bucket": BUCKET, "Key": "typed", "ContentType": "text/csv"}
    url = client(stored, version).generate_presigned_url("put_object", known)
    assert code(fetched(stored, url, "PUT", data=b"1")) == (403, "SignatureDoesNotMatch")
    wrong, right = {"Content-Type": "text/plain"}, {"Content-Type": "text/csv"}
    assert fetched(stored, url, "PUT", data=b"1", headers=wrong).status_code == 403
    assert fetched(stored, url, "PUT", data=b"1", headers=right).status_code == 200


def test_a_header_of_amazon_that_was_not_signed_is_refused(stored):
    url = client(stored, "s3v4").generate_presigned_url(
        "put_object", {"Bucket": BUCKET, "Key": "h"}
    )
    headers = {"x-amz-meta-colour": "red"}
    assert code(fetched(stored, url, "PUT", data=b"1", headers=headers)) == (403, "AccessDenied")


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"X-Amz-Expires": "soon"}, (400, "AuthorizationQueryParametersError")),
        ({"X-Amz-Expires": "-1"}, (400, "AuthorizationQueryParametersError")),
        ({"X-Amz-Expires": "604801"}, (400, "AuthorizationQueryParametersError")),
        ({"X-Amz-Expires": "9" * 30}, (400, "AuthorizationQueryParametersError")),
        ({"X-Amz-Date": "today"}, (400, "AuthorizationQueryParametersError")),
        ({"X-Amz-Date": "20990101T000000Z"}, (403, "AccessDenied")),
        ({"X-Amz-Algorithm": "AWS4-HMAC-MD5"}, (400, "AuthorizationQueryParametersError")),
        ({"X-Amz-Credential": "test"}, (400, "AuthorizationQueryParametersError")),
        ({"X-Amz-Date": None}, (400, "AuthorizationQueryParametersError")),
    ],
    ids=["words", "negative", "over a week", "digits", "no date", "to come", "md5", "key", "less"],
)
def test_parameters_that_are_none_are_told(stored, parameters, expected):
    url = client(stored, "s3v4").generate_presigned_url(
        "get_object", {"Bucket": BUCKET, "Key": KEY}
    )
    assert code(fetched(stored, changed(url, **parameters))) == expected


def test_a_date_that_is_none_is_told_in_the_older_signature_too(stored):
    url = client(stored, "s3").generate_presigned_url("get_object", {"Bucket": BUCKET, "Key": KEY})
    assert code(fetched(stored, changed(url, Expires="soon"))) == (403, "AccessDenied")


def test_a_url_of_the_aws_command_line_is_served(stored):
    environment = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "PATH": "/bin"}
    done = subprocess.run(
        [AWS, "--endpoint-url", stored.url, "--region", "us-east-1", "s3", "presign",
         f"s3://{BUCKET}/{KEY}"],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )  # fmt: skip
    assert requests.get(done.stdout.strip(), timeout=20).content == b"content"


def test_urls_of_a_user_and_of_a_role_are_served_and_others_are_not(stored):
    iam, sts = stored.client("iam"), stored.client("sts")
    iam.create_user(UserName="presigner")
    key = iam.create_access_key(UserName="presigner")["AccessKey"]
    iam.create_role(RoleName="presigner", AssumeRolePolicyDocument="{}")
    role = "arn:aws:iam::000000000000:role/presigner"
    session = sts.assume_role(RoleArn=role, RoleSessionName="session")["Credentials"]
    right = {
        "aws_access_key_id": key["AccessKeyId"],
        "aws_secret_access_key": key["SecretAccessKey"],
    }
    temporary = {
        "aws_access_key_id": session["AccessKeyId"],
        "aws_secret_access_key": session["SecretAccessKey"],
        "aws_session_token": session["SessionToken"],
    }
    known = {"Bucket": BUCKET, "Key": KEY}
    for version in ("s3v4", "s3"):
        for keys in (right, temporary):
            url = client(stored, version, **keys).generate_presigned_url("get_object", known)
            assert fetched(stored, url).content == b"content"
        wrong = client(stored, version, **{**right, "aws_secret_access_key": "guessed"})
        url = wrong.generate_presigned_url("get_object", known)
        assert code(fetched(stored, url)) == (403, "SignatureDoesNotMatch")


@pytest.mark.parametrize("version", ["s3v4", "s3"])
def test_a_form_is_taken_with_its_signature_only(stored, version):
    form = client(stored, version).generate_presigned_post(BUCKET, "form-${filename}")
    name = "x-amz-signature" if version == "s3v4" else "signature"

    def posted(fields: dict[str, str]) -> requests.Response:
        return requests.post(
            form["url"], data=fields, files={"file": ("f.txt", b"content")}, timeout=20
        )

    assert posted(form["fields"]).status_code == 204
    refused = posted({**form["fields"], name: "0" * 64})
    assert code(refused) == (403, "SignatureDoesNotMatch")
