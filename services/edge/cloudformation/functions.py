"""Intrinsic functions over resolved arguments.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
"""

from __future__ import annotations

import ipaddress
import json
from typing import Any

from localstack.services.cloudformation.engine.validations import ValidationError

from services.edge.cloudformation.coercion import as_text

SELECT = "Fn::Select requires a list argument with two elements: an integer index and a list"


def sub_arguments(arguments: Any) -> tuple[str, dict[str, Any]]:
    """The text and the variables of its own."""
    if isinstance(arguments, str):
        return arguments, {}
    if isinstance(arguments, list) and len(arguments) == 2:
        text, own = arguments
        if isinstance(text, str) and isinstance(own, dict):
            return text, own
    raise ValidationError(
        "Template error: One or more Fn::Sub intrinsic functions don't specify expected arguments."
        " Specify a string as first argument, and an optional second argument to specify a mapping"
        " of values to replace in the string"
    )


def attribute(name: str) -> tuple[str, str]:
    """`A.B.C` is the attribute `B.C` of A."""
    resource, _, rest = name.partition(".")
    return resource, rest


def join(arguments: Any) -> str:
    if not (isinstance(arguments, list) and len(arguments) == 2):
        raise ValidationError(
            "Template error: every Fn::Join object requires two parameters, (1) a string delimiter"
            " and (2) a list of strings to be joined"
        )
    delimiter, values = arguments
    if values == "":  # a reference to an empty list
        return ""
    if not isinstance(values, list):
        raise RuntimeError(f"Fn::Join needs a list, but found {values!r}")
    return str(delimiter).join(as_text(value) for value in values if value is not None)


def select(arguments: Any) -> Any:
    if not (isinstance(arguments, list) and len(arguments) == 2):
        raise ValidationError(f"Template error: {SELECT}")
    index, values = arguments
    if not isinstance(values, list) or not values:
        raise ValidationError(f"Template error: {SELECT}")
    if not all(isinstance(value, str | int | float | bool) for value in values):
        # LocalStack's plan of a change set goes on where a part is not known yet.
        raise RuntimeError("Fn::Select list contains unresolved elements")
    try:
        position = int(index)
    except (TypeError, ValueError) as error:
        raise ValidationError(f"Template error: {SELECT}") from error
    if not 0 <= position < len(values):
        raise ValidationError(
            f"Template error: Fn::Select cannot select nonexistent value at index {position}"
        )
    return values[position]


def length(value: Any) -> int:
    if not isinstance(value, list):
        raise ValidationError("Template error: Fn::Length requires a list")
    return len(value)


def as_json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def zones(region: str) -> list[str]:
    """The names of a region's availability zones."""
    from moto.ec2.models.availability_zones_and_regions import (  # heavy, and rarely wanted
        RegionsAndZonesBackend,
    )

    found = RegionsAndZonesBackend.zones.get(region)
    if not found:
        raise ValidationError(f"Template error: Fn::GetAZs: there is no region {region!r}")
    return [str(zone.name) for zone in found]


def cidr(arguments: Any) -> list[str]:
    """The first blocks of a network; the third argument counts the bits of each block's hosts."""
    if not (isinstance(arguments, list) and len(arguments) in (2, 3)):
        raise ValidationError(
            "Template error: Fn::Cidr requires an IP block, a count and the number of subnet bits"
        )
    try:
        network = ipaddress.ip_network(str(arguments[0]), strict=False)
        count, bits = int(arguments[1]), int(arguments[2]) if len(arguments) == 3 else 8
    except ValueError as error:
        raise ValidationError(f"Template error: Fn::Cidr: {error}") from error
    prefix = network.max_prefixlen - bits
    if not 1 <= count <= 256 or not network.prefixlen <= prefix <= network.max_prefixlen:
        raise ValidationError(
            f"Template error: Fn::Cidr: {arguments[0]} holds no {count} blocks of {bits} bits"
        )
    if count > 2 ** (prefix - network.prefixlen):
        raise ValidationError(
            f"Template error: Fn::Cidr: {arguments[0]} holds no {count} blocks of {bits} bits"
        )
    blocks = network.subnets(new_prefix=prefix)
    return [str(next(blocks)) for _ in range(count)]


def equal(arguments: Any) -> bool:
    """As texts, which all parameters are: a parameter "0" equals the number 0."""
    one, other = arguments
    if all(isinstance(each, str | int | float) for each in (one, other)):
        return as_text(one) == as_text(other)
    return bool(one == other)
