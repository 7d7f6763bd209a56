"""The items of a distributed Map: read from S3, cut to MaxItems, put together in batches.

https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html
https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itembatcher.html
"""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Callable
from itertools import islice
from typing import Any

from botocore.exceptions import ClientError

Document = dict[str, Any]
LISTED = ("ETag", "Key", "LastModified", "Size", "StorageClass")
DELIMITERS = {"COMMA": ",", "PIPE": "|", "SEMICOLON": ";", "SPACE": " ", "TAB": "\t"}
MOST_IN_BATCH, MOST_BYTES = 100_000_000, 262_144


class Items:
    """ValueError says why items cannot be read or batched."""

    @classmethod
    def read(cls, reader: Document, s3: Any) -> list[Any]:
        """`reader` is the state's ItemReader, its templates filled."""
        action = str(reader["Resource"]).rpartition(":")[2]
        place = reader.get("Parameters") or reader.get("Arguments") or {}
        config = reader.get("ReaderConfig", {})
        try:
            _refuse_unread(config)
            if action == "listObjectsV2":
                found = _listed(s3, place)
            elif action == "getObject":
                found = _rows(s3, place, config)
            else:
                raise ValueError(f"ItemReader: {reader['Resource']} is not supported")
        except ClientError as error:
            raise ValueError(f"{error.response['Error']['Message']} ({place})") from error
        limit = config.get("MaxItems") or None
        return list(islice(found, int(limit) if limit else None))

    @staticmethod
    def batched(items: list[Any], batcher: Document) -> list[Document]:
        """Inputs of child executions: `{"BatchInput": ..., "Items": [...]}`."""
        most = int(batcher.get("MaxItemsPerBatch") or MOST_IN_BATCH)
        size = int(batcher.get("MaxInputBytesPerBatch") or MOST_BYTES)
        frame = {"BatchInput": batcher["BatchInput"]} if "BatchInput" in batcher else {}
        batches: list[Document] = []
        room = 0
        for item in items:
            needed = len(json.dumps(item, separators=(",", ":")).encode()) + 1
            if not batches or len(batches[-1]["Items"]) == most or needed > room:
                batches.append({**frame, "Items": []})
                room = size - len(json.dumps(batches[-1], separators=(",", ":")).encode())
                if needed > room + 1:
                    raise ValueError(f"An item of {needed} bytes exceeds MaxInputBytesPerBatch")
            batches[-1]["Items"].append(item)
            room -= needed
        return batches


def _refuse_unread(config: Document) -> None:
    """Settings that would change the items if they were heeded."""
    for name, served in (("Transformation", "NONE"), ("ManifestType", "S3_INVENTORY")):
        if config.get(name, served) != served:
            raise ValueError(f"ReaderConfig: {name} {config[name]} is not supported")


def _listed(s3: Any, place: Document) -> list[Any]:
    pages = s3.get_paginator("list_objects_v2").paginate(
        Bucket=place["Bucket"], Prefix=place.get("Prefix", "")
    )
    return [
        {
            name: int(content[name].timestamp()) if name == "LastModified" else content[name]
            for name in LISTED
            if name in content
        }
        for page in pages
        for content in page.get("Contents", [])
    ]


def _rows(s3: Any, place: Document, config: Document) -> list[Any]:
    kind = config.get("InputType", "JSON")
    if kind not in KINDS:
        raise ValueError(f"InputType: expected one of {', '.join(KINDS)}, found {kind}")
    if kind == "MANIFEST" or "ManifestType" in config:
        return _inventory(s3, place)
    text = _body(s3, place["Bucket"], place["Key"]).decode("utf-8-sig")
    return KINDS[kind](text, config)


def _body(s3: Any, bucket: str, key: str) -> bytes:
    body: bytes = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    return gzip.decompress(body) if key.endswith(".gz") else body


def _inventory(s3: Any, place: Document) -> list[Any]:
    """The manifest of an S3 inventory in CSV: its files have no header, the manifest names them."""
    manifest = json.loads(_body(s3, place["Bucket"], place["Key"]))
    if manifest.get("fileFormat") != "CSV":
        raise ValueError(
            f"MANIFEST: expected an inventory in CSV, found {manifest.get('fileFormat')}"
        )
    names = [name.strip() for name in manifest["fileSchema"].split(",")]
    bucket = str(manifest["destinationBucket"]).rpartition(":")[2]
    return [
        dict(zip(names, row, strict=False))
        for file in manifest["files"]
        for row in csv.reader(io.StringIO(_body(s3, bucket, file["key"]).decode("utf-8-sig")))
    ]


def _csv(text: str, config: Document) -> list[Any]:
    rows = csv.reader(io.StringIO(text), delimiter=DELIMITERS[config.get("CSVDelimiter", "COMMA")])
    given = config.get("CSVHeaderLocation", "FIRST_ROW") == "GIVEN"
    names = config.get("CSVHeaders", []) if given else next(rows, [])
    if len(set(names)) < len(names):
        raise ValueError("CSV headers cannot contain duplicates.")
    return [dict(zip(names, [*row, *[""] * len(names)], strict=False)) for row in rows if row]


def _json(text: str, config: Document) -> list[Any]:
    try:
        found = json.loads(text)
        for name in str(config.get("ItemsPointer", "")).split("/")[1:]:
            step = name.replace("~1", "/").replace("~0", "~")
            found = found[int(step) if isinstance(found, list) else step]
    except (ValueError, LookupError, TypeError) as error:
        raise ValueError(f"The file is no JSON with items: {error!r}") from error
    if isinstance(found, dict):
        return [{"Key": key, "Value": value} for key, value in found.items()]
    if not isinstance(found, list):
        raise ValueError("Attempting to map over non-iterable node.")
    return found


def _jsonl(text: str, _config: Document) -> list[Any]:
    return [json.loads(line) for line in text.splitlines() if line.strip()]


KINDS: dict[str, Callable[[str, Document], list[Any]]] = {
    "CSV": _csv,
    "JSON": _json,
    "JSONL": _jsonl,
    "MANIFEST": lambda _text, _config: [],
}
