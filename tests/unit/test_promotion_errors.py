"""A call that AWS refuses in the middle of a command: one message with AWS's words and the cure."""

from __future__ import annotations

import pytest
import typer
from botocore.exceptions import EndpointConnectionError, UnauthorizedSSOTokenError

from lake import promotions
from tests.support.stubbed_account import Account

DENIED = (
    "User: arn:aws:iam::123456789012:user/ana is not authorized to perform:"
    " cloudformation:CreateChangeSet on resource: stack/acme-lake"
)


@pytest.mark.parametrize(
    ("code", "message", "words"),
    [
        (
            "AccessDenied",
            DENIED,
            (
                "The caller lacks the permission for CreateChangeSet (AccessDenied)",
                "is not authorized to perform: cloudformation:CreateChangeSet",
                "Have it added to the caller's policies, then repeat the command",
            ),
        ),
        (
            "ExpiredToken",
            "The security token included in the request is expired",
            ("has ended (ExpiredToken): log in by `aws sso login`", "it goes on from there"),
        ),
        ("LimitExceeded", "Too many stacks", ("(LimitExceeded)", "Too many stacks")),
    ],
)
def test_a_refusal_names_the_call_aws_s_reason_and_what_to_do(
    code: str, message: str, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    account = Account()
    account.stub("cloudformation").add_client_error("create_change_set", code, message, 403)

    with pytest.raises(typer.Exit) as ended, promotions.errors_shown():
        account.client("cloudformation").create_change_set(StackName="acme", ChangeSetName="c")

    said = capsys.readouterr().err
    assert ended.value.exit_code == 1
    for each in words:
        assert each in said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (EndpointConnectionError(endpoint_url="https://x"), "check --region and the network"),
        (UnauthorizedSSOTokenError(), "log in by `aws sso login`"),
    ],
)
def test_a_network_and_a_login_that_are_gone_are_said_with_the_cure(
    error: Exception, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(typer.Exit), promotions.errors_shown():
        raise error
    assert words in capsys.readouterr().err
