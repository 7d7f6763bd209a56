"""S3 after kill -9 of the edge: all that was acknowledged is there, nothing is half there."""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from botocore.exceptions import BotoCoreError, ClientError

from tests.support.process_stack import ProcessStack

BUCKET = "kept"


@pytest.fixture
def stack(tmp_path) -> Iterator[ProcessStack]:
    with ProcessStack(tmp_path) as running:
        running.start_edge()
        running.client("s3").create_bucket(Bucket=BUCKET)
        yield running


def restarted(stack: ProcessStack):
    stack.kill("edge")
    stack.start_edge()
    return stack.client("s3")


def test_objects_come_back_with_their_bytes_metadata_and_tags(stack):
    s3 = stack.client("s3")
    s3.put_object(
        Bucket=BUCKET,
        Key="a b+é",
        Body=b"x" * 700_000,
        Metadata={"colour": "red"},
        ContentType="text/x",
        Tagging="t=1",
    )
    s3.put_object(Bucket=BUCKET, Key="overwritten", Body=b"old")
    s3.put_object(Bucket=BUCKET, Key="overwritten", Body=b"new")
    s3.put_object(Bucket=BUCKET, Key="deleted", Body=b"x")
    s3.delete_object(Bucket=BUCKET, Key="deleted")
    s3.copy_object(Bucket=BUCKET, Key="copied", CopySource=f"{BUCKET}/overwritten")
    before = s3.list_objects_v2(Bucket=BUCKET)["Contents"]

    s3 = restarted(stack)
    assert s3.list_objects_v2(Bucket=BUCKET)["Contents"] == before
    assert [entry["Key"] for entry in before] == ["a b+é", "copied", "overwritten"]
    found = s3.get_object(Bucket=BUCKET, Key="a b+é")
    assert found["Body"].read() == b"x" * 700_000
    assert (found["Metadata"], found["ContentType"]) == ({"colour": "red"}, "text/x")
    tags = s3.get_object_tagging(Bucket=BUCKET, Key="a b+é")["TagSet"]
    assert tags == [{"Key": "t", "Value": "1"}]
    for key in ("overwritten", "copied"):
        assert s3.get_object(Bucket=BUCKET, Key=key)["Body"].read() == b"new"


def test_versions_and_delete_markers_come_back_in_their_order(stack):
    s3 = stack.client("s3")
    s3.put_object(Bucket=BUCKET, Key="k", Body=b"before versioning")
    s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    first = s3.put_object(Bucket=BUCKET, Key="k", Body=b"first")["VersionId"]
    second = s3.put_object(Bucket=BUCKET, Key="k", Body=b"second")["VersionId"]
    marker = s3.delete_object(Bucket=BUCKET, Key="k")["VersionId"]

    s3 = restarted(stack)
    listed = s3.list_object_versions(Bucket=BUCKET)
    assert [v["VersionId"] for v in listed["Versions"]] == [second, first, "null"]
    assert [(m["VersionId"], m["IsLatest"]) for m in listed["DeleteMarkers"]] == [(marker, True)]
    for version, body in ((first, b"first"), ("null", b"before versioning")):
        found = s3.get_object(Bucket=BUCKET, Key="k", VersionId=version)
        assert found["Body"].read() == body
    s3.delete_object(Bucket=BUCKET, Key="k", VersionId=marker)
    assert restarted(stack).get_object(Bucket=BUCKET, Key="k")["Body"].read() == b"second"


def test_what_is_changed_of_an_object_comes_back_with_it(stack):
    s3 = stack.client("s3")
    s3.create_bucket(Bucket="locked", ObjectLockEnabledForBucket=True)
    place = {"Bucket": "locked", "Key": "k"}
    old = s3.put_object(**place, Body=b"old", Tagging="t=1")["VersionId"]
    s3.put_object(**place, Body=b"new")
    until = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)
    s3.put_object_retention(
        **place, VersionId=old, Retention={"Mode": "GOVERNANCE", "RetainUntilDate": until}
    )
    s3.put_object_legal_hold(**place, LegalHold={"Status": "ON"})
    tags = [{"Key": "t", "Value": "2"}, {"Key": "u", "Value": "3"}]
    s3.put_object_tagging(**place, VersionId=old, Tagging={"TagSet": tags})

    s3 = restarted(stack)
    retention = s3.get_object_retention(**place, VersionId=old)["Retention"]
    assert (retention["Mode"], retention["RetainUntilDate"]) == ("GOVERNANCE", until)
    assert s3.get_object_legal_hold(**place)["LegalHold"]["Status"] == "ON"
    assert s3.get_object_tagging(**place, VersionId=old)["TagSet"] == tags
    assert s3.get_object(**place)["Body"].read() == b"new"
    with pytest.raises(ClientError, match="AccessDenied"):
        s3.delete_object(**place, VersionId=old)
    s3.delete_object_tagging(**place, VersionId=old)
    assert restarted(stack).get_object_tagging(**place, VersionId=old)["TagSet"] == []


def test_settings_of_buckets_come_back_and_deleted_buckets_do_not(stack):
    s3 = stack.client("s3")
    policy = '{"Version":"2012-10-17","Statement":[]}'
    tags = [{"Key": "project", "Value": "6"}]
    s3.put_bucket_policy(Bucket=BUCKET, Policy=policy)
    s3.put_bucket_tagging(Bucket=BUCKET, Tagging={"TagSet": tags})
    s3.create_bucket(Bucket="not-kept")
    s3.delete_bucket(Bucket="not-kept")

    s3 = restarted(stack)
    assert [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]] == [BUCKET]
    assert s3.get_bucket_policy(Bucket=BUCKET)["Policy"] == policy
    assert s3.get_bucket_tagging(Bucket=BUCKET)["TagSet"] == tags


def test_an_upload_in_parts_goes_on_after_a_restart(stack):
    s3 = stack.client("s3")
    upload = {"Bucket": BUCKET, "Key": "large"}
    upload["UploadId"] = s3.create_multipart_upload(**upload)["UploadId"]
    one = s3.upload_part(**upload, PartNumber=1, Body=b"p" * 5 * 2**20)["ETag"]

    s3 = restarted(stack)
    two = s3.upload_part(**upload, PartNumber=2, Body=b"q" * 10)["ETag"]
    parts = [{"PartNumber": n, "ETag": etag} for n, etag in ((1, one), (2, two))]
    s3.complete_multipart_upload(**upload, MultipartUpload={"Parts": parts})

    found = restarted(stack).get_object(
        Bucket=BUCKET, Key="large", Range=f"bytes={5 * 2**20 - 2}-{5 * 2**20 + 1}"
    )
    assert found["Body"].read() == b"ppqq"


def test_a_conditional_write_is_refused_after_a_restart(stack):
    stack.client("s3").put_object(Bucket=BUCKET, Key="once", Body=b"1", IfNoneMatch="*")
    with pytest.raises(ClientError, match="PreconditionFailed"):
        restarted(stack).put_object(Bucket=BUCKET, Key="once", Body=b"2", IfNoneMatch="*")


def test_one_of_many_conditional_writers_of_a_key_wins(stack):
    s3 = stack.client("s3")

    def write(number: int) -> bool:
        try:
            s3.put_object(Bucket=BUCKET, Key="race", Body=b"%d" % number, IfNoneMatch="*")
        except ClientError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(write, range(40))) == 1


@pytest.mark.parametrize("seconds", [0.5, 1.0, 1.7])
def test_what_was_acknowledged_before_a_kill_is_there_and_whole(stack, seconds):
    s3 = stack.client("s3", attempts=1)
    acknowledged: dict[str, bytes] = {}
    numbers = random.Random(seconds)

    def write(number: int) -> None:
        key, body = f"k/{number}", b"%d " % number * numbers.randint(1, 5000)
        try:
            s3.put_object(Bucket=BUCKET, Key=key, Body=body)
        except (BotoCoreError, ClientError):
            return
        acknowledged[key] = body

    with ThreadPoolExecutor(8) as pool:
        for number in range(600):
            pool.submit(write, number)
        time.sleep(seconds)
        stack.kill("edge")
    stack.start_edge()
    assert acknowledged
    s3 = stack.client("s3")
    for key, body in acknowledged.items():
        assert s3.get_object(Bucket=BUCKET, Key=key)["Body"].read() == body
    for entry in s3.list_objects_v2(Bucket=BUCKET).get("Contents", []):
        found = s3.get_object(Bucket=BUCKET, Key=entry["Key"])["Body"].read()
        assert len(found) == entry["Size"]


def test_lost_data_is_an_error_that_names_its_file(stack):
    s3 = stack.client("s3", attempts=1)
    s3.put_object(Bucket=BUCKET, Key="k", Body=b"x")
    (data,) = (stack.folder / "s3" / "data").glob("*/*")
    data.unlink()
    with pytest.raises(ClientError, match=data.name):
        s3.get_object(Bucket=BUCKET, Key="k")


def test_damaged_metadata_is_refused_with_what_to_do(stack):
    stack.client("s3").put_object(Bucket=BUCKET, Key="k", Body=b"x")
    stack.kill("edge")
    path = stack.folder / "s3" / "metadata.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    path.write_bytes(b"not a database, " * 1000)
    with pytest.raises(AssertionError, match="edge ended at its start"):
        stack.start_edge()
    assert f"The metadata of S3 in {path} cannot be read" in (stack.logs / "edge.log").read_text()
    assert path.read_bytes() == b"not a database, " * 1000
