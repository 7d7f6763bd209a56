"""The names of an API's members as Step Functions writes them, led by botocore's shapes."""

from __future__ import annotations

from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape


def pascal_case(value: Any, shape: Shape) -> Any:
    """Member names begin with a capital; the keys of maps are the user's and stay as they are."""
    if isinstance(shape, StructureShape):
        return {capital(k): pascal_case(one, shape.members[k]) for k, one in value.items()}
    if isinstance(shape, ListShape):
        return [pascal_case(one, shape.member) for one in value]
    if isinstance(shape, MapShape):
        return {key: pascal_case(one, shape.value) for key, one in value.items()}
    return value


def capital(name: str) -> str:
    return name[:1].upper() + name[1:]


def small(name: str) -> str:
    return name[:1].lower() + name[1:]
