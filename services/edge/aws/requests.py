"""Every request to a checked service, compared with AWS's model before a provider sees it."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

from botocore.model import OperationNotFoundError
from localstack.aws.api import CommonServiceException, ServiceException
from localstack.aws.handlers.service import ServiceRequestParser
from localstack.aws.protocol.parser import (
    OperationNotFoundParserError,
    RequestParserError,
    create_parser,
)
from localstack.utils.patch import patch
from werkzeug.exceptions import BadRequest

from services.edge.aws import constraints, json_types
from services.edge.aws.errors import AwsError, invalid_request

CHECKED = frozenset(
    {
        *("athena", "cloudwatch", "codepipeline", "emr-serverless", "events", "glue", "kms"),
        *("logs", "scheduler", "secretsmanager", "sns", "sqs", "ssm"),
    }
)
QUERY = ("query", "ec2")
MALFORMED_XML = (
    "The XML you provided was not well-formed or did not validate against our published schema"
)
FORM = "application/x-www-form-urlencoded"


def check(_chain: Any, context: Any, _response: Any) -> None:
    """A handler of LocalStack's chain, after the request is parsed and known to be served."""
    if context.service is None or context.operation is None:
        return
    service, shape = context.service.service_name, context.operation.input_shape
    if service not in CHECKED or shape is None:
        return
    found = json_types.problem(shape, _body(context.request))
    found = found or constraints.problem(shape, _present(shape, context.service_request or {}))
    if found:
        raise invalid_request(service, found)


def answer_malformed_requests() -> None:
    """What LocalStack's parser cannot read is the caller's mistake; it answers 500.

    Call once. Corrects localstack/aws/handlers/service.py.
    """

    @patch(ServiceRequestParser.parse_and_enrich)
    def parse_and_enrich(parse: Any, self: Any, context: Any) -> None:
        try:
            parse(self, context)
        except RequestParserError as error:
            if isinstance(error, OperationNotFoundParserError) and context.protocol not in QUERY:
                raise  # a path of none of its calls
            if isinstance(error.__cause__, ServiceException):  # of a body that was cut
                raise error.__cause__ from error
            raise _malformed(context, error) from error


def _malformed(context: Any, error: RequestParserError) -> CommonServiceException:
    """The operation is set in the context: the error's serialiser needs one."""
    service = context.service
    try:
        context.operation = _operation(context)
    except (OperationNotFoundError, KeyError):
        context.operation = service.operation_model(service.operation_names[0])
        return AwsError(*_no_operation(context))
    if service.service_name not in CHECKED:
        return AwsError(*_unreadable(context, error))
    try:
        found = json_types.problem(context.operation.input_shape, _body(context.request))
    except BadRequest:
        return AwsError("SerializationException", "The body of the request is no JSON")
    return invalid_request(service.service_name, found or f"{error}: {error.__cause__}")


def _no_operation(context: Any) -> tuple[str, str]:
    name = context.service.service_name
    if context.protocol not in QUERY:
        return "UnknownOperationException", f"{name} has no such call"
    action = context.request.values.get("Action")
    if action is None:
        return "MissingAction", "The request must contain the parameter Action"
    return "InvalidAction", f"{name} has no call {action}"


def _unreadable(context: Any, error: RequestParserError) -> tuple[str, str]:
    """Code and message of what the protocol does not allow, whatever the operation is."""
    cause = error.__cause__ or error
    if context.service.service_name == "s3":
        if isinstance(cause, ElementTree.ParseError):
            return "MalformedXML", MALFORMED_XML
        return "InvalidArgument", f"A parameter or a header cannot be read: {cause}"
    told = f"The request cannot be read: {cause}"
    if context.service.service_name == "lambda":
        return "InvalidRequestContentException", told
    return ("MalformedInput" if context.protocol in QUERY else "SerializationException"), told


def _operation(context: Any) -> Any:
    router = getattr(create_parser(context.service, context.protocol), "_operation_router", None)
    if router is not None:
        return router.match(context.request)[0]
    if context.protocol in QUERY:
        return context.service.operation_model(context.request.values["Action"])
    name = context.request.headers["X-Amz-Target"].rpartition(".")[2]
    return context.service.operation_model(name)


def _present(shape: Any, request: dict[str, Any]) -> dict[str, Any]:
    """LocalStack has an empty list for a parameter of the URL that is left out."""
    return {
        name: value
        for name, value in request.items()
        if value or shape.members[name].serialization.get("location") != "querystring"
    }


def _body(request: Any) -> Any:
    """The JSON of a request; None where it has no body, or one of CBOR or of a form."""
    if not request.data or request.mimetype.startswith(("application/x-amz-cbor", FORM)):
        return None
    return request.get_json(force=True)
