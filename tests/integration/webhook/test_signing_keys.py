"""The webhook's signing keys in Secrets Manager: rotated without a deployment, shown nowhere."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from services.calendly.signature import HEADER, signature
from tests.support.stack import Stack

FUNCTION, SECRET = "project6-calendly-webhook-ingestion", "project6-calendly-signing-keys"
BODY = b'{"event": "invitee.created", "created_at": "2026-01-16T10:00:00.000000Z"}'
AT_ONCE = 15.0  # a signature that no key fits lets them be read, at most every five seconds


@pytest.fixture(autouse=True)
def first_key(webhook: Stack) -> Iterator[None]:
    """What `lake deploy` had put is there again for those who come after."""
    yield
    put(webhook, "local-signing-key")
    start_anew(webhook)


def put(webhook: Stack, keys: str) -> None:
    webhook.client("secretsmanager").put_secret_value(SecretId=SECRET, SecretString=keys)


def start_anew(webhook: Stack) -> None:
    """As a cold start, without what the function has kept."""
    described = f"begun at {time.time()}"
    functions = webhook.client("lambda")
    functions.update_function_configuration(FunctionName=FUNCTION, Description=described)
    functions.get_waiter("function_updated_v2").wait(FunctionName=FUNCTION)


def sent(webhook: Stack, key: str) -> tuple[int, str]:
    answer = webhook.post(BODY, {HEADER: signature(key, BODY, int(time.time()))})
    return answer.status_code, answer.json()["message"]


def test_a_rotated_key_is_taken_at_once_and_nothing_is_deployed(
    webhook: Stack, tmp_path: Path
) -> None:
    functions = webhook.client("lambda")
    before = functions.get_function_configuration(FunctionName=FUNCTION)
    assert sent(webhook, "local-signing-key")[0] == 200
    assert sent(webhook, "new-key") == (401, "The signature does not fit the body")
    (tmp_path / "key").write_text("new-key\n")
    webhook.lake("keys", "rotate", "--file", str(tmp_path / "key"))
    webhook.wait_for(lambda: sent(webhook, "new-key")[0] == 200, AT_ONCE)
    assert sent(webhook, "local-signing-key")[0] == 200
    (tmp_path / "body").write_bytes(BODY)
    assert "(200)" in webhook.lake("send", str(tmp_path / "body"))
    after = functions.get_function_configuration(FunctionName=FUNCTION)
    assert after["RevisionId"] == before["RevisionId"]

    webhook.lake("keys", "retire")
    webhook.lake("deploy")  # leaves the key that is there
    start_anew(webhook)
    assert sent(webhook, "new-key")[0] == 200
    assert sent(webhook, "local-signing-key")[0] == 401


def test_without_a_key_signed_deliveries_are_500_and_the_console_says_what_to_do(
    webhook: Stack, tmp_path: Path
) -> None:
    put(webhook, " , ")
    start_anew(webhook)
    status, told = sent(webhook, "local-signing-key")
    assert (status, "Expected signing keys in the secret, found none" in told) == (500, True)
    (tmp_path / "body").write_bytes(BODY)
    told = webhook.lake("send", str(tmp_path / "body"), expect=1, with_errors=True)
    assert f"Expected a signing key in the secret {SECRET}, found none" in told
    assert "lake keys set signing-keys" in told


def test_a_key_is_in_no_description_variable_process_log_or_file(
    webhook: Stack, tmp_path: Path
) -> None:
    key = "sesame-of-the-tests"
    (tmp_path / "key").write_text(key)
    told = webhook.lake("keys", "set", "signing-keys", "--file", str(tmp_path / "key"))
    start_anew(webhook)
    assert sent(webhook, key)[0] == 200
    assert sent(webhook, key + "x")[0] == 401
    told += webhook.lake("keys", "show", "--json") + webhook.lake("deploy", with_errors=True)
    told += "".join(map(str, described(webhook)))
    assert SECRET in told and FUNCTION in told
    assert key not in told

    commands = {str(p.cmdline()): str(p.environ()) for p in processes_of(webhook)}
    assert any("project6-calendly-webhook-ingestion" in command for command in commands)
    assert key not in str(commands)
    assert not [found for found in commands.values() if "CALENDLY_SIGNING_KEYS" in found]

    files = [path for path in webhook.folder.rglob("*") if path.is_file()]
    holding = {path.name.partition("-")[0] for path in files if key.encode() in path.read_bytes()}
    assert holding == {"services.sqlite"}  # Secrets Manager's own, readable by its user alone


def described(webhook: Stack) -> Iterator[Any]:
    stacks, functions = webhook.client("cloudformation"), webhook.client("lambda")
    yield functions.get_function(FunctionName=FUNCTION)
    for name in ("describe_stacks", "describe_stack_events", "describe_stack_resources"):
        yield getattr(stacks, name)(StackName="project6")
    yield stacks.get_template(StackName="project6")["TemplateBody"]
    stacks.detect_stack_drift(StackName="project6")
    yield stacks.describe_stack_resource_drifts(StackName="project6")
    secrets = webhook.client("secretsmanager")
    yield secrets.describe_secret(SecretId=SECRET)
    yield secrets.list_secrets()
    yield webhook.log_text(f"/aws/lambda/{FUNCTION}")


def processes_of(webhook: Stack) -> list[psutil.Process]:
    """The stack's own: the edge, and the functions that it runs, among others."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get("LAKE_DIR") == str(webhook.folder):
                found += [process, *process.children(recursive=True)]
        except psutil.Error:
            continue
    return found
