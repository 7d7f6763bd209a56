"""The Condition element of a statement: does what is known of a request fulfil it?

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
and, for several values, reference_policies_condition-logic-multiple-context-keys-or-values.html
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from services.edge.permissions.policies import patterns
from services.edge.permissions.policies.patterns import Context, UnresolvedError

Compare = Callable[[str, str], bool]
ANY, ALL = "foranyvalue:", "forallvalues:"
IF_EXISTS = "ifexists"
NULL = "null"


class UnknownOperatorError(ValueError):
    """AWS takes no policy with such an operator; the message names it."""


@dataclass(frozen=True)
class Condition:
    """One key of one operator: `values` are alternatives, and for a negated operator all apply."""

    operator: str
    key: str
    values: tuple[str, ...]
    if_exists: bool = False
    # "", ANY or ALL: how a key with several values is compared.
    quantifier: str = ""

    def is_met(self, context: Context) -> bool:
        found = context.get(self.key, ())
        if self.operator == NULL:
            return any((not found) == (value.lower() == "true") for value in self.values)
        negated = self.operator in NEGATED
        if not found:
            if self.quantifier:
                return self.quantifier == ALL or self.if_exists
            return negated or self.if_exists
        answers = (self._answer(value, context) is not negated for value in found)
        return all(answers) if self.quantifier == ALL else any(answers)

    def _answer(self, found: str, context: Context) -> bool:
        """Whether one of the wanted values, by the operator without its `Not`, is the found one."""
        operator = NEGATED.get(self.operator, self.operator)
        compare, has_wildcards = OPERATORS[operator]
        for value in self.values:
            with suppress(UnresolvedError, ValueError):
                wanted = patterns.resolved(value, context, quoted=has_wildcards)
                if compare(wanted, found):
                    return True
        return False


def conditions_of(element: Mapping[str, Any]) -> tuple[Condition, ...]:
    """Raises UnknownOperatorError."""
    return tuple(
        _condition(operator, key, values)
        for operator, keys in element.items()
        for key, values in keys.items()
    )


def _condition(operator: str, key: str, values: Any) -> Condition:
    rest, quantifier = operator.lower(), ""
    for prefix in (ANY, ALL):
        if rest.startswith(prefix):
            rest, quantifier = rest.removeprefix(prefix), prefix
    if_exists = rest.endswith(IF_EXISTS) and rest != IF_EXISTS
    rest = rest.removesuffix(IF_EXISTS)
    if rest not in (*OPERATORS, *NEGATED, NULL):
        raise UnknownOperatorError(f"Expected a condition operator of IAM, found {operator}")
    listed = values if isinstance(values, list) else [values]
    return Condition(rest, key.lower(), tuple(map(as_text, listed)), if_exists, quantifier)


def as_text(value: Any) -> str:
    """JSON's true and false as a policy writes them in quotes."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _in_network(wanted: str, found: str) -> bool:
    return ipaddress.ip_address(found) in ipaddress.ip_network(wanted, strict=False)


def _moment(text: str) -> float:
    with suppress(ValueError):
        return float(text)
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _equal_case_ignored(wanted: str, found: str) -> bool:
    return wanted.casefold() == found.casefold()


# What compares a wanted value with one of the request, and whether the wanted one has wildcards.
OPERATORS: dict[str, tuple[Compare, bool]] = {
    "stringequals": (lambda wanted, found: wanted == found, False),
    "stringequalsignorecase": (_equal_case_ignored, False),
    "stringlike": (patterns.matches_text, True),
    "numericequals": (lambda wanted, found: float(found) == float(wanted), False),
    "numericlessthan": (lambda wanted, found: float(found) < float(wanted), False),
    "numericlessthanequals": (lambda wanted, found: float(found) <= float(wanted), False),
    "numericgreaterthan": (lambda wanted, found: float(found) > float(wanted), False),
    "numericgreaterthanequals": (lambda wanted, found: float(found) >= float(wanted), False),
    "dateequals": (lambda wanted, found: _moment(found) == _moment(wanted), False),
    "datelessthan": (lambda wanted, found: _moment(found) < _moment(wanted), False),
    "datelessthanequals": (lambda wanted, found: _moment(found) <= _moment(wanted), False),
    "dategreaterthan": (lambda wanted, found: _moment(found) > _moment(wanted), False),
    "dategreaterthanequals": (lambda wanted, found: _moment(found) >= _moment(wanted), False),
    "bool": (_equal_case_ignored, False),
    "binaryequals": (lambda wanted, found: wanted == found, False),
    "ipaddress": (_in_network, False),
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html:
    # ArnEquals and ArnLike behave identically.
    "arnequals": (patterns.matches_arn, True),
    "arnlike": (patterns.matches_arn, True),
}
NEGATED = {
    "stringnotequals": "stringequals",
    "stringnotequalsignorecase": "stringequalsignorecase",
    "stringnotlike": "stringlike",
    "numericnotequals": "numericequals",
    "datenotequals": "dateequals",
    "notipaddress": "ipaddress",
    "arnnotequals": "arnequals",
    "arnnotlike": "arnlike",
}
