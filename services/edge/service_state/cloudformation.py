"""CloudFormation's stacks after a restart: those that were still in progress failed."""

from __future__ import annotations

from typing import Any

from localstack.services.cloudformation.stores import cloudformation_stores

from services.edge.service_state.stores import regional_stores

ENDED = "The stack ended while this was going on; deploy again."


def after_load(_provider: Any) -> None:
    for store in regional_stores(cloudformation_stores):
        for stack in filter(_is_unfinished, store.stacks_v2.values()):
            # Only old resources were left to clean up: the update itself was complete.
            done = stack.status.removesuffix("_CLEANUP_IN_PROGRESS")
            ended = done if done != stack.status else stack.status.replace("IN_PROGRESS", "FAILED")
            stack.set_stack_status(ended, ENDED)


def goes_on() -> bool:
    """Whether a stack changes by itself."""
    return any(
        _is_unfinished(stack)
        for store in regional_stores(cloudformation_stores)
        for stack in list(store.stacks_v2.values())
    )


def _is_unfinished(stack: Any) -> bool:
    """A stack in review has only a change set: nothing goes on."""
    return bool(stack.status.endswith("_IN_PROGRESS") and stack.status != "REVIEW_IN_PROGRESS")
