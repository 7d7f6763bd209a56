"""Samples one object of S3 by its first bytes, a Parquet file by its last."""

from __future__ import annotations

import bz2
import zlib
from dataclasses import replace
from typing import Any

from services.edge.glue.engine.crawler import parquet, samples
from services.edge.glue.engine.crawler.samples import Sample

HEAD_BYTES = 1024 * 1024


def sample(s3: Any, bucket: str, key: str, size: int) -> Sample | None:
    """The object's sample; None where it is of no format that is known here."""
    head = _bytes(s3, bucket, key, f"bytes=0-{HEAD_BYTES - 1}")
    if head.startswith(parquet.MAGIC):
        return _parquet(s3, bucket, key)
    data, compression, cut = decompressed(head)
    found = samples.of_text(data, whole=len(head) == size and not cut)
    if found is None or compression == "none":
        return found
    return replace(found, parameters={**found.parameters, "compressionType": compression})


def decompressed(head: bytes) -> tuple[bytes, str, bool]:
    """The text's bytes, Glue's name of the compression, and whether the end is cut off."""
    try:
        if head.startswith(b"\x1f\x8b"):
            text = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16).decompress(head, HEAD_BYTES)
            return text, "gzip", len(text) == HEAD_BYTES
        if head.startswith(b"BZh"):
            text = bz2.BZ2Decompressor().decompress(head, HEAD_BYTES)
            return text, "bzip2", len(text) == HEAD_BYTES
    except (zlib.error, OSError):
        return b"", "none", False
    return head, "none", False


def _parquet(s3: Any, bucket: str, key: str) -> Sample | None:
    length = parquet.footer_length(_bytes(s3, bucket, key, f"bytes=-{parquet.FOOTER}"))
    try:
        return parquet.of_footer(_bytes(s3, bucket, key, f"bytes=-{length}"))
    except (ValueError, OSError):
        return None


def _bytes(s3: Any, bucket: str, key: str, part: str) -> bytes:
    answer = s3.get_object(Bucket=bucket, Key=key, Range=part)
    return bytes(answer["Body"].read())
