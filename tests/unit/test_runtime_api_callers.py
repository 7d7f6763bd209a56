"""The port that hands a function its invocations gives none to a page."""

from __future__ import annotations

import pytest
import requests

from services.edge.lambda_process.runtime_api import Invocation, RuntimeApi

NEXT = "/2018-06-01/runtime/invocation/next"


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Origin": "http://evil.example"},
        {"Host": "evil.example"},
        {"Host": "localhost.localstack.cloud"},
    ],
    ids=str,
)
def test_a_page_takes_no_invocation_and_answers_none(headers):
    api = RuntimeApi()
    api.invocations.put(Invocation("r1", b"{}", "arn", "trace", 0))
    answer = f"http://{api.address}/2018-06-01/runtime/invocation/r1/response"
    try:
        asked = requests.get(f"http://{api.address}{NEXT}", headers=headers, timeout=10)
        told = requests.post(answer, data="{}", headers=headers, timeout=10)
        assert (asked.status_code, told.status_code) == (403, 403)
        assert api.answers.empty()

        taken = requests.get(f"http://{api.address}{NEXT}", timeout=10)
        assert taken.headers["Lambda-Runtime-Aws-Request-Id"] == "r1"
        assert requests.post(answer, data="{}", timeout=10).status_code == 202
        assert api.answers.get(timeout=10).payload == b"{}"
    finally:
        api.close()
