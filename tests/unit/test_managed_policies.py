"""IAM's state as it is stored: AWS's own policies come back as they were, in little room."""

from __future__ import annotations

import pytest
from localstack.state import pickle
from moto.iam.models import IAMBackend

from services.edge.service_state import iam

READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"


@pytest.fixture
def backend(monkeypatch):
    monkeypatch.setenv("MOTO_IAM_LOAD_MANAGED_POLICIES", "true")
    iam.make_storable(None)
    return IAMBackend("aws", "000000000000")


def told(policy):
    return {**vars(policy), "versions": [vars(version) for version in policy.versions]}


def test_all_policies_come_back_as_they_were(backend):
    backend.managed_policies[READ_ONLY].attachment_count = 2
    stored = pickle.dumps(backend.managed_policies)
    assert len(stored) < 300_000
    restored = pickle.loads(stored)
    assert len(restored) > 1000
    before = {arn: told(policy) for arn, policy in backend.managed_policies.items()}
    assert {arn: told(policy) for arn, policy in restored.items()} == before


def test_a_policy_that_was_changed_keeps_its_change(backend):
    changed = backend.managed_policies[READ_ONLY]
    changed.tags = {"whose": {"Key": "whose", "Value": "mine"}}
    assert told(pickle.loads(pickle.dumps(changed))) == told(changed)
