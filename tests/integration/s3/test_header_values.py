"""What no header can hold is refused where it is asked for or stored, and never answered by 500."""

from __future__ import annotations

import pytest
import requests
from botocore.exceptions import ClientError

from tests.support.s3_requests import SIGNED, THE_WHOLE_WAY

BUCKET = "header-values"


@pytest.fixture(scope="module")
def s3(edge):
    client = edge.client("s3")
    client.create_bucket(Bucket=BUCKET)
    client.put_object(Bucket=BUCKET, Key="k", Body=b"v")
    return client


@pytest.mark.parametrize("door", [SIGNED, SIGNED | THE_WHOLE_WAY], ids=["quick", "whole"])
@pytest.mark.parametrize(
    "name",
    [
        "response-cache-control",
        "response-content-disposition",
        "response-content-encoding",
        "response-content-language",
        "response-content-type",
    ],
)
@pytest.mark.parametrize("value", ["a%0D%0Ax-injected: 1", "a%0Ab", "a%00", "%E6%97%A5"])
def test_an_override_that_is_no_header_is_an_invalid_argument(edge, s3, door, name, value):
    found = requests.get(f"{edge.url}/{BUCKET}/k?{name}={value}", headers=door, timeout=20)
    assert found.status_code == 400
    assert "<Code>InvalidArgument</Code>" in found.text
    assert f"<ArgumentName>{name}</ArgumentName>" in found.text
    assert "x-injected" not in found.headers


@pytest.mark.parametrize("door", [SIGNED, SIGNED | THE_WHOLE_WAY], ids=["quick", "whole"])
def test_an_override_in_latin_1_is_answered(edge, s3, door):
    query = "response-content-disposition=attachment;%20filename=%22caf%C3%A9%22"
    found = requests.get(f"{edge.url}/{BUCKET}/k?{query}", headers=door, timeout=20)
    assert found.status_code == 200
    assert found.headers["Content-Disposition"] == 'attachment; filename="café"'


def test_a_presigned_override_is_refused_alike(s3):
    parameters = {"Bucket": BUCKET, "Key": "k", "ResponseContentDisposition": "a\r\nb: c"}
    url = s3.generate_presigned_url("get_object", Params=parameters)
    found = requests.get(url, timeout=20)
    assert (found.status_code, "InvalidArgument" in found.text) == (400, True)


@pytest.mark.parametrize("field", ["x-amz-meta-note", "Cache-Control", "Content-Disposition"])
def test_a_form_s_fields_are_answered_as_headers_or_refused(edge, s3, field):
    def posted(value: str) -> int:
        form = {"key": "form", field: value}
        return requests.post(
            f"{edge.url}/{BUCKET}", data=form, files={"file": b"x"}, timeout=20
        ).status_code

    assert posted("a\r\nx: 1") == 400
    with pytest.raises(ClientError, match="Not Found"):
        s3.head_object(Bucket=BUCKET, Key="form")
    assert posted("plain") == 204
    s3.get_object(Bucket=BUCKET, Key="form")
    s3.delete_object(Bucket=BUCKET, Key="form")
