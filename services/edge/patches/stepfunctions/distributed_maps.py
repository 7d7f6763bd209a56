"""A distributed Map is run by this project's engine.

LocalStack (state_map/state_map.py, item_reader/, result_writer/) turns failed iterations into null,
reads 1,000 keys at most and writes a manifest without results.
"""

from __future__ import annotations

from typing import Any

from localstack.services.stepfunctions.asl.component.state.state_execution.state_map.iteration.distributed_iteration_component import (  # noqa: E501
    DistributedIterationComponent,
)
from localstack.services.stepfunctions.asl.component.state.state_execution.state_map.state_map import (  # noqa: E501
    StateMap,
)
from localstack.utils.patch import patch

from services.edge.stepfunctions.engine.distributed_maps import MapRun


def apply() -> None:
    @patch(StateMap._eval_execution)
    def evaluate(inline: Any, self: Any, env: Any) -> None:
        if isinstance(self.iteration_component, DistributedIterationComponent):
            MapRun(self, env).run()
        else:
            inline(self, env)
