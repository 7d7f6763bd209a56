"""What is deployed: deterministic zips, keys by content, the refusals of the AWS target."""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest

from aws_bootstrap import apply, plan, target
from aws_bootstrap.buckets import ensure_objects
from aws_bootstrap.package import PackageError, content_key, package, zip_of
from pipeline.names import ResourceNames

ROOT = Path(__file__).resolve().parents[2]


def _repository(root: Path) -> Path:
    for name, text in {
        "services/lambdas/project6-calendly-webhook-ingestion.py": "ingest = 1\n",
        "services/lambdas/project6-trigger-code-pipeline.py": "trigger = 1\n",
        "services/lambdas/project6-update-functions.py": "update = 1\n",
        "spark_jobs/project6-marketing-bronze.py": "marketing = 1\n",
        "spark_jobs/project6-silver-events.py": "events = 1\n",
        "spark_jobs/project6-silver-marketing.py": "spend = 1\n",
        "spark_jobs/project6-gold.py": "gold = 1\n",
        "spark_jobs/lakehouse/__init__.py": "",
        "spark_jobs/lakehouse/channels.json": "{}",
        "spark_jobs/lakehouse/__pycache__/old.cpython-311.pyc": "never",
        "aws_bootstrap/template.yaml": "Resources: {}\n",
        "aws_bootstrap/state_machine.asl.json": "{}",
    }.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def test_a_zip_has_the_same_bytes_whatever_the_order_and_holds_what_it_was_given() -> None:
    files = {"b.py": b"two", "a/x.json": b"one"}

    made = zip_of(files)

    assert made == zip_of(dict(reversed(files.items())))
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == files


def test_a_key_names_its_content() -> None:
    # sha256 of "abc" begins with ba7816bf8f01cfea (FIPS 180-4's example).
    assert content_key("lambdas", "f", ".zip", b"abc") == "lambdas/f-ba7816bf8f01cfea.zip"


def test_the_code_tree_has_sources_by_folder_and_the_library_without_compiled_files(
    tmp_path: Path,
) -> None:
    made = package(_repository(tmp_path))

    assert sorted(made.code) == [
        "Python_codes/project6-calendly-webhook-ingestion.py",
        "Python_codes/project6-trigger-code-pipeline.py",
        "Spark_codes/lakehouse.zip",
        "Spark_codes/project6-gold.py",
        "Spark_codes/project6-marketing-bronze.py",
        "Spark_codes/project6-silver-events.py",
        "Spark_codes/project6-silver-marketing.py",
    ]
    with zipfile.ZipFile(io.BytesIO(made.code["Spark_codes/lakehouse.zip"])) as archive:
        assert archive.namelist() == ["lakehouse/__init__.py", "lakehouse/channels.json"]


def test_changed_code_changes_its_own_key_only(tmp_path: Path) -> None:
    before = package(_repository(tmp_path))
    (tmp_path / "services/lambdas/project6-trigger-code-pipeline.py").write_text("trigger = 2\n")

    after = package(tmp_path)

    assert after.trigger_key != before.trigger_key
    assert after.ingestion_key == before.ingestion_key
    assert after.update_key == before.update_key
    assert after.state_machine_key == before.state_machine_key
    assert set(after.parts) == {
        after.trigger_key,
        after.ingestion_key,
        after.update_key,
        after.state_machine_key,
    }


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    _repository(tmp_path)
    (tmp_path / "spark_jobs/project6-gold.py").unlink()

    with pytest.raises(PackageError, match=r"spark_jobs/project6-gold\.py"):
        package(tmp_path)


REPOSITORY = {
    "repository_url": "https://ana@git.example.com/acme/lake.git",
    "connection_arn": "arn:aws:codeconnections:us-east-1:000000000000:connection/c",
    "code_branch": "deploy",
}


def _aws(
    keys: str, *, prefix: str = "acme-bookings", allow_unsigned: bool = False, **more: str
) -> target.Target:
    return target.aws(
        ResourceNames(prefix),
        keys,
        allow_unsigned=allow_unsigned,
        tolerance_seconds=1,
        **{**REPOSITORY, **more},
    )


def test_aws_refuses_the_seeds_prefix_whose_bucket_names_are_taken() -> None:
    with pytest.raises(target.TargetError, match="unique among all accounts .* --prefix"):
        _aws("secret", prefix="project6")


def test_deliveries_to_aws_need_a_signature_unless_that_is_asked_for() -> None:
    signed, unsigned = _aws("secret"), _aws("secret", allow_unsigned=True)
    assert signed.parameters["RequireSignature"] == "true"
    assert unsigned.parameters["RequireSignature"] == "false"


def test_aws_needs_a_repository_and_a_connection_and_names_the_repository_as_its_host_does() -> (
    None
):
    with pytest.raises(target.TargetError, match="set SOURCE_REPOSITORY_URL"):
        _aws("secret", repository_url="")
    with pytest.raises(target.TargetError, match="SOURCE_CONNECTION_ARN"):
        _aws("secret", connection_arn="")
    with pytest.raises(target.TargetError, match="lake keys set repository-token --aws") as told:
        _aws("secret", repository_url="https://ana:sesame@git.example.com/acme/lake.git")
    assert "sesame" not in str(told.value)

    parameters = _aws("secret", code_branch="live").parameters
    assert parameters["FullRepositoryId"] == "acme/lake"
    assert parameters["BranchName"] == "live"
    assert parameters["ConnectionArn"] == REPOSITORY["connection_arn"]
    assert _aws("k", repository_url="git@git.example.com:acme/lake.git").code.full_id == "acme/lake"


def test_the_state_machine_asks_for_no_value_that_the_template_does_not_give() -> None:
    definition = (ROOT / "aws_bootstrap/state_machine.asl.json").read_text()
    template = (ROOT / "aws_bootstrap/template.yaml").read_text()
    block = template.split("DefinitionSubstitutions:")[1].split("LoggingConfiguration:")[0]

    asked = set(re.findall(r"\$\{(\w+)\}", definition))
    given = set(re.findall(r"^        (\w+):", block, flags=re.MULTILINE))

    assert asked == given


def test_a_failure_has_a_way_out_of_no_state_so_it_stops_what_is_downstream() -> None:
    machine = json.loads((ROOT / "aws_bootstrap/state_machine.asl.json").read_text())
    branches = machine["States"]["BronzeToSilver"]["Branches"]
    states = [*machine["States"].values(), *(s for b in branches for s in b["States"].values())]

    assert len(states) == 6
    assert not [state for state in states if "Catch" in state]
    order = [machine["StartAt"]]
    while following := machine["States"][order[-1]].get("Next"):
        order.append(following)
    assert order == ["DeployCode", "MarketingToBronze", "BronzeToSilver", "SilverToGold"]


def test_a_plan_reads_as_one_line_per_change_and_marks_what_is_replaced() -> None:
    planned = plan.Plan(
        "acme",
        "id",
        creates=False,
        changes=(
            plan.Change("Modify", "AWS::Lambda::Function", "Hook", False),
            plan.Change("Modify", "AWS::S3::Bucket", "Bronze", True),
        ),
    )

    lines = plan.readable(planned).splitlines()

    assert lines[0] == "Change stack acme:"
    assert lines[1].split() == ["Modify", "AWS::Lambda::Function", "Hook"]
    assert lines[2].split() == ["Modify", "AWS::S3::Bucket", "Bronze", "(replaced)"]


def test_the_reasons_of_a_failure_are_the_resources_own_oldest_first() -> None:
    def event(name: str, kind: str, status: str, **more: str) -> dict[str, Any]:
        return {"LogicalResourceId": name, "ResourceType": kind, "ResourceStatus": status, **more}

    newest_first = [
        event("project6", "AWS::CloudFormation::Stack", "CREATE_FAILED"),
        event("Hook", "AWS::Lambda::Function", "CREATE_FAILED", ResourceStatusReason="cancelled"),
        event("Job", "AWS::Glue::Job", "CREATE_FAILED", ResourceStatusReason="no such role"),
        event("Role", "AWS::IAM::Role", "CREATE_COMPLETE"),
    ]

    assert apply.reasons(newest_first) == [
        "  Job (AWS::Glue::Job): no such role",
        "  Hook (AWS::Lambda::Function): cancelled",
    ]


class _Bucket:
    """An S3 client of one bucket, by its documented answers."""

    def __init__(self, listed: list[dict[str, Any]]) -> None:
        self.listed = listed
        self.put: list[str] = []

    def get_paginator(self, _: str) -> _Bucket:
        return self

    def paginate(self, **_: str) -> list[dict[str, Any]]:
        return [{"Contents": self.listed[:1]}, {"Contents": self.listed[1:]}, {}]

    def put_object(self, *, Bucket: str, Key: str, Body: bytes) -> None:
        self.put.append(Key)


def test_only_objects_that_are_missing_or_differ_are_uploaded() -> None:
    # MD5 of "abc" is 900150983cd24fb0d6963f7d28e17f72 (RFC 1321's example).
    same = {"Key": "same", "Size": 3, "ETag": '"900150983cd24fb0d6963f7d28e17f72"'}
    other = {"Key": "other", "Size": 3, "ETag": '"00000000000000000000000000000000"'}
    bucket = _Bucket([same, other])

    put = ensure_objects(bucket, "b", {"same": b"abc", "other": b"abc", "new": b""})

    assert put == bucket.put == ["other", "new"]
