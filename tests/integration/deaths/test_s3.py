"""S3 after kill -9 of the edge: all that was acknowledged is there, nothing is half there."""

from __future__ import annotations

import random
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from botocore.exceptions import BotoCoreError, ClientError

from tests.support.ledgers import outlives


@outlives()
def test_objects_come_back_with_their_bytes_metadata_and_tags(stack):
    s3 = stack.client("s3")
    s3.create_bucket(Bucket="objects")
    s3.put_object(
        Bucket="objects",
        Key="a b+é",
        Body=b"x" * 700_000,
        Metadata={"colour": "red"},
        ContentType="text/x",
        Tagging="t=1",
    )
    s3.put_object(Bucket="objects", Key="overwritten", Body=b"old")
    s3.put_object(Bucket="objects", Key="overwritten", Body=b"new")
    s3.put_object(Bucket="objects", Key="deleted", Body=b"x")
    s3.delete_object(Bucket="objects", Key="deleted")
    s3.copy_object(Bucket="objects", Key="copied", CopySource=f"{'objects'}/overwritten")
    before = s3.list_objects_v2(Bucket="objects")["Contents"]

    yield

    assert s3.list_objects_v2(Bucket="objects")["Contents"] == before
    assert [entry["Key"] for entry in before] == ["a b+é", "copied", "overwritten"]
    found = s3.get_object(Bucket="objects", Key="a b+é")
    assert found["Body"].read() == b"x" * 700_000
    assert (found["Metadata"], found["ContentType"]) == ({"colour": "red"}, "text/x")
    tags = s3.get_object_tagging(Bucket="objects", Key="a b+é")["TagSet"]
    assert tags == [{"Key": "t", "Value": "1"}]
    for key in ("overwritten", "copied"):
        assert s3.get_object(Bucket="objects", Key=key)["Body"].read() == b"new"


@outlives(kills=2)
def test_versions_and_delete_markers_come_back_in_their_order(stack):
    s3 = stack.client("s3")
    s3.create_bucket(Bucket="versions")
    s3.put_object(Bucket="versions", Key="k", Body=b"before versioning")
    s3.put_bucket_versioning(Bucket="versions", VersioningConfiguration={"Status": "Enabled"})
    first = s3.put_object(Bucket="versions", Key="k", Body=b"first")["VersionId"]
    second = s3.put_object(Bucket="versions", Key="k", Body=b"second")["VersionId"]
    marker = s3.delete_object(Bucket="versions", Key="k")["VersionId"]

    yield

    listed = s3.list_object_versions(Bucket="versions")
    assert [v["VersionId"] for v in listed["Versions"]] == [second, first, "null"]
    assert [(m["VersionId"], m["IsLatest"]) for m in listed["DeleteMarkers"]] == [(marker, True)]
    for version, body in ((first, b"first"), ("null", b"before versioning")):
        found = s3.get_object(Bucket="versions", Key="k", VersionId=version)
        assert found["Body"].read() == body
    s3.delete_object(Bucket="versions", Key="k", VersionId=marker)

    yield

    assert s3.get_object(Bucket="versions", Key="k")["Body"].read() == b"second"


@outlives(kills=2)
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

    yield

    retention = s3.get_object_retention(**place, VersionId=old)["Retention"]
    assert (retention["Mode"], retention["RetainUntilDate"]) == ("GOVERNANCE", until)
    assert s3.get_object_legal_hold(**place)["LegalHold"]["Status"] == "ON"
    assert s3.get_object_tagging(**place, VersionId=old)["TagSet"] == tags
    assert s3.get_object(**place)["Body"].read() == b"new"
    with pytest.raises(ClientError, match="AccessDenied"):
        s3.delete_object(**place, VersionId=old)
    s3.delete_object_tagging(**place, VersionId=old)

    yield

    assert s3.get_object_tagging(**place, VersionId=old)["TagSet"] == []


@outlives()
def test_settings_of_buckets_come_back_and_deleted_buckets_do_not(stack):
    s3 = stack.client("s3")
    s3.create_bucket(Bucket="settings")
    policy = '{"Version":"2012-10-17","Statement":[]}'
    tags = [{"Key": "project", "Value": "6"}]
    s3.put_bucket_policy(Bucket="settings", Policy=policy)
    s3.put_bucket_tagging(Bucket="settings", Tagging={"TagSet": tags})
    s3.create_bucket(Bucket="not-kept")
    s3.delete_bucket(Bucket="not-kept")

    yield

    names = {bucket["Name"] for bucket in s3.list_buckets()["Buckets"]}
    assert "settings" in names and "not-kept" not in names
    assert s3.get_bucket_policy(Bucket="settings")["Policy"] == policy
    assert s3.get_bucket_tagging(Bucket="settings")["TagSet"] == tags


@outlives(kills=2)
def test_an_upload_in_parts_goes_on_after_a_restart(stack):
    s3 = stack.client("s3")
    s3.create_bucket(Bucket="parts")
    upload = {"Bucket": "parts", "Key": "large"}
    upload["UploadId"] = s3.create_multipart_upload(**upload)["UploadId"]
    one = s3.upload_part(**upload, PartNumber=1, Body=b"p" * 5 * 2**20)["ETag"]

    yield

    two = s3.upload_part(**upload, PartNumber=2, Body=b"q" * 10)["ETag"]
    parts = [{"PartNumber": n, "ETag": etag} for n, etag in ((1, one), (2, two))]
    s3.complete_multipart_upload(**upload, MultipartUpload={"Parts": parts})

    yield

    found = s3.get_object(
        Bucket="parts", Key="large", Range=f"bytes={5 * 2**20 - 2}-{5 * 2**20 + 1}"
    )
    assert found["Body"].read() == b"ppqq"


@outlives()
def test_a_conditional_write_is_refused_after_a_restart(stack):
    s3 = stack.client("s3")
    s3.create_bucket(Bucket="conditional")
    s3.put_object(Bucket="conditional", Key="once", Body=b"1", IfNoneMatch="*")

    yield

    with pytest.raises(ClientError, match="PreconditionFailed"):
        s3.put_object(Bucket="conditional", Key="once", Body=b"2", IfNoneMatch="*")


def test_one_of_many_conditional_writers_of_a_key_wins(deaths):
    s3 = deaths.stack.client("s3")
    s3.create_bucket(Bucket="raced")

    def write(number: int) -> bool:
        try:
            s3.put_object(Bucket="raced", Key="race", Body=b"%d" % number, IfNoneMatch="*")
        except ClientError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(write, range(40))) == 1


@outlives(kills=3, turn=3)
def test_what_was_acknowledged_before_a_kill_is_there_and_whole(stack):
    s3 = stack.client("s3", attempts=1)
    s3.create_bucket(Bucket="writing")
    acknowledged: dict[str, bytes] = {}

    def write(key: str, number: int) -> None:
        body = b"%d " % number * random.Random(key).randint(1, 5000)
        with suppress(BotoCoreError, ClientError):
            s3.put_object(Bucket="writing", Key=key, Body=body)
            acknowledged[key] = body

    for seconds in (0.5, 1.0, 1.7):
        with ThreadPoolExecutor(8) as pool:
            for number in range(600):
                pool.submit(write, f"{seconds}/{number}", number)
            time.sleep(seconds)
            yield
            pool.shutdown(cancel_futures=True)
        assert any(key.startswith(f"{seconds}/") for key in acknowledged)

    s3 = stack.client("s3")
    for key, body in acknowledged.items():
        assert s3.get_object(Bucket="writing", Key=key)["Body"].read() == body
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket="writing"):
        for entry in page["Contents"]:
            found = s3.get_object(Bucket="writing", Key=entry["Key"])["Body"].read()
            assert len(found) == entry["Size"]
