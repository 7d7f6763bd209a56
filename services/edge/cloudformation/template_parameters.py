"""The parameters of a template: what may be given, and which values satisfy their constraints."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from localstack.services.cloudformation.engine.validations import ValidationError

from services.edge.cloudformation.coercion import as_text

Model = dict[str, Any]
SSM = "AWS::SSM::Parameter::Value<"


def check(template: Model, given: Model) -> None:
    """Refuse parameters that the template has not, and values that it does not allow."""
    declared = template.get("Parameters") or {}
    if unknown := [name for name in given if name not in declared]:
        raise ValidationError(f"Parameters: [{', '.join(unknown)}] do not exist in the template")
    for name, parameter in declared.items():
        value = given.get(name, parameter.get("Default"))
        if value is not None and not str(parameter.get("Type")).startswith(SSM):
            _check_value(name, parameter, as_text(value))


def check_previous(given: list[Model], before: Model) -> None:
    """`given` as the request has it; the previous value of a new parameter is none."""
    for one in given:
        if one.get("UsePreviousValue") and one["ParameterKey"] not in before:
            raise ValidationError(
                f"Invalid input for parameter key {one['ParameterKey']}. Cannot specify"
                " usePreviousValue as true for a parameter key not in the previous template"
            )


def given_or_previous(request: list[Model], before: Model) -> Model:
    """The values of an update; of SSM parameters the previous name, where LocalStack takes the
    value that stood below it.
    """
    values = {}
    for one in request:
        name = one["ParameterKey"]
        if one.get("UsePreviousValue"):
            values[name] = before[name].get("given_value")
            if values[name] is None:
                values[name] = before[name].get("default_value")
        elif "ParameterValue" in one:
            values[name] = one["ParameterValue"]
    return values


def in_texts(resolved: Model) -> Model:
    """Defaults as CloudFormation shows them; YAML's `NoEcho: "false"` is no."""
    for parameter in resolved.values():
        if parameter.get("default_value") is not None:
            parameter["default_value"] = as_text(parameter["default_value"])
        parameter["no_echo"] = as_text(parameter.get("no_echo") or False).lower() == "true"
    return resolved


def _check_value(name: str, parameter: Model, value: str) -> None:
    broken = next((text for text in _broken(parameter, value) if text), None)
    if broken is None:
        return
    told = parameter.get("ConstraintDescription")
    reason = f"failed to satisfy constraint: {told}" if told else broken
    raise ValidationError(f"Parameter '{name}' {reason}")


def _broken(parameter: Model, value: str) -> list[str | None]:
    numeric = parameter.get("Type") == "Number"
    parts = value.split(",") if "List" in str(parameter.get("Type")) else [value]
    allowed = [as_text(one) for one in parameter.get("AllowedValues") or []]
    within = all(part.strip() in allowed for part in parts)
    return [
        "must be one of AllowedValues" if allowed and not within else None,
        "must be a number" if numeric and _number(value) is None else None,
        *_lengths(parameter, value),
        *(_limits(parameter, value) if numeric else []),
        _pattern(parameter, parts),
    ]


def _lengths(parameter: Model, value: str) -> list[str | None]:
    least, most = parameter.get("MinLength"), parameter.get("MaxLength")
    return [
        f"must contain at least {least} characters"
        if least is not None and len(value) < int(least)
        else None,
        f"must contain at most {most} characters"
        if most is not None and len(value) > int(most)
        else None,
    ]


def _limits(parameter: Model, value: str) -> list[str | None]:
    number = _number(value)
    least, most = parameter.get("MinValue"), parameter.get("MaxValue")
    if number is None:
        return []
    return [
        f"must be a number not less than {least}"
        if least is not None and number < Decimal(str(least))
        else None,
        f"must be a number not greater than {most}"
        if most is not None and number > Decimal(str(most))
        else None,
    ]


def _pattern(parameter: Model, parts: list[str]) -> str | None:
    pattern = parameter.get("AllowedPattern")
    if pattern is None or all(re.fullmatch(pattern, part.strip()) for part in parts):
        return None
    return f"must match pattern {pattern}"


def _number(value: str) -> Decimal | None:
    try:
        return Decimal(value)
    except InvalidOperation:
        return None
