"""Temporary credentials, what is kept of their use, and what a role is told to have too much."""

from __future__ import annotations

import base64
import json
import time

import pytest

from services.edge.permissions import credentials, report
from services.edge.permissions.actions.needs import Need
from services.edge.permissions.credentials import TokenError
from services.edge.permissions.policies.decision import ALLOWED, Decision
from services.edge.permissions.usage import MOST_ENTRIES, Usage, generalised
from services.edge.store.records import Records

ROLE = "arn:aws:iam::111122223333:role/team/reader"
DENIED = Decision(False, "because no identity-based policy allows the s3:GetObject action")


@pytest.fixture(autouse=True)
def secret(tmp_path, monkeypatch):
    monkeypatch.setenv("LAKE_DIR", str(tmp_path))
    for cached in (credentials._secret, credentials.session_of):
        cached.cache_clear()


def test_credentials_say_whose_they_are_and_are_known_after_a_restart():
    given = credentials.issued(ROLE, "run-1", 900, policies=('{"Statement": []}',))
    credentials._secret.cache_clear()
    credentials.session_of.cache_clear()
    found = credentials.session_of(given.access_key, given.token)
    assert found.arn == "arn:aws:sts::111122223333:assumed-role/reader/run-1"
    assert (found.role_arn, found.account) == (ROLE, "111122223333")
    assert found.policies == ('{"Statement": []}',)
    assert found.expires == given.expires > time.time() + 890


def test_a_token_that_was_changed_or_is_of_another_key_is_none():
    given, other = (credentials.issued(ROLE, name, 900) for name in ("a", "b"))
    with pytest.raises(TokenError, match="another access key"):
        credentials.session_of(other.access_key, given.token)
    body = bytearray(base64.urlsafe_b64decode(given.token))
    body[40] ^= 1
    for token in (base64.urlsafe_b64encode(bytes(body)).decode(), "", "no token", given.token[8:]):
        with pytest.raises(TokenError):
            credentials.session_of(given.access_key, token)


def test_use_is_on_disk_by_role_and_bounded(tmp_path):
    usage = Usage(Records(tmp_path / "edge.sqlite"))
    for number in range(MOST_ENTRIES + 5):
        usage.record(ROLE, Need("s3:GetObject", f"arn:aws:s3:::b{number}/a/1"), ALLOWED)
    usage.record(ROLE, Need("s3:GetObject", "arn:aws:s3:::b0/a/2"), ALLOWED)
    usage.save()
    kept = Usage(Records(tmp_path / "edge.sqlite"))
    assert len(kept.of(ROLE)) == MOST_ENTRIES
    assert kept.left_out(ROLE) == 5
    first = kept.of(ROLE)[0]
    assert (first["resource"], first["count"]) == ("arn:aws:s3:::b0/a/*", 2)
    assert first["examples"] == ["arn:aws:s3:::b0/a/1", "arn:aws:s3:::b0/a/2"]


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        ("arn:aws:s3:::lake/events/d=1/a.json", "arn:aws:s3:::lake/events/*"),
        ("arn:aws:s3:::lake/a.json", "arn:aws:s3:::lake/a.json"),
        ("arn:aws:s3:::lake", "arn:aws:s3:::lake"),
        ("arn:aws:logs:r:1:log-group:/g:log-stream:s", "arn:aws:logs:r:1:log-group:/g:*"),
        ("arn:aws:emr-serverless:r:1:/applications/a/jobruns/b",
         "arn:aws:emr-serverless:r:1:/applications/a/jobruns/*"),
        ("arn:aws:states:r:1:execution:m:e", "arn:aws:states:r:1:execution:m:*"),
        ("*", "*"),
    ],
)  # fmt: skip
def test_what_differs_from_call_to_call_is_left_out(resource, expected):
    assert generalised(resource) == expected


def test_a_role_is_told_what_it_used_what_it_never_uses_and_what_it_lacks(tmp_path):
    statement = {
        "Effect": "Allow",
        "Action": ["s3:GetObject", "s3:Put*"],
        "Resource": ["arn:aws:s3:::lake/in/*", "arn:aws:s3:::lake/out/*"],
    }
    usage = Usage(Records(tmp_path / "edge.sqlite"))
    usage.record(ROLE, Need("s3:GetObject", "arn:aws:s3:::lake/in/d/a"), ALLOWED)
    usage.record(ROLE, Need("s3:PutObject", "arn:aws:s3:::lake/out/*"), ALLOWED)
    for bucket in ("x", "y"):
        usage.record(ROLE, Need("s3:GetObject", f"arn:aws:s3:::{bucket}/in/a"), DENIED)
        usage.record(ROLE, Need("s3:ListBucket", f"arn:aws:s3:::{bucket}"), DENIED)
    emr = {"iam:passedtoservice": ("emr-serverless.amazonaws.com",)}
    usage.record(ROLE, Need("iam:PassRole", "arn:aws:iam::1:role/emr", emr), DENIED)
    usage.record(ROLE, Need("s3:GetObject", "arn:aws:s3:::mended/in/a"), DENIED)
    usage.record(ROLE, Need("sts:AssumeRole", ROLE, {"service": ("glue.amazonaws.com",)}), DENIED)

    def refused_now(entry):
        return "" if "mended" in entry["resource"] else DENIED.because

    policies = [("own", json.dumps({"Statement": [statement]}))]
    found = report.of_role(ROLE, policies, usage.of(ROLE), refused_now)

    assert [(one["action"], one["resource"]) for one in found["used"]] == [
        ("s3:GetObject", "arn:aws:s3:::lake/in/*"),
        ("s3:PutObject", "arn:aws:s3:::lake/out/*"),
    ]
    assert found["unused"] == [
        {"policy": "own", "actions": ["s3:GetObject"], "resource": "arn:aws:s3:::lake/out/*"},
        {"policy": "own", "actions": ["s3:Put*"], "resource": "arn:aws:s3:::lake/in/*"},
    ]
    assert not any("mended" in one["resource"] for one in found["missing"])
    assert found["add"] == [
        {
            "Effect": "Allow",
            "Principal": {"Service": "glue.amazonaws.com"},
            "Action": "sts:AssumeRole",
        },
        {
            "Effect": "Allow",
            "Action": ["iam:PassRole"],
            "Resource": ["arn:aws:iam::1:role/emr"],
            "Condition": {"StringEquals": {"iam:PassedToService": "emr-serverless.amazonaws.com"}},
        },
        {
            "Effect": "Allow",
            "Action": ["s3:GetObject"],
            "Resource": ["arn:aws:s3:::x/in/*", "arn:aws:s3:::y/in/*"],
        },
        {
            "Effect": "Allow",
            "Action": ["s3:ListBucket"],
            "Resource": ["arn:aws:s3:::x", "arn:aws:s3:::y"],
        },
    ]
