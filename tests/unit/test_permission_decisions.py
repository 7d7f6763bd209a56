"""AWS's evaluation logic, case by case as its user guide of IAM documents it.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

import json

import pytest

from services.edge.permissions.policies.decision import Policies, decide
from services.edge.permissions.policies.statements import Principal, Request

ROLE = "arn:aws:iam::111122223333:role/reader"
SESSION = "arn:aws:sts::111122223333:assumed-role/reader/run-1"
READER = Principal(arn=SESSION, identity=ROLE, account="111122223333")
OBJECT = "arn:aws:s3:::lake/events/a.json"
NO_IDENTITY = "because no identity-based policy allows the s3:GetObject action"
NO_RESOURCE = "because no resource-based policy allows the s3:GetObject action"
NO_BOUNDARY = "because no permissions boundary allows the s3:GetObject action"
NO_SESSION = "because no session policy allows the s3:GetObject action"


def policy(effect="Allow", action="s3:GetObject", resource="arn:aws:s3:::lake/*", **more):
    statement = {"Effect": effect, "Action": action, "Resource": resource, **more}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def granted(principal, effect="Allow", **more):
    return policy(effect, Principal=principal, **more)


def decided(action="s3:GetObject", on=OBJECT, principal=READER, context=(), **policies):
    request = Request(action, on, {name: tuple(values) for name, values in context})
    return decide(request, principal, Policies(**policies))


@pytest.mark.parametrize(
    ("policies", "because"),
    [
        ({}, NO_IDENTITY),
        ({"identity": (policy(),)}, ""),
        ({"identity": (policy(), policy("Deny"))},
         "with an explicit deny in an identity-based policy"),
        ({"identity": (policy(action="s3:PutObject"),)}, NO_IDENTITY),
        # In one account either side suffices ...
        ({"resource": granted({"AWS": ROLE})}, ""),
        ({"resource": granted("*")}, ""),
        ({"resource": granted({"AWS": "arn:aws:iam::111122223333:role/other"})}, NO_IDENTITY),
        # ... but an account that is named leaves it to its identities' policies.
        ({"resource": granted({"AWS": "111122223333"})}, NO_IDENTITY),
        ({"resource": granted({"AWS": "arn:aws:iam::111122223333:root"})}, NO_IDENTITY),
        ({"identity": (policy(),), "resource": granted("*", "Deny")},
         "with an explicit deny in a resource-based policy"),
        ({"identity": (policy(),), "resource": granted({"AWS": "111122223333"}, "Deny")},
         "with an explicit deny in a resource-based policy"),
        # Between accounts both have to allow.
        ({"owner": "444455556666", "identity": (policy(),)}, NO_RESOURCE),
        ({"owner": "444455556666", "resource": granted({"AWS": ROLE})}, NO_IDENTITY),
        ({"owner": "444455556666", "identity": (policy(),),
          "resource": granted({"AWS": ROLE})}, ""),
        ({"owner": "444455556666", "identity": (policy(),),
          "resource": granted({"AWS": "111122223333"})}, ""),
        # A boundary grants nothing, and limits.
        ({"boundary": policy()}, NO_IDENTITY),
        ({"identity": (policy(),), "boundary": policy()}, ""),
        ({"identity": (policy(),), "boundary": policy(action="s3:PutObject")}, NO_BOUNDARY),
        ({"identity": (policy(),), "boundary": policy("Deny")},
         "with an explicit deny in a permissions boundary"),
        ({"resource": granted({"AWS": ROLE}), "boundary": policy(action="s3:Put*")}, NO_BOUNDARY),
        # What the session itself is granted, neither boundary nor session policy limits.
        ({"resource": granted({"AWS": SESSION}), "boundary": policy(action="s3:Put*")}, ""),
        ({"resource": granted({"AWS": SESSION}), "session": ()}, ""),
        ({"resource": granted({"AWS": SESSION}), "boundary": policy("Deny")},
         "with an explicit deny in a permissions boundary"),
        ({"identity": (policy(),), "session": (policy(),)}, ""),
        ({"identity": (policy(),), "session": (policy(action="s3:Put*"),)}, NO_SESSION),
        ({"resource": granted({"AWS": ROLE}), "session": ()}, NO_SESSION),
        ({"identity": (policy(),), "session": (policy(), policy("Deny"))},
         "with an explicit deny in a session policy"),
    ],
)  # fmt: skip
def test_which_policies_allow_and_what_a_refusal_says(policies, because):
    found = decided(**policies)
    assert (found.allowed, found.because) == (because == "", because)


ROOT = {"AWS": "arn:aws:iam::111122223333:root"}


@pytest.mark.parametrize(
    ("key_policy", "identity", "because"),
    [
        # The key's policy leaves it to the account, and so to the identity's policies.
        (granted(ROOT), True, ""),
        (granted(ROOT), False, NO_IDENTITY),
        # It names the role: that is enough.
        (granted({"AWS": ROLE}), False, ""),
        # It names somebody else: what the role's own policies say does not count.
        (granted({"AWS": "arn:aws:iam::111122223333:role/other"}), True, NO_RESOURCE),
        (granted(ROOT, action="s3:PutObject"), True, NO_RESOURCE),
        (granted({"AWS": ROLE}, "Deny"), True, "with an explicit deny in a resource-based policy"),
    ],
)
def test_a_key_is_used_by_whom_its_policy_lets_in(key_policy, identity, because):
    found = decided(
        resource=key_policy, resource_decides=True, identity=(policy(),) if identity else ()
    )
    assert (found.allowed, found.because) == (because == "", because)


@pytest.mark.parametrize(
    ("pattern", "action", "is_match"),
    [
        ("s3:GetObject", "s3:GetObject", True),
        ("S3:getobject", "s3:GetObject", True),
        ("s3:Get*", "s3:GetObject", True),
        ("s3:Get?bject", "s3:GetObject", True),
        ("s3:*Object", "s3:GetObjectAcl", False),
        ("*", "s3:GetObject", True),
        ("s3.GetObject", "s3:GetObject", False),
        ("s3:GetObject", "s3:GetObjectVersion", False),
        ("s3:*", "glue:GetTable", False),
    ],
)
def test_actions_match_in_any_case_and_with_wildcards(pattern, action, is_match):
    found = decided(action=action, identity=(policy(action=pattern, resource="*"),))
    assert found.allowed is is_match


@pytest.mark.parametrize(
    ("pattern", "resource", "is_match"),
    [
        ("arn:aws:s3:::lake/events/a.json", OBJECT, True),
        ("arn:aws:s3:::lake/*", OBJECT, True),
        ("arn:aws:s3:::*", OBJECT, True),
        ("arn:aws:s3:::lake/events/?.json", OBJECT, True),
        ("arn:aws:s3:::lake/events/??.json", OBJECT, False),
        ("arn:aws:s3:::Lake/*", OBJECT, False),
        ("arn:aws:s3:::lake", OBJECT, False),
        ("arn:aws:s3:::lak.*", OBJECT, False),
        # A wildcard stays in its part of the ARN.
        ("arn:aws:*:lake/*", OBJECT, False),
        ("arn:*:s3:*:*:lake/*", OBJECT, True),
        ("arn:aws:logs:*:*:log-group:/aws/*",
         "arn:aws:logs:us-east-1:111122223333:log-group:/aws/lambda/f:log-stream:s", True),
        ("*", OBJECT, True),
    ],
)  # fmt: skip
def test_resources_match_part_by_part_in_the_case_as_written(pattern, resource, is_match):
    found = decided(on=resource, identity=(policy(resource=pattern),))
    assert found.allowed is is_match


@pytest.mark.parametrize(
    ("statement", "is_allowed"),
    [
        ({"NotAction": "s3:Put*", "Resource": "*"}, True),
        ({"NotAction": ["s3:Get*", "s3:Put*"], "Resource": "*"}, False),
        ({"Action": "*", "NotResource": "arn:aws:s3:::secret/*"}, True),
        ({"Action": "*", "NotResource": ["arn:aws:s3:::lake/*"]}, False),
    ],
)
def test_what_is_excluded_is_not_meant(statement, is_allowed):
    text = json.dumps({"Statement": {"Effect": "Allow", **statement}})
    assert decided(identity=(text,)).allowed is is_allowed


@pytest.mark.parametrize(
    ("resource", "context", "is_match"),
    [
        ("arn:aws:s3:::lake/${aws:username}/*", [("aws:username", ["events"])], True),
        ("arn:aws:s3:::lake/${aws:UserName}/*", [("aws:username", ["events"])], True),
        ("arn:aws:s3:::lake/${aws:username}/*", [("aws:username", ["other"])], False),
        ("arn:aws:s3:::lake/${aws:username}/*", [], False),
        ("arn:aws:s3:::lake/${aws:username, 'events'}/*", [], True),
        # A wildcard in a value is a plain character, and so is one that is written ${*}.
        ("arn:aws:s3:::lake/${aws:username}/a.json", [("aws:username", ["*"])], False),
        ("arn:aws:s3:::lake/${*}/*", [], False),
    ],
)
def test_variables_stand_for_what_is_known_of_the_request(resource, context, is_match):
    assert decided(context=context, identity=(policy(resource=resource),)).allowed is is_match


@pytest.mark.parametrize(
    ("assumer", "trust", "identity", "because"),
    [
        (Principal("", "", "", "glue.amazonaws.com"), {"Service": "glue.amazonaws.com"}, False, ""),
        (Principal("", "", "", "glue.amazonaws.com"), {"Service": "states.amazonaws.com"}, False,
         "because no role trust policy allows the sts:AssumeRole action"),
        (READER, {"AWS": ROLE}, False, ""),
        (READER, {"AWS": "111122223333"}, True, ""),
        (READER, {"AWS": "111122223333"}, False,
         "because no identity-based policy allows the sts:AssumeRole action"),
        (READER, {"Service": "glue.amazonaws.com"}, True,
         "because no role trust policy allows the sts:AssumeRole action"),
    ],
)  # fmt: skip
def test_a_role_is_assumed_by_whom_it_trusts(assumer, trust, identity, because):
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": trust}
    found = decided(
        "sts:AssumeRole",
        "arn:aws:iam::111122223333:role/writer",
        assumer,
        trust=json.dumps({"Statement": [statement]}),
        identity=(policy(action="sts:*", resource="*"),) if identity else (),
    )
    assert (found.allowed, found.because) == (because == "", because)
