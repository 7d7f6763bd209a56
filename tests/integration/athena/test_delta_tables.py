"""Delta tables of every protocol feature: their values, or a refusal that names the feature."""

from __future__ import annotations

import base64
import json
import struct as binary
import uuid
import zlib
from typing import Any

import pyarrow as pa
import pytest
from deltalake import DeltaTable, write_deltalake

from tests.support.delta_logs import (
    PLAIN,
    DeltaFiles,
    as_parquet,
    field,
    mapped,
    metadata,
    struct,
)
from tests.support.queries import BUCKET, Queries, storage_options

MAPPING = {"minReaderVersion": 2, "minWriterVersion": 5}
NUMBERS = [field("n", "long")]


@pytest.fixture
def files(edge: Any, athena: Queries) -> DeltaFiles:
    return DeltaFiles(edge.client("s3"), BUCKET, f"t{uuid.uuid4().hex[:8]}")


def features(*names: str) -> dict[str, Any]:
    return {
        "minReaderVersion": 3,
        "minWriterVersion": 7,
        "readerFeatures": list(names),
        "writerFeatures": list(names),
    }


def create(athena: Queries, files: DeltaFiles) -> str:
    athena.run(
        f"CREATE EXTERNAL TABLE {files.folder} LOCATION '{files.location}'"
        " TBLPROPERTIES ('table_type'='DELTA')"
    )
    return files.folder


def rows(athena: Queries, files: DeltaFiles, sql: str = "SELECT * FROM {}") -> Any:
    return athena.rows(sql.format(create(athena, files)))[1:]


def numbers(*values: int) -> pa.Table:
    return pa.table({"n": pa.array(values, pa.int64())})


@pytest.mark.parametrize("mode", ["name", "id"])
def test_mapped_columns_have_their_values_nested_and_partitioned_ones_too(
    athena: Queries, files: DeltaFiles, mode: str
) -> None:
    def stored(name: str, kind: Any, number: int) -> Any:
        return pa.field(name, kind, metadata={"PARQUET:field_id": str(number)})

    inner = pa.struct([stored("col-4", pa.string(), 4)])
    schema = pa.schema(
        [stored("col-1", pa.int64(), 1), stored("col-2", pa.string(), 2), stored("col-3", inner, 3)]
    )
    table = pa.Table.from_pylist([{"col-1": 7, "col-2": "x", "col-3": {"col-4": "in"}}], schema)
    fields = [
        mapped("Größe in cm", "long", "col-1", 1),
        mapped("renamed", "string", "col-2", 2),
        mapped("s", struct(mapped("createdAt", "string", "col-4", 4)), "col-3", 3),
        mapped("place", "string", "col-5", 5),
        mapped("newer", "integer", "col-6", 6),
    ]
    configuration = {"delta.columnMapping.mode": mode}
    action = files.data("f.parquet", table, {"col-5": "Ulm"})
    about = metadata(fields, ("place",), configuration)
    files.commit(0, {"protocol": MAPPING}, about, action)

    assert rows(athena, files) == [["7", "x", "{createdat=in}", "Ulm", None]]
    assert athena.rows(f"SELECT s.createdat FROM {files.folder} WHERE place = 'Ulm'")[1] == ["in"]
    assert athena.rows(f"SHOW PARTITIONS {files.folder}") == [["place=Ulm"]]


def test_fields_in_mixed_case_are_found_in_structs_arrays_and_maps(
    athena: Queries, files: DeltaFiles
) -> None:
    inner = struct(field("createdAt", "string"))
    table = pa.table(
        {
            "S": pa.array([{"createdAt": "a"}]),
            "L": pa.array([[{"createdAt": "b"}, None]]),
            "M": pa.array(
                [[("k", {"createdAt": "c"})]],
                pa.map_(pa.string(), pa.struct([("createdAt", pa.string())])),
            ),
        }
    )
    fields = [
        field("S", inner),
        field("L", {"type": "array", "elementType": inner, "containsNull": True}),
        field("M", {"type": "map", "keyType": "string", "valueType": inner}),
    ]
    files.commit(0, {"protocol": PLAIN}, metadata(fields), files.data("f.parquet", table))

    assert rows(athena, files) == [
        ["{createdat=a}", "[{createdat=b}, null]", "{k={createdat=c}}"],
    ]


def deleted_rows(*rows: int) -> bytes:
    """A deletion vector of one array container, by the roaring format's specification."""
    bitmap = binary.pack("<IIHHI", 12346, 1, 0, len(rows) - 1, 16)
    bitmap += b"".join(binary.pack("<H", row) for row in rows)
    return binary.pack("<iqi", 1681511377, 1, 0) + bitmap


def z85(data: bytes) -> str:
    ours = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~"
    theirs = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#"
    return base64.b85encode(data).decode().translate(str.maketrans(ours, theirs))


def test_deleted_rows_are_left_out_whether_the_vector_is_in_the_log_or_in_a_file(
    athena: Queries, files: DeltaFiles
) -> None:
    vector = deleted_rows(0, 2)
    inline = {"storageType": "i", "sizeInBytes": len(vector), "cardinality": 2}
    padded = vector + bytes(-len(vector) % 4)
    name = uuid.UUID("12345678-1234-5678-1234-567812345678")
    framed = binary.pack(">i", len(vector)) + vector + binary.pack(">I", zlib.crc32(vector))
    files.put(f"deletion_vector_{name}.bin", b"\x01" + framed)
    stored = {"storageType": "u", "pathOrInlineDv": z85(name.bytes), "offset": 1}
    stored.update(sizeInBytes=len(vector), cardinality=2)
    files.commit(
        0,
        {"protocol": features("deletionVectors")},
        metadata(NUMBERS),
        files.data(
            "a.parquet", numbers(1, 2, 3), deletionVector={**inline, "pathOrInlineDv": z85(padded)}
        ),
        files.data("b.parquet", numbers(4, 5, 6, 7), deletionVector=stored),
    )

    assert rows(athena, files, "SELECT n FROM {} ORDER BY n") == [["2"], ["5"], ["7"]]
    assert athena.rows(f"SELECT count(*) FROM {files.folder}")[1] == ["3"]


def test_a_checkpoint_in_parts_stands_for_the_commits_that_are_gone(
    athena: Queries, files: DeltaFiles
) -> None:
    actions = [{"protocol": PLAIN}, metadata(NUMBERS), files.data("a.parquet", numbers(1))]
    actions[1]["metaData"]["configuration"] = [("k", "v")]
    actions[2]["add"]["partitionValues"] = []
    schema = pa.Table.from_pylist([actions[0] | actions[1] | actions[2]]).schema
    text_map = pa.map_(pa.string(), pa.string())
    for column, name in (("metaData", "configuration"), ("add", "partitionValues")):
        inner = [
            pa.field(f.name, text_map) if f.name == name else f for f in schema.field(column).type
        ]
        inner = [
            pa.field(f.name, pa.struct([("provider", pa.string())])) if f.name == "format" else f
            for f in inner
        ]
        place = schema.get_field_index(column)
        schema = schema.set(place, pa.field(column, pa.struct(inner)))
    for part, held in ((1, actions[:2]), (2, actions[2:])):
        name = f"{4:020}.checkpoint.{part:010}.{2:010}.parquet"
        files.put(f"_delta_log/{name}", as_parquet(pa.Table.from_pylist(held, schema)))
    files.put("_delta_log/_last_checkpoint", b"no json")
    files.commit(5, files.data("b.parquet", numbers(2)))

    assert rows(athena, files, "SELECT n FROM {} ORDER BY n") == [["1"], ["2"]]

    files.commit(7, files.data("c.parquet", numbers(3)))
    told = athena.fails(f"SELECT * FROM {files.folder}")
    assert "expected commit 00000000000000000006.json" in told, told


def test_a_v2_checkpoint_is_read_with_its_sidecars(athena: Queries, files: DeltaFiles) -> None:
    add = files.data("a.parquet", numbers(1, 2))["add"]
    kinds = [("path", pa.string()), ("partitionValues", pa.map_(pa.string(), pa.string()))]
    sidecar = pa.table(
        {
            "add": pa.array(
                [{**add, "partitionValues": []}], pa.struct([*kinds, ("size", pa.int64())])
            )
        }
    )
    files.put("_delta_log/_sidecars/one.parquet", as_parquet(sidecar))
    top = [
        {"checkpointMetadata": {"version": 3}},
        {"protocol": features("v2Checkpoint")},
        metadata(NUMBERS),
        {"sidecar": {"path": "one.parquet", "sizeInBytes": 1, "modificationTime": 1}},
    ]
    name = f"{3:020}.checkpoint.80a083e8-7026-4e79-81be-64bd76c43a11.json"
    files.put(f"_delta_log/{name}", "\n".join(map(json.dumps, top)).encode())

    assert rows(athena, files, "SELECT sum(n) FROM {}") == [["3"]]


def test_partition_values_may_be_anything_that_a_text_can_say(
    athena: Queries, files: DeltaFiles
) -> None:
    fields = [
        *NUMBERS,
        field("s", "string"),
        field("d", "date"),
        field("t", "timestamp"),
        field("z", "timestamp_ntz"),
        field("m", "decimal(5,2)"),
    ]
    keys = ("s", "d", "t", "z", "m")
    cases = [
        ("a/b %25 c", "1969-12-31", "1969-12-31 23:59:59.5", "2021-11-18 02:30:00.123456", "1.5"),
        ("", None, None, None, None),
        (None, "0001-01-01", "2026-01-14T10:00:00Z", "1970-01-01 00:00:00", "-0.01"),
    ]
    added = [
        files.data(f"k=%25 {n}/f.parquet", numbers(n), dict(zip(keys, values, strict=True)))
        for n, values in enumerate(cases)
    ]
    for one in added:  # a path of the log is escaped
        one["add"]["path"] = one["add"]["path"].replace("%", "%25").replace(" ", "%20")
    files.commit(0, {"protocol": features("timestampNtz")}, metadata(fields, keys), *added)

    late, at = "1969-12-31 23:59:59.500 UTC", "2026-01-14 10:00:00.000 UTC"
    assert rows(athena, files, "SELECT * FROM {} ORDER BY n") == [
        ["0", "a/b %25 c", "1969-12-31", late, "2021-11-18 02:30:00.123456", "1.50"],
        ["1", None, None, None, None, None],
        ["2", None, "0001-01-01", at, "1970-01-01 00:00:00.000000", "-0.01"],
    ]
    assert athena.rows(f"SELECT n FROM {files.folder} WHERE s = 'a/b %25 c'")[1:] == [["0"]]
    assert athena.rows(f"SELECT n FROM {files.folder} WHERE s IS NULL ORDER BY n")[1:] == [
        ["1"],
        ["2"],
    ]


def test_a_column_that_became_wider_is_read_from_older_files(
    athena: Queries, files: DeltaFiles
) -> None:
    narrow = pa.table({"n": pa.array([1], pa.int32())})
    files.commit(
        0,
        {"protocol": features("typeWidening")},
        metadata(NUMBERS),
        files.data("a.parquet", narrow),
        files.data("b.parquet", numbers(2**40)),
    )

    assert rows(athena, files, "SELECT n FROM {} WHERE n < 5") == [["1"]]


def test_what_a_reader_must_know_and_this_one_does_not_is_refused_by_name(
    athena: Queries, files: DeltaFiles
) -> None:
    files.commit(0, {"protocol": features("variantType")}, metadata(NUMBERS))

    told = athena.fails(
        f"CREATE EXTERNAL TABLE v LOCATION '{files.location}' TBLPROPERTIES ('table_type'='DELTA')"
    )
    assert "reader feature variantType" in told, told


def test_texts_rewritten_by_delta_rs_are_found_by_a_predicate(athena: Queries, edge: Any) -> None:
    location = f"s3://{BUCKET}/compacted"
    options = storage_options(edge)
    for name in ("a", "b"):
        write_deltalake(location, pa.table({"s": [name]}), mode="append", storage_options=options)
    DeltaTable(location, storage_options=options).optimize.compact()
    athena.run(
        f"CREATE EXTERNAL TABLE compacted LOCATION '{location}'"
        " TBLPROPERTIES ('table_type'='DELTA')"
    )

    assert athena.rows("SELECT s FROM compacted WHERE s = 'b'")[1:] == [["b"]]
    assert athena.rows("SELECT s FROM compacted WHERE s LIKE 'a%' AND s < 'b'")[1:] == [["a"]]
