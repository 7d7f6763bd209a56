"""The log of a function has every line of every invocation."""

from __future__ import annotations

import io
import json
import zipfile
from concurrent.futures import ThreadPoolExecutor

from tests.support.functions import new_function
from tests.support.state_machines import until

CODE = """
def handle(event, context):
    print("invoked with", event["n"])
"""


def test_no_line_is_lost_where_the_function_is_updated_right_after(edge):
    name, functions = new_function(edge, CODE), edge.client("lambda")

    def call(number: int) -> None:
        functions.invoke(FunctionName=name, Payload=json.dumps({"n": number}))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(call, range(60)))
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as content:
        content.writestr("code.py", CODE.replace("invoked", "updated"))
    functions.update_function_code(FunctionName=name, ZipFile=archive.getvalue())

    def lines() -> list[str]:
        found = edge.client("logs").filter_log_events(
            logGroupName=f"/aws/lambda/{name}", filterPattern='"invoked with"'
        )
        return [event["message"] for event in found["events"]]

    found = until(lines, lambda found: len(found) == 60, seconds=20)
    assert sorted(found) == sorted(f"invoked with {number}\n" for number in range(60))
