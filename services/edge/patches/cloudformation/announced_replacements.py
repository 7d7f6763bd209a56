"""Whether a change set says that a resource is replaced: by its values, as AWS does.

LocalStack goes by the template's text: a name that is written in another way, but is the same, is
announced as a replacement, and Conditional is never said
(localstack/services/cloudformation/engine/v2/change_set_model_describer.py,
`_register_resource_change`).
"""

from __future__ import annotations

from typing import Any

from localstack.services.cloudformation.engine.v2.change_set_model_describer import (
    CHANGESET_KNOWN_AFTER_APPLY,
    ChangeSetModelDescriber,
)
from localstack.services.cloudformation.resource_provider import ResourceProviderExecutor
from localstack.utils.patch import patch

from services.edge.cloudformation import replacements

Model = dict[str, Any]


def apply() -> None:
    @patch(ChangeSetModelDescriber._register_resource_change)
    def _register(register: Any, describer: Any, *arguments: Any, **change: Any) -> None:
        register(describer, *arguments, **change)
        before, after = change.get("before_properties"), change.get("after_properties")
        if before is not None and after is not None:
            announced = replacement(change["type_"], before.properties, after.properties)
            describer._changes[-1]["ResourceChange"]["Replacement"] = announced


def replacement(kind: str, before: Model, after: Model) -> str:
    """True, False, or Conditional where it depends on a value that is known after the change.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceChange.html
    """
    provider = ResourceProviderExecutor.try_load_resource_provider(kind)
    if provider is None:
        return "False"
    paths = provider.SCHEMA.get("createOnlyProperties", [])
    changed = [
        after_value
        for path in paths
        for before_value, after_value in [replacements.values(path, before, after)]
        if not replacements.same(before_value, after_value)
    ]
    if not changed:
        return "False"
    depends = all(CHANGESET_KNOWN_AFTER_APPLY in str(value) for value in changed)
    return "Conditional" if depends else "True"
