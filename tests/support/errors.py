"""What AWS calls are refused with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError


def code(error: pytest.ExceptionInfo[ClientError]) -> str:
    return error.value.response["Error"]["Code"]


def refused(call: Callable[..., Any], **request: Any) -> tuple[str, str]:
    """Code and message of the error that the call has to end with."""
    with pytest.raises(ClientError) as error:
        call(**request)
    return code(error), error.value.response["Error"]["Message"]
