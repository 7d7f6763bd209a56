"""Intrinsic functions where LocalStack 4.9.2 differs from CloudFormation.

Of localstack/services/cloudformation/engine/v2/change_set_model_preproc.py and its subclasses:
Fn::Sub knows no `${!Literal}` and makes numbers of texts ("007" becomes 7); Fn::Join writes `True`;
Fn::Select refuses numbers; Fn::Equals tells a parameter "0" from 0; Fn::GetAZs asks EC2; Fn::Cidr
is missing; a parameter that is given empty falls back to its default; URLs of execute-api do not
answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from localstack.services.cloudformation.engine.v2 import (
    change_set_model,
    change_set_model_preproc,
)
from localstack.services.cloudformation.engine.v2.change_set_model import Nothing, is_nothing
from localstack.services.cloudformation.engine.v2.change_set_model_preproc import (
    _PSEUDO_PARAMETERS,
    ChangeSetModelPreproc,
    PreprocEntityDelta,
    PreprocResource,
)
from localstack.services.cloudformation.engine.v2.change_set_model_validator import (
    ChangeSetModelValidator,
)
from localstack.services.cloudformation.engine.validations import ValidationError
from localstack.utils.patch import Patch
from localstack.utils.urls import localstack_host

from services.edge.cloudformation import functions
from services.edge.cloudformation.coercion import as_text

# From the visitor, the arguments, and whether they are those before the change.
Compute = Callable[[Any, Any, bool], Any]
VARIABLE = re.compile(r"\$\{([^}]*)\}")
EXECUTE_API = re.compile(
    r"https?://([a-z0-9]+)\.execute-api\.[a-z0-9.-]+?(?:amazonaws\.com(?:\.cn)?)(?=[:/?]|$)(?::\d+)?"
)


def apply() -> None:
    """Call once, before a template is read."""
    preproc: Any = ChangeSetModelPreproc
    Patch(change_set_model_preproc, "_AWS_URL_SUFFIX", "amazonaws.com").apply()
    Patch(preproc, "_perform_static_replacements", staticmethod(answering)).apply()
    Patch(preproc, "visit_node_parameter", _visit_parameter).apply()
    resolve = _with_notifications(preproc._resolve_pseudo_parameter)
    Patch(preproc, "_resolve_pseudo_parameter", resolve).apply()
    for name, compute in MENDED.items():
        Patch(preproc, f"{VISIT}{name}", _visiting(compute)).apply()
    known = _visiting(_substitute_what_is_known)
    Patch(ChangeSetModelValidator, f"{VISIT}sub", known).apply()
    change_set_model.INTRINSIC_FUNCTIONS.update(("Fn::Cidr", "Fn::Length", "Fn::ToJsonString"))
    for name, compute in ADDED.items():
        setattr(preproc, f"{VISIT}{name}", _visiting(compute))


def answering(value: str) -> str:
    """The address at which an API answers here, where a template composes AWS's own."""
    host = localstack_host()
    return EXECUTE_API.sub(rf"http://{host.host}:{host.port}/_aws/execute-api/\1", value, count=1)


def _plain(compute: Callable[[Any], Any]) -> Compute:
    return lambda _self, arguments, _before: compute(arguments)


def _visiting(compute: Compute) -> Callable[[Any, Any], Any]:
    """A visitor that computes what is not in LocalStack's cache, before and after the change."""

    def visit(self: Any, node_intrinsic_function: Any) -> PreprocEntityDelta:
        node = node_intrinsic_function  # LocalStack's subclasses name it
        arguments = self.visit(node.arguments)
        before = self._before_cache.get(node.scope, Nothing)
        if is_nothing(before) and not is_nothing(arguments.before):
            before = compute(self, arguments.before, True)
        after = self._after_cache.get(node.scope, Nothing)
        if is_nothing(after) and not is_nothing(arguments.after):
            after = compute(self, arguments.after, False)
        return PreprocEntityDelta(before=before, after=after)

    return visit


def _substitute(self: Any, arguments: Any, select_before: bool) -> str:
    return _substituted(self, arguments, select_before, missing=None)


def _substitute_what_is_known(self: Any, arguments: Any, select_before: bool) -> str:
    return _substituted(self, arguments, select_before, missing="")


def _substituted(self: Any, arguments: Any, select_before: bool, missing: str | None) -> str:
    text, own = functions.sub_arguments(arguments)

    def value(match: re.Match[str]) -> str:
        name = match[1].strip()
        if name.startswith("!"):
            return f"${{{name[1:]}}}"
        found = own[name] if name in own else _named(self, name, select_before)
        if is_nothing(found) and missing is None:
            # A RuntimeError: LocalStack's transforms go on where a value is not known yet.
            raise RuntimeError(f"Undefined variable name in Fn::Sub string template '{name}'")
        return (missing or "") if is_nothing(found) or found is None else _scalar(name, found)

    return VARIABLE.sub(value, text)


def _found_in_map(self: Any, arguments: Any, select_before: bool) -> Any:
    """The fourth argument is what the language extensions add: a default."""
    *place, last = arguments if len(arguments) == 4 else [*arguments, {}]
    try:
        delta = self._resolve_mapping(*place)
    except ValidationError:
        if "DefaultValue" not in last:
            raise
        return last["DefaultValue"]
    return delta.before if select_before else delta.after


def _scalar(name: str, found: Any) -> str:
    if isinstance(found, dict | list):
        raise ValidationError(
            f"Template error: variable {name} in Fn::Sub expression does not resolve to a string"
        )
    return as_text(found)


def _named(self: Any, name: str, select_before: bool) -> Any:
    if name in _PSEUDO_PARAMETERS:
        return self._resolve_pseudo_parameter(pseudo_parameter_name=name)
    try:
        if "." in name:
            return self._resolve_attribute(
                arguments=list(functions.attribute(name)), select_before=select_before
            )
        delta = self._resolve_reference(logical_id=name)
    except RuntimeError:
        return Nothing
    found = delta.before if select_before else delta.after
    return found.physical_resource_id if isinstance(found, PreprocResource) else found


def _with_notifications(resolve: Callable[..., Any]) -> Callable[..., Any]:
    def whole(self: Any, pseudo_parameter_name: str) -> Any:
        if pseudo_parameter_name == "AWS::NotificationARNs":
            return []
        return resolve(self, pseudo_parameter_name=pseudo_parameter_name)

    return whole


def _visit_parameter(self: Any, node_parameter: Any) -> PreprocEntityDelta:
    node = node_parameter
    if not change_set_model_preproc.VALID_LOGICAL_RESOURCE_ID_RE.match(node.name):
        raise ValidationError(
            f"Template format error: Parameter name {node.name} is non alphanumeric."
        )
    given, default = self.visit(node.dynamic_value), self.visit(node.default_value)
    kind = self.visit(node.type_)
    return PreprocEntityDelta(
        before=_parameter(given.before, default.before, kind.before),
        after=_parameter(given.after, default.after, kind.after),
    )


def _parameter(given: Any, default: Any, kind: Any) -> Any:
    value = default if is_nothing(given) else given
    if is_nothing(value) or isinstance(value, list):
        return value
    text = as_text(value)
    listed = str(kind).startswith("List<") or kind == "CommaDelimitedList"
    return [part.strip() for part in text.split(",")] if listed else text


VISIT = "visit_node_intrinsic_function_fn_"
MENDED: dict[str, Compute] = {
    "sub": _substitute,
    "find_in_map": _found_in_map,
    "get_a_zs": lambda self, region, _: functions.zones(region or self._change_set.region_name),
    "equals": _plain(functions.equal),
    "join": _plain(functions.join),
    "select": _plain(functions.select),
}
ADDED: dict[str, Compute] = {
    "cidr": _plain(functions.cidr),
    "length": _plain(functions.length),
    "to_json_string": _plain(functions.as_json),
}
