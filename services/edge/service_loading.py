"""What is to be done before a service of LocalStack is loaded, which is when it is first asked for.

The edge starts without the modules that no call needs yet: those of Step Functions, Lambda and
CloudFormation take longer to import than all the rest.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from localstack.aws.handlers.service_plugin import ServiceLoader
from localstack.services.plugins import ServicePluginManager
from localstack.utils.patch import Patch, patch

Step = Callable[[], None]
_STEPS: dict[str, list[Step]] = defaultdict(list)


def before_loading(service: str, step: Step) -> None:
    """Once, in the order in which they are named; call it before the edge answers."""
    _STEPS[service].append(step)


def hook() -> None:
    @patch(ServicePluginManager._load_service_plugin)
    def load(load: Any, self: Any, name: str) -> Any:
        """LocalStack holds the service's lock, so that no other thread finds it half made."""
        for step in _STEPS.pop(name, ()):
            step()
        return load(self, name)

    Patch.function(ServiceLoader.require_service, require_with_its_routes).apply()


def require_with_its_routes(
    require: Any, self: ServiceLoader, chain: Any, context: Any, response: Any
) -> None:
    """Let a second caller wait until the service can be called.

    LocalStack (localstack/aws/handlers/service_plugin.py) takes a service for loaded before its
    routes are there: who called in between was told that there is no handler for the operation.
    """
    name = context.service and context.service.service_name
    routed: set[str] = self.__dict__.setdefault("routed_services", set())
    if not name or name in routed:
        return
    with self.service_locks[name]:
        require(self, chain, context, response)
    routed.add(name)
