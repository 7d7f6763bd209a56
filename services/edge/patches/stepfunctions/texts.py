"""Paths, variables, intrinsic functions and JSONata are evaluated by this project's own package.

LocalStack (asl/component/common/string/string_expression.py) fetches Java 21 for JSONata and for
variables, unwraps a list of one match, and loses what follows an escape in an intrinsic function.
"""

from __future__ import annotations

from typing import Any

from localstack.services.stepfunctions.asl.component.common.query_language import QueryLanguageMode
from localstack.services.stepfunctions.asl.component.common.string import string_expression
from localstack.services.stepfunctions.asl.eval import states
from localstack.utils.patch import Patch

from services.edge.stepfunctions.engine import evaluation


def apply() -> None:
    for module in (states, string_expression):
        Patch(module, "extract_json", evaluation.extracted).apply()
    Patch(string_expression.StringVariableSample, "_eval_body", _eval_variable).apply()
    Patch(string_expression.StringIntrinsicFunction, "_eval_body", _eval_intrinsic).apply()
    Patch(string_expression.StringJSONata, "_eval_body", _eval_jsonata).apply()


def _eval_variable(self: Any, env: Any) -> None:
    if self.query_language_mode == QueryLanguageMode.JSONata:
        env.stack.append(evaluation.query(env, self.expression))
    else:
        env.stack.append(evaluation.looked_up(env, self.expression, None))


def _eval_intrinsic(self: Any, env: Any) -> None:
    data = env.stack[-1] if env.stack else env.states.get_input()
    env.stack.append(evaluation.intrinsic(env, self.literal_value, data))


def _eval_jsonata(self: Any, env: Any) -> None:
    env.stack.append(evaluation.query(env, self.expression))
