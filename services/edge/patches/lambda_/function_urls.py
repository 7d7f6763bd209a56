"""Function URLs: text of any language arrives as text, cookies go both ways, a large body is 413.

https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-payloads
Mends localstack/services/lambda_/urlrouter.py, which takes text beyond ASCII for bytes.
"""

from __future__ import annotations

import base64
import json
from contextlib import suppress
from typing import Any

from localstack.aws.api.lambda_ import RequestTooLargeException
from localstack.http import Response
from localstack.services.lambda_ import urlrouter
from localstack.services.lambda_.urlrouter import FunctionUrlRouter
from localstack.utils.patch import patch

TEXT_KINDS = ("text", "json", "xml", "javascript")


def apply() -> None:
    @patch(urlrouter.event_for_lambda_url)
    def event_for_lambda_url(create: Any, api_id: str, request: Any) -> Any:
        event = create(api_id, request)
        if event.get("isBase64Encoded") and _is_text(request.headers.get("Content-Type", "")):
            with suppress(UnicodeDecodeError):
                event["body"] = base64.b64decode(event["body"]).decode()
                event["isBase64Encoded"] = False
        if cookies := event["headers"].pop("cookie", None):
            event["cookies"] = cookies.split("; ")
        return event

    @patch(urlrouter.lambda_result_to_response)
    def lambda_result_to_response(convert: Any, result: Any) -> Any:
        response = convert(result)
        for cookie in _cookies(result.payload):
            response.headers.add("Set-Cookie", cookie)
        return response

    @patch(FunctionUrlRouter.handle_lambda_url_invocation)
    def handle(handle: Any, *arguments: Any, **names: Any) -> Any:
        try:
            return handle(*arguments, **names)
        except RequestTooLargeException as refused:
            response = Response(status=413)
            response.set_json({"Message": refused.message})
            return response


def _is_text(content_type: str) -> bool:
    return any(kind in content_type.lower() for kind in TEXT_KINDS)


def _cookies(payload: bytes | str) -> list[str]:
    """The cookies that a function's answer sets."""
    with suppress(ValueError):
        answer = json.loads(payload)
        if isinstance(answer, dict) and isinstance(answer.get("cookies"), list):
            return [str(cookie) for cookie in answer["cookies"]]
    return []
