"""An endpoint that has the pipeline's buckets and refuses what a test names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

EMPTY = {"states": '{"executions": []}'}


@contextmanager
def refusing(codes: Mapping[str, str]) -> Iterator[str]:
    """The endpoint's address; `codes` are the errors by service, as its requests are signed.

    S3 answers as one whose buckets are empty; there is a stack, no execution and no code pipeline.
    """

    known = {"codepipeline": "PipelineNotFoundException", **codes}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            service = signed_for(self.headers.get("Authorization", ""))
            code = known.get(service)
            if service == "s3":
                status, body = s3(self.path, code)
            elif service == "cloudformation":
                status, body = 200 if code is None else 403, cloudformation(code)
            else:
                told = f'{{"__type": "{code}", "message": "the reason of {code}"}}'
                status, body = (200, EMPTY.get(service, "{}")) if code is None else (400, told)
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body.encode())

        do_GET = do_HEAD = do_POST = answer

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def signed_for(authorization: str) -> str:
    """E.g. `s3`, of `AWS4-HMAC-SHA256 Credential=test/20260114/us-east-1/s3/aws4_request, ...`."""
    return authorization.partition("Credential=")[2].partition(",")[0].split("/")[3:4][0]


def s3(path: str, code: str | None) -> tuple[int, str]:
    if code is not None:
        return 403, f"<Error><Code>{code}</Code><Message>the reason of {code}</Message></Error>"
    if "list-type" in path:
        return 200, "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>"
    is_object = path.partition("?")[0].strip("/").count("/")
    if is_object:
        return 404, "<Error><Code>NoSuchKey</Code><Message>none</Message></Error>"
    return 200, ""


def cloudformation(code: str | None) -> str:
    if code is not None:
        error = f"<Error><Code>{code}</Code><Message>the reason of {code}</Message></Error>"
        return f"<ErrorResponse>{error}</ErrorResponse>"
    machine = "arn:aws:states:us-east-1:000000000000:stateMachine:project6-state-machine"
    return (
        "<DescribeStacksResponse><DescribeStacksResult><Stacks><member>"
        "<StackName>project6</StackName><StackStatus>CREATE_COMPLETE</StackStatus>"
        "<CreationTime>2026-01-14T00:00:00Z</CreationTime><Outputs><member>"
        f"<OutputKey>StateMachineArn</OutputKey><OutputValue>{machine}</OutputValue>"
        "</member></Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>"
    )
