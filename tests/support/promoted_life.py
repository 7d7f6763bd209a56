"""The life of a promoted pipeline: planned, applied, changed, proven, removed, taken over, gone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from aws_bootstrap.promotion import carry_out
from tests.support.promoting import (
    ACCOUNT,
    DATA,
    OTHER,
    PREFIX,
    Console,
    buckets_of,
    change_by_hand,
    stack_status,
    update_by_hand,
)
from tests.support.proving import JOBS, Proofs


def lived(console: Console, processes: Any) -> dict[str, Any]:
    """What each step answered, and how things stood after it."""
    stacks = processes.client("cloudformation", account=ACCOUNT)
    s3 = processes.client("s3", account=ACCOUNT)
    seen: dict[str, Any] = {"first plan": console.plan("first.json")}
    seen["after the plan"] = (stack_status(stacks), buckets_of(s3))
    seen["as another"] = console.apply("first.json", account=OTHER)
    seen["with other settings"] = console.apply("first.json", SIGNATURE_TOLERANCE_SECONDS="60")
    seen["ended after"] = {s: console.apply_until("first.json", s) for s in carry_out.STEPS}
    seen["apply again"] = console.apply("first.json")
    seen["after applying"] = stack_status(stacks)
    seen |= _keys(console, processes)
    seen["second plan"] = console.plan("second.json")
    seen["plan of a change"] = console.plan("change.json", SIGNATURE_TOLERANCE_SECONDS="60")
    seen["plan where taken"] = console.plan("taken.json", account=OTHER)
    seen["apply where taken"] = console.apply("taken.json", account=OTHER)
    change_by_hand(processes)
    seen["drifted plan"] = console.plan("drifted.json")
    update_by_hand(stacks)
    seen["stale"] = console.apply("change.json", SIGNATURE_TOLERANCE_SECONDS="60")
    seen |= _proofs(Proofs(console, processes, ACCOUNT), console.folder)
    s3.put_object(Bucket=DATA[0], Key="events/one", Body=b"12345")
    with pytest.raises(ClientError, match="TerminationProtection is enabled"):
        stacks.delete_stack(StackName=PREFIX)
    destroy = ("destroy", "--prefix", PREFIX)
    seen["destroy, only said"] = console.promote(*destroy)
    seen["after saying"] = stack_status(stacks)
    seen["destroy"] = console.promote(*destroy, "--yes")
    seen["after destroying"] = (stack_status(stacks), buckets_of(s3))
    secrets = processes.client("secretsmanager", account=ACCOUNT)
    seen["secrets after destroying"] = secrets.list_secrets()["SecretList"]
    seen["plan with kept data"] = console.plan("kept.json")
    seen["apply over kept data"] = console.apply("kept.json")
    seen["after taking over"] = (
        stack_status(stacks),
        s3.get_object(Bucket=DATA[0], Key="events/one")["Body"].read(),
    )
    seen["plan after taking over"] = console.plan("again.json")
    seen["data asked for wrongly"] = console.promote(*destroy, "--yes", "--delete-data", "yes")
    seen["destroy data"] = console.promote(*destroy, "--yes", "--delete-data", PREFIX)
    seen["in the end"] = buckets_of(s3)
    seen["destroy nothing"] = console.promote(*destroy, "--yes")
    return seen


def _keys(console: Console, processes: Any) -> dict[str, Any]:
    """What the apply made up as a key, and what changes it."""
    secrets = processes.client("secretsmanager", account=ACCOUNT)
    name = f"{PREFIX}-calendly-signing-keys"

    def value() -> str:
        return str(secrets.get_secret_value(SecretId=name)["SecretString"])

    made_up = value()
    seen: dict[str, Any] = {"made up": made_up, "repeated apply": console.apply("first.json")}
    seen["kept"] = value()
    seen["laptop's key"] = console.keys("set", "signing-keys", stdin="local-signing-key")
    seen["rotate"] = console.keys("rotate", "--file", "-", stdin="sesame-of-the-cloud\n")
    seen["both"] = value()
    seen["retire"], seen["newest"] = console.keys("retire"), value()
    seen["token"] = console.keys("set", "repository-token", stdin="sesame-of-the-repository\n")
    seen["keys told"] = console.keys("show")
    return {f"keys: {name}": found for name, found in seen.items()}


def _proofs(proofs: Proofs, folder: Path) -> dict[str, Any]:
    proofs.deploy_the_laptop()
    for side in proofs.sides:
        proofs.put_jobs(*side)
    ended, said = proofs.interrupt_a_proof()
    seen: dict[str, Any] = {"interrupted": (ended, said), "after the interrupt": proofs.left()}
    seen["equal"] = proofs.prove("--json")
    cent = JOBS.replace("MORE_SPEND = 0.0 ", "MORE_SPEND = 0.01 ")
    proofs.put_jobs(PREFIX, ACCOUNT, cent)
    seen["a cent"] = proofs.prove("--html", str(folder / "proof.html"))
    proofs.put_jobs(PREFIX, ACCOUNT, "raise SystemExit('the disk is full')")
    seen["failing"] = proofs.prove()
    seen["after the proofs"] = proofs.left()
    return seen
