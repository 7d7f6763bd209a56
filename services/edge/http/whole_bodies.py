"""No handler of LocalStack's chain acts on half a body, or on another than was sent."""

from __future__ import annotations

import io
import zlib
from typing import Any

from localstack.aws import handlers
from localstack.aws.api import ServiceException
from localstack.services.apigateway.next_gen.execute_api.handlers import parse
from localstack.services.lambda_ import urlrouter
from rolo.gateway import Gateway
from werkzeug.datastructures import ImmutableMultiDict

from services.edge.http.bodies import BodyError

INVOKED_PATHS = ("/_aws/execute-api/", "/_user_request_/")
INVOKED_HOSTS = (".execute-api.", ".lambda-url.")
IN_MEMORY_BYTES = 2**30  # more than any call of AWS takes but S3's, which are streamed


def add(gateway: Gateway) -> None:
    """Beside LocalStack's decoder of bodies: by then it is known which requests are S3's."""
    chain = gateway.request_handlers
    place = chain.index(handlers.content_decoder)
    chain[place : place + 1] = [_decoded, read_whole]
    gateway.exception_handlers.insert(0, _named)
    # LocalStack's restore_payload parses forms and writes them anew, multipart ones wrongly.
    parse.restore_payload = urlrouter.restore_payload = _body


def _decoded(chain: Any, context: Any, response: Any) -> None:
    """A function gets its body as it was sent: API Gateway decodes no Content-Encoding here."""
    if not _is_invocation(context.request):
        handlers.content_decoder(chain, context, response)


def read_whole(chain: Any, context: Any, _response: Any) -> None:
    """Read the body before anything acts on it; S3 reads its own, and stores none that is cut."""
    if context.service is not None and context.service.service_name == "s3":
        return
    request = context.request
    if (request.content_length or 0) > IN_MEMORY_BYTES:
        chain.respond(413, {"message": f"Expected a body of at most {IN_MEMORY_BYTES} bytes."})
        return
    try:
        request.get_data(cache=True, parse_form_data=False)
    except BodyError as error:
        _refuse(chain, request, error.message)
    except (OSError, EOFError, zlib.error) as error:
        _refuse(chain, request, f"The body is not what Content-Encoding says: {error}")
    if _is_invocation(request):
        request.form = request.files = ImmutableMultiDict()


def _refuse(chain: Any, request: Any, message: str) -> None:
    request.stream = io.BytesIO()  # whoever looks at it later would meet the error again
    chain.respond(400, {"message": message})


def _named(_chain: Any, exception: Exception, context: Any, _response: Any) -> None:
    """LocalStack writes an error only as one of an operation; any does."""
    if isinstance(exception, ServiceException) and context.service and context.operation is None:
        context.operation = context.service.operation_model(context.service.operation_names[0])


def _is_invocation(request: Any) -> bool:
    """Whether the request is for a deployed REST API or a function's URL, not for AWS itself."""
    return any(part in request.path for part in INVOKED_PATHS) or any(
        part in request.host for part in INVOKED_HOSTS
    )


def _body(request: Any) -> bytes:
    data: bytes = request.get_data(cache=True, parse_form_data=False)
    return data
