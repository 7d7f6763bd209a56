"""How often Athena asks S3 for the files of a table."""

from __future__ import annotations

from collections import Counter as Counts
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as parquet
from fsspec.implementations.local import LocalFileSystem
from pyarrow import fs

from services.edge.athena.engine.files import Counter, File, Storage
from services.edge.athena.engine.tables import scans, shapes
from services.edge.athena.engine.tables.parquet_files import ParquetReader
from services.edge.athena.sql.trino import types as t
from services.edge.athena.sql.trino.scope import Column


class WatchedFiles(LocalFileSystem):
    """Local files, and how often each is opened."""

    def __init__(self) -> None:
        super().__init__(skip_instance_cache=True)
        self.opened: Counts[str] = Counts()

    def open(self, path: str, mode: str = "rb", **settings: Any) -> Any:
        self.opened[Path(path).name] += 1
        return super().open(path, mode, **settings)


def test_a_small_parquet_file_is_asked_for_once(tmp_path: Path) -> None:
    for number in (1, 2):
        parquet.write_table(pa.table({"n": [number, number + 2]}), tmp_path / f"{number}.parquet")
    files = WatchedFiles()
    storage = Storage("", "", Counter(), fs.PyFileSystem(fs.FSSpecHandler(files)), None)
    parts = [
        scans.Part(File(str(path), path.stat().st_size)) for path in sorted(tmp_path.iterdir())
    ]
    schema = scans.whole_schema([Column("n", t.BIGINT)])
    reader = ParquetReader({"n": shapes.of_type("n", t.BIGINT)}, schema, storage)
    data = scans.table_data(parts, schema, storage, reader)

    found = data.scanner(["n"]).to_reader().read_all()

    assert found.to_pydict() == {"n": [1, 3, 2, 4]}
    assert files.opened == {"1.parquet": 1, "2.parquet": 1}
