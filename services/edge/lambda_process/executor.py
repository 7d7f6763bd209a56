"""LocalStack's runtime executor by processes on this machine: no Docker engine is needed."""

from __future__ import annotations

import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from localstack.services.lambda_.invocation.lambda_models import FunctionVersion, InvocationResult
from localstack.services.lambda_.invocation.runtime_executor import (
    LambdaRuntimeException,
    RuntimeExecutor,
)

from services.edge.edge_url import edge_url
from services.edge.lambda_process.environment import Environment, InitError, Limits
from services.edge.lambda_process.runtime_api import Invocation
from services.edge.patches.lambda_ import payloads
from services.private_files import close_all

RUNTIME = f"python{sys.version_info.major}.{sys.version_info.minor}"


class ProcessExecutor(RuntimeExecutor):  # type: ignore[misc]
    """Runs functions whose runtime is the Python of this process; refuses any other."""

    def __init__(self, id: str, function_version: FunctionVersion) -> None:
        super().__init__(id, function_version)
        self._environment: Environment | None = None

    def start(self, env_vars: dict[str, Any]) -> None:
        function = self.function_version.config
        code = Path(function.code.get_unzipped_code_location())
        limits = Limits(function.timeout, function.memory_size)
        variables = {name: str(value) for name, value in env_vars.items()}
        self._environment = Environment(function.handler, code, variables, limits)
        # As on AWS the first invocation tries again, tells the error and logs it.
        with suppress(InitError):
            self._environment.start()

    def stop(self) -> None:
        if self._environment is not None:
            self._environment.stop()
            self._environment = None

    def invoke(self, payload: dict[str, str]) -> InvocationResult:
        if self._environment is None:
            raise LambdaRuntimeException(f"Environment {self.id} was stopped")
        invocation = Invocation(
            request_id=payload["invoke-id"],
            payload=payload["payload"].encode(),
            function_arn=payload["invoked-function-arn"],
            trace_id=payload["trace-id"],
            deadline_ms=int((time.time() + self.function_version.config.timeout) * 1000),
        )
        answer, logs = self._environment.invoke(invocation)
        answer = payloads.within_limit(answer)
        return InvocationResult(
            answer.request_id, answer.payload, is_error=answer.is_error, logs=logs
        )

    def get_logs(self) -> str:
        return self._environment.output() if self._environment else ""

    def get_address(self) -> str:
        return "127.0.0.1"

    def get_endpoint_from_executor(self) -> str:
        return "127.0.0.1"

    def get_runtime_endpoint(self) -> str:
        return edge_url()

    @classmethod
    def prepare_version(cls, function_version: FunctionVersion) -> None:
        runtime = function_version.config.runtime
        if runtime != RUNTIME:
            raise LambdaRuntimeException(
                f"Expected runtime {RUNTIME}, found {runtime}: functions run on this machine's"
                " Python; change the function's Runtime"
            )
        code = function_version.config.code
        code.prepare_for_execution()
        if not code.is_hot_reloading():  # else it is the user's own folder
            # Files of an archive have its modes, whatever the umask (localstack/utils/archives.py).
            close_all(Path(code.get_unzipped_code_location()))

    @classmethod
    def cleanup_version(cls, function_version: FunctionVersion) -> None:
        """Nothing is kept per version."""
