"""Clients that nobody here wrote read through Athena: awswrangler, PyAthena, the AWS CLI."""

from __future__ import annotations

import time
import warnings
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pytest
from deltalake import write_deltalake

from tests.support.aws_cli import answer, variables
from tests.support.queries import OUTPUT, Queries, storage_options

BUCKET = "athena-clients"
PUBLISHED = [
    ("facebook", 283, 71.59159),
    ("others", 9330, 0.0),
    ("tiktok", 0, 0.0),
    ("youtube", 8, 2525.92875),
]
SQL = "SELECT channel, bookings, cpb FROM cpb ORDER BY channel"


@pytest.fixture(scope="module")
def athena(edge: Any) -> Iterator[Queries]:
    edge.client("s3").create_bucket(Bucket=BUCKET)
    names, bookings, cpb = zip(*PUBLISHED, strict=True)
    rows = pa.table({"channel": names, "bookings": pa.array(bookings, pa.int64()), "cpb": cpb})
    write_deltalake(f"s3://{BUCKET}/cpb", rows, storage_options=storage_options(edge))
    queries = Queries(edge, "clients_db")
    queries.run("CREATE DATABASE clients_db")
    queries.run(
        f"CREATE EXTERNAL TABLE cpb LOCATION 's3://{BUCKET}/cpb/'"
        " TBLPROPERTIES ('table_type'='DELTA')"
    )
    yield queries
    queries.run("DROP DATABASE clients_db CASCADE")


@pytest.fixture
def environment(athena: Queries, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """All that a client is told; what third parties warn of is not ours to mend."""
    for name, value in variables(athena.edge.url).items():
        monkeypatch.setenv(name, value)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize(
    "way", [{"ctas_approach": True}, {"ctas_approach": False}, {"unload_approach": True}]
)
def test_awswrangler_reads_a_table_its_default_way_its_plain_way_and_by_unload(
    athena: Queries, way: dict[str, bool]
) -> None:
    import awswrangler

    given = {"ctas_approach": False, **way} if "unload_approach" in way else way
    place = f"s3://{BUCKET}/{next(iter(way))}-{next(iter(way.values()))}/"
    frame = awswrangler.athena.read_sql_query(SQL, database="clients_db", s3_output=place, **given)

    found = sorted(frame.itertuples(index=False, name=None))
    assert found == PUBLISHED
    assert athena.rows("SHOW TABLES IN clients_db") == [["cpb"]]  # the temporary one is gone


@pytest.mark.usefixtures("environment")
def test_awswrangler_reads_the_catalog(athena: Queries) -> None:
    import awswrangler

    assert awswrangler.catalog.does_table_exist("clients_db", "cpb")
    assert awswrangler.catalog.get_table_types("clients_db", "cpb") == {
        "channel": "string",
        "bookings": "bigint",
        "cpb": "double",
    }


@pytest.mark.usefixtures("environment")
def test_pyathena_gives_typed_rows_a_description_and_an_error() -> None:
    from pyathena import connect
    from pyathena.error import OperationalError

    with connect(s3_staging_dir=OUTPUT, region_name="us-east-1", schema_name="clients_db") as db:
        cursor = db.cursor()
        cursor.execute(f"{SQL} LIMIT 2")
        assert [column[:2] for column in cursor.description] == [
            ("channel", "varchar"),
            ("bookings", "bigint"),
            ("cpb", "double"),
        ]
        assert cursor.fetchall() == PUBLISHED[:2]
        cursor.execute("SELECT count(*) FROM cpb WHERE channel = %(name)s", {"name": "tiktok"})
        assert cursor.fetchone() == (1,)
        with pytest.raises(OperationalError, match="COLUMN_NOT_FOUND: line 1:8"):
            cursor.execute("SELECT nope FROM cpb")


@pytest.mark.usefixtures("environment")
def test_sqlalchemy_reflects_and_selects() -> None:
    import sqlalchemy

    engine = sqlalchemy.create_engine(
        f"awsathena+rest://:@athena.us-east-1.amazonaws.com:443/clients_db?s3_staging_dir={OUTPUT}"
    )
    try:
        table = sqlalchemy.Table("cpb", sqlalchemy.MetaData(), autoload_with=engine)
        assert list(table.columns.keys()) == ["channel", "bookings", "cpb"]
        chosen = sqlalchemy.select(table.c.cpb).where(table.c.channel == "youtube")
        with engine.connect() as connection:
            assert connection.execute(chosen).fetchall() == [(2525.92875,)]
        assert sqlalchemy.inspect(engine).get_table_names(schema="clients_db") == ["cpb"]
    finally:
        engine.dispose()


def test_the_aws_cli_starts_a_query_and_shows_its_rows(athena: Queries) -> None:
    def aws(*words: str) -> Any:
        return answer(athena.edge.url, "athena", *words)

    identifier = aws(
        "start-query-execution",
        *("--query-string", f"{SQL} LIMIT 1"),
        *("--query-execution-context", "Database=clients_db"),
        *("--result-configuration", f"OutputLocation={OUTPUT}"),
    )["QueryExecutionId"]
    deadline = time.monotonic() + 60
    while True:
        found = aws("get-query-execution", "--query-execution-id", identifier)["QueryExecution"]
        if found["Status"]["State"] not in ("QUEUED", "RUNNING"):
            break
        assert time.monotonic() < deadline
    rows = aws("get-query-results", "--query-execution-id", identifier)["ResultSet"]["Rows"]
    assert found["Statistics"]["DataScannedInBytes"] > 0
    assert [[one["VarCharValue"] for one in row["Data"]] for row in rows] == [
        ["channel", "bookings", "cpb"],
        ["facebook", "283", "71.59159"],
    ]
