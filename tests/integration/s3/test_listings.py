"""Pages of S3's three listings over HTTP: where each begins and ends, and what it tells."""

from __future__ import annotations

import uuid

import pytest
from botocore.exceptions import ClientError

KEYS = ["a", "d=1/x", "d=1/y é", "d=2/x", "e&<", "f"]


@pytest.fixture(scope="module")
def s3(edge):
    return edge.client("s3")


@pytest.fixture(scope="module")
def bucket(s3):
    name = f"listed-{uuid.uuid4().hex[:8]}"
    s3.create_bucket(Bucket=name)
    for key in reversed(KEYS):
        s3.put_object(Bucket=name, Key=key, Body=key.encode())
    return name


@pytest.fixture
def versioned(s3):
    name = f"versions-{uuid.uuid4().hex[:8]}"
    s3.create_bucket(Bucket=name)
    s3.put_object(Bucket=name, Key="k", Body=b"before")
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    return name


def names(answer):
    keys = [entry["Key"] for entry in answer.get("Contents", [])]
    return keys, [entry["Prefix"] for entry in answer.get("CommonPrefixes", [])]


@pytest.mark.parametrize("encoding", [{}, {"EncodingType": "url"}])
def test_a_page_ends_where_nothing_more_is_to_come(s3, bucket, encoding):
    listed = s3.list_objects_v2(Bucket=bucket, Prefix="d=", MaxKeys=3, **encoding)
    assert (listed["IsTruncated"], listed["KeyCount"], listed["MaxKeys"]) == (False, 3, 3)
    first = s3.list_objects(Bucket=bucket, Prefix="d=", Delimiter="/", MaxKeys=2)
    assert names(first) == ([], ["d=1/", "d=2/"])
    assert not first["IsTruncated"]
    none = s3.list_objects_v2(Bucket=bucket, MaxKeys=0, **encoding)
    assert (none["IsTruncated"], none["KeyCount"], names(none)) == (False, 0, ([], []))


def test_markers_lead_through_keys_and_common_prefixes(s3, bucket):
    pages, marker = [], {}
    while marker is not None:
        page = s3.list_objects(Bucket=bucket, Delimiter="/", MaxKeys=2, **marker)
        pages.append(names(page))
        marker = {"Marker": page["NextMarker"]} if page["IsTruncated"] else None
    assert pages == [(["a"], ["d=1/"]), (["e&<"], ["d=2/"]), (["f"], [])]
    inside = s3.list_objects(Bucket=bucket, Delimiter="/", Marker="d=1/x")
    assert names(inside) == (["e&<", "f"], ["d=2/"])
    behind = s3.list_objects_v2(Bucket=bucket, StartAfter="d=1/y é", MaxKeys=2)
    assert (names(behind)[0], behind["StartAfter"]) == (["d=2/x", "e&<"], "d=1/y é")
    rest = s3.list_objects_v2(Bucket=bucket, ContinuationToken=behind["NextContinuationToken"])
    assert names(rest)[0] == ["f"]


@pytest.mark.parametrize(
    ("call", "wrong", "told"),
    [
        ("list_objects_v2", {"ContinuationToken": "no token"}, "continuation token provided is"),
        ("list_object_versions", {"VersionIdMarker": "v"}, "without a key marker"),
        ("list_object_versions", {"KeyMarker": "a", "VersionIdMarker": "?"}, "Invalid version id"),
        ("list_objects_v2", {"ExpectedBucketOwner": "999999999999"}, "Access Denied"),
    ],
)
def test_a_wrong_place_to_begin_is_refused(s3, bucket, call, wrong, told):
    with pytest.raises(ClientError, match=told):
        getattr(s3, call)(Bucket=bucket, **wrong)


def test_what_was_never_versioned_is_listed_page_by_page_too(s3, bucket):
    page = s3.list_object_versions(Bucket=bucket, MaxKeys=4)
    assert [one["Key"] for one in page["Versions"]] == KEYS[:4]
    assert {(one["VersionId"], one["IsLatest"]) for one in page["Versions"]} == {("null", True)}
    assert page["IsTruncated"]
    rest = s3.list_object_versions(
        Bucket=bucket, KeyMarker=page["NextKeyMarker"], VersionIdMarker=page["NextVersionIdMarker"]
    )
    assert [one["Key"] for one in rest["Versions"]] == KEYS[4:]


def test_versions_are_listed_newest_first_across_pages(s3, versioned):
    put = [s3.put_object(Bucket=versioned, Key="k", Body=b"x")["VersionId"] for _ in range(3)]
    marker = s3.delete_object(Bucket=versioned, Key="k")["VersionId"]
    s3.put_object(Bucket=versioned, Key="l", Body=b"x")
    found, more = [], {}
    while more is not None:
        page = s3.list_object_versions(Bucket=versioned, MaxKeys=2, Prefix="k", **more)
        found += [*page.get("DeleteMarkers", []), *page.get("Versions", [])]
        more = page["IsTruncated"] and {
            "KeyMarker": page["NextKeyMarker"],
            "VersionIdMarker": page["NextVersionIdMarker"],
        }
        more = more or None
    assert [one["VersionId"] for one in found] == [marker, *reversed(put), "null"]
    assert [one["IsLatest"] for one in found] == [True, False, False, False, False]
    assert [one["Key"] for one in s3.list_objects_v2(Bucket=versioned)["Contents"]] == ["l"]
    s3.delete_object(Bucket=versioned, Key="k", VersionId=put[2])
    behind = s3.list_object_versions(
        Bucket=versioned, KeyMarker="k", VersionIdMarker=put[2], Prefix="k"
    )
    assert [one["VersionId"] for one in behind["Versions"]] == [put[1], put[0], "null"]


def test_what_is_put_while_versioning_is_suspended_is_the_latest(s3, versioned):
    s3.put_object(Bucket=versioned, Key="k", Body=b"version")
    s3.put_bucket_versioning(Bucket=versioned, VersioningConfiguration={"Status": "Suspended"})
    s3.put_object(Bucket=versioned, Key="k", Body=b"suspended")
    assert s3.get_object(Bucket=versioned, Key="k")["Body"].read() == b"suspended"
    listed = s3.list_object_versions(Bucket=versioned)["Versions"]
    assert [(one["VersionId"] == "null", one["IsLatest"]) for one in listed] == [
        (True, True),
        (False, False),
    ]
    (entry,) = s3.list_objects_v2(Bucket=versioned)["Contents"]
    assert entry["Size"] == len(b"suspended")


def test_a_bucket_made_anew_has_nothing_of_the_one_before(s3):
    name = f"again-{uuid.uuid4().hex[:8]}"
    s3.create_bucket(Bucket=name)
    s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": [{"Key": "t", "Value": "1"}]})
    s3.delete_bucket(Bucket=name)
    s3.create_bucket(Bucket=name)
    with pytest.raises(ClientError, match="NoSuchTagSet"):
        s3.get_bucket_tagging(Bucket=name)
