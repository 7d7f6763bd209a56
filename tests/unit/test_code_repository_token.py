"""The code is pushed with the token that Secrets Manager holds, to a host that asks for it."""

from __future__ import annotations

import base64
import gc
import threading
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from dulwich.repo import Repo
from dulwich.server import DictBackend
from dulwich.web import make_wsgi_chain

from aws_bootstrap import target
from aws_bootstrap.code_repository import RepositoryError
from aws_bootstrap.deployment import Deployment
from aws_bootstrap.package import package
from aws_bootstrap.promotion import preflight
from lake.settings import ROOT
from pipeline.names import ResourceNames
from tests.support.webhook_function import Secret, wired

TOKEN = "sesame-of-the-tests"


class Quiet(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def host(tmp_path: Path) -> Iterator[tuple[str, Repo, list[str]]]:
    """A git host that wants the token: its repository's address, the repository, who came."""
    repository = Repo.init_bare(tmp_path / "lake.git", mkdir=True)
    served = make_wsgi_chain(DictBackend({"/acme/lake.git": repository}))
    users: list[str] = []

    def asking(environ: dict[str, Any], start: Any) -> Any:
        given = base64.b64decode(environ.get("HTTP_AUTHORIZATION", "").removeprefix("Basic "))
        user, _, password = given.decode().partition(":")
        if password != TOKEN:
            start("401 Unauthorized", [("WWW-Authenticate", "Basic"), ("Content-Length", "0")])
            return []
        users.append(user)
        return served(environ, start)

    with make_server("127.0.0.1", 0, asking, handler_class=Quiet) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/acme/lake.git", repository, users
        server.shutdown()
    repository.close()
    # dulwich leaves the socket open on which it was refused.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


def deployment(url: str, token: str | None) -> Deployment:
    where = target.aws(
        ResourceNames("acme-lake"),
        "key",
        allow_unsigned=False,
        tolerance_seconds=60,
        repository_url=url,
        connection_arn="arn:aws:codeconnections:us-east-1:123456789012:connection/c",
        code_branch="deploy",
    )
    secret = wired("secretsmanager", Secret(token))
    return Deployment(where, package(ROOT), [], lambda _: secret)


def test_the_token_of_secrets_manager_opens_the_repository(
    host: tuple[str, Repo, list[str]],
) -> None:
    url, repository, users = host
    published = deployment(url, TOKEN).publish()
    assert published.pushed
    assert repository.refs[b"refs/heads/deploy"].decode() == published.commit
    assert set(users) == {"git"}
    [check] = preflight.repository(deployment(url, TOKEN).repository)
    assert (check.state, check.finding) == ("passed", "acme/lake answers")
    again = deployment(url.replace("http://", "http://ana@"), TOKEN).publish()
    assert not again.pushed
    assert users[-1] == "ana"


def test_a_host_that_does_not_answer_is_a_failed_check_with_its_cure() -> None:
    [check] = preflight.repository(deployment("http://127.0.0.1:9/acme/lake.git", None).repository)
    assert (check.state, "acme/lake cannot be read" in check.finding) == ("failed", True)
    assert check.cure == "check SOURCE_REPOSITORY_URL and the network"


@pytest.mark.parametrize(
    ("token", "told"),
    [(None, "asks for a token, and there is none"), ("another-sesame", "refuses the token")],
)
def test_a_host_that_does_not_take_the_token_is_told_with_the_cure_and_without_the_token(
    host: tuple[str, Repo, list[str]], token: str | None, told: str
) -> None:
    made = deployment(host[0], token)
    with pytest.raises(RepositoryError, match=told) as raised:
        made.publish()
    assert "lake keys set repository-token" in str(raised.value)
    assert "sesame" not in str(raised.value) + repr(made)
    [check] = preflight.repository(made.repository)
    assert (check.state, told in check.finding) == ("failed", True)
    assert "lake keys set repository-token" in check.cure
