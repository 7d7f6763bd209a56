"""The tree of conditions that a filter of partitions is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True)
class Comparison:
    key: str
    operator: str
    literal: str


@dataclass(frozen=True)
class Between:
    key: str
    low: str
    high: str


@dataclass(frozen=True)
class In:
    key: str
    literals: tuple[str, ...]


@dataclass(frozen=True)
class Like:
    key: str
    pattern: str


@dataclass(frozen=True)
class IsNull:
    key: str


@dataclass(frozen=True)
class Not:
    condition: Condition


@dataclass(frozen=True)
class And:
    conditions: tuple[Condition, ...]


@dataclass(frozen=True)
class Or:
    conditions: tuple[Condition, ...]


Condition: TypeAlias = Comparison | Between | In | Like | IsNull | Not | And | Or
