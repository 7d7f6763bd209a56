"""The repositories by git's smart HTTP protocol at /_git/<owner>/<name>.git, on the edge's port."""

from __future__ import annotations

import gzip
import io
import re
from collections.abc import Callable
from typing import Any, cast

from dulwich.repo import MemoryRepo
from dulwich.server import Backend, BackendRepo
from dulwich.web import HTTPGitApplication
from localstack.http import Request, Response

from services.edge.codepipeline.git.repositories import NoRepositoryError, Repositories

ADDRESS = re.compile(r"(?P<name>.+)\.git(?P<service>/.+)")


class _Served(Backend):
    """Dulwich's view of the repositories; it asks for them by the path in the URL."""

    def __init__(self, repositories: Repositories) -> None:
        self._repositories = repositories

    def open_repository(self, path: str | bytes) -> BackendRepo:
        text = path.decode() if isinstance(path, bytes) else path
        name = text.strip("/").removesuffix(".git")
        return self._repositories.open(name)


class _Empty(Backend):
    """What a first push is shown: every repository is there, and empty."""

    def open_repository(self, _path: str | bytes) -> BackendRepo:
        return cast(BackendRepo, MemoryRepo())


class GitServer:
    """A first push makes the repository; `pushed` is told of each push before it is answered."""

    def __init__(self, repositories: Repositories, pushed: Callable[[str], None]) -> None:
        self._repositories = repositories
        self._pushed = pushed
        self._application = HTTPGitApplication(_Served(repositories))
        self._before_first_push = HTTPGitApplication(_Empty())

    def __call__(self, request: Request, rest: str) -> Response:
        address = ADDRESS.fullmatch(rest)
        if address is None:
            return Response(f"Expected /_git/<owner>/<name>.git, found /_git/{rest}", 404)
        name, service = address["name"], address["service"]
        is_push = service == "/git-receive-pack" and request.method == "POST"
        try:
            if is_push:
                self._repositories.ensure(name)
            application = self._application_for(name, request.args.get("service"))
        except NoRepositoryError as error:
            return Response(str(error), 404)
        answer = _answer(application, request, f"/{name}.git{service}")
        if is_push:
            self._repositories.follow_first_branch(name)
            self._pushed(name)
        return answer

    def _application_for(self, name: str, service: str | None) -> HTTPGitApplication:
        """A push asks by GET before it comes, and that makes nothing: any page can send a GET."""
        if service == "git-receive-pack" and not self._repositories.has(name):
            return self._before_first_push
        self._repositories.open(name).close()
        return self._application


def _answer(application: HTTPGitApplication, request: Request, path: str) -> Response:
    body = request.get_data()
    if request.headers.get("Content-Encoding") == "gzip":
        body = gzip.decompress(body)
    # Decoded here: what dulwich would do with these headers has been done.
    decoded = ("HTTP_CONTENT_ENCODING", "HTTP_TRANSFER_ENCODING")
    environ: dict[str, Any] = {k: v for k, v in request.environ.items() if k not in decoded}
    environ.update(PATH_INFO=path, CONTENT_LENGTH=str(len(body)))
    environ["wsgi.input"] = io.BytesIO(body)
    return _response(application, environ)


def _response(application: Any, environ: dict[str, Any]) -> Response:
    """The application's whole answer; dulwich hands most of it to WSGI's `write`."""
    chunks: list[bytes] = []
    told: list[Any] = []

    def start_response(status: str, headers: list[tuple[str, str]], _: Any = None) -> Any:
        told[:] = [status, headers]
        return chunks.append

    chunks.extend(application(environ, start_response))
    status, headers = told
    return Response(b"".join(chunks), status=int(status.split()[0]), headers=dict(headers))
