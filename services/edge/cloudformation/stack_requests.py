"""What a request about a stack says: its template, its tags, and what follows a failure."""

from __future__ import annotations

from typing import Any

from localstack.services.cloudformation import api_utils
from localstack.services.cloudformation.engine import template_preparer
from localstack.services.cloudformation.engine.validations import ValidationError

from services.edge.cloudformation import capabilities
from services.edge.cloudformation.deployments import Options

Model = dict[str, Any]
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
LARGEST_BODY = 51_200


def body(request: Any, stack: Any = None) -> str:
    """The template's text, given, at an address, or the stack's own."""
    given = [name for name in ("TemplateBody", "TemplateURL") if request.get(name)]
    if request.get("UsePreviousTemplate"):
        given.append("UsePreviousTemplate")
    if len(given) != 1:
        raise ValidationError("Specify exactly one of 'TemplateBody' or 'TemplateUrl'")
    if given == ["UsePreviousTemplate"]:
        return str(stack.template_body)
    if len(request.get("TemplateBody") or "") > LARGEST_BODY:
        raise ValidationError(
            "1 validation error detected: Value at 'templateBody' failed to satisfy constraint:"
            f" Member must have length less than or equal to {LARGEST_BODY}"
        )
    return str(api_utils.extract_template_body(request))


def parsed(text: str, request: Any) -> Model:
    """The template, where the caller has acknowledged what it does."""
    try:
        template = template_preparer.parse_template(text)
    except Exception as error:
        raise ValidationError(f"Template format error: {error}") from error
    if not isinstance(template, dict):
        raise ValidationError("Template format error: unsupported structure.")
    capabilities.check(template, text, request.get("Capabilities") or [])
    return template


def options(request: Any) -> Options:
    """Of CreateStack, UpdateStack, CreateChangeSet and ExecuteChangeSet."""
    chosen = request.get("OnFailure") or request.get("OnStackFailure")
    if chosen and request.get("DisableRollback") is not None and "OnFailure" in request:
        raise ValidationError("You can specify either DisableRollback or OnFailure, but not both.")
    if request.get("DisableRollback"):
        chosen = "DO_NOTHING"
    return Options(chosen or "ROLLBACK", bool(request.get("RetainExceptOnCreate")))


def tags(request: Any, stack: Any) -> Any:
    """Tags that are not given stay; an empty list takes them away."""
    given = request.get("Tags")
    return stack.tags if given is None else given
