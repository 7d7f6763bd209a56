"""State machines reach this project's integrations, and errors of branches keep their names.

LocalStack lacks EMR Serverless and Athena (state_task/state_task_factory.py), and takes the error
of a branch for a custom one, which must not begin with `States.` (state_parallel/branches_decl.py,
state_map/iteration/iteration_worker.py).
"""

from __future__ import annotations

import importlib.util
import sys
from typing import Any

from localstack.utils.patch import Patch

from services.edge.stepfunctions.integrations import own

POLL_SECONDS = 0.2  # LocalStack looks every 0.5 s: a pipeline of four jobs waits for it four times


def apply() -> None:
    """Call once, before the first state machine is parsed."""
    _import_batch_without_ec2()
    from localstack.services.stepfunctions.asl.component.state.state_execution.state_map.iteration import (  # noqa: E501
        iteration_worker,
    )
    from localstack.services.stepfunctions.asl.component.state.state_execution.state_parallel import (  # noqa: E501
        branches_decl,
    )
    from localstack.services.stepfunctions.asl.component.state.state_execution.state_task import (
        state_task_factory,
    )
    from localstack.services.stepfunctions.asl.component.state.state_execution.state_task.service import (  # noqa: E501
        state_task_service_callback,
    )

    name = "_DELAY_SECONDS_SYNC_CONDITION_CHECK"
    Patch(state_task_service_callback, name, POLL_SECONDS).apply()
    for module in (branches_decl, iteration_worker):
        Patch(module, "CustomErrorName", _error_name).apply()
    added, original = own(), state_task_factory.state_task_service_for

    def state_task_service_for(service_name: str) -> Any:
        return added[service_name]() if service_name in added else original(service_name)

    Patch(state_task_factory, "state_task_service_for", state_task_service_for).apply()


def _import_batch_without_ec2() -> None:
    """LocalStack's state_task_service_batch.py needs the names of a job's states alone.

    Its import of moto.batch brings all of moto's EC2, a quarter of what an edge does to start.
    """
    spec = importlib.util.find_spec("moto.batch")
    assert spec is not None
    sys.modules["moto.batch"] = importlib.util.module_from_spec(spec)  # without running it
    importlib.import_module("moto.batch.utils")
    del sys.modules["moto.batch"]


def _error_name(error_name: str | None) -> Any:
    from localstack.services.stepfunctions.asl.component.common.error_name import (
        custom_error_name,
        states_error_name,
    )

    if (error_name or "").startswith(custom_error_name.ILLEGAL_CUSTOM_ERROR_PREFIX):
        return states_error_name.StatesErrorName.from_name(error_name)
    return custom_error_name.CustomErrorName(error_name)
