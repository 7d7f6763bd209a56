"""Bronze objects that are too many for the job's own process are read where Spark works."""

from __future__ import annotations

import io
import json
import zipfile

from lake.settings import ROOT
from tests.support.spark_service import DELTA_JARS, Service

JOB = """
import json
from pyspark.sql import SparkSession
from lakehouse import delivery_rows
spark = SparkSession.builder.getOrCreate()
delivery_rows.MOST_OBJECTS_IN_DRIVER = 0
keys = [f"events/{name}.json" for name in ("booked", "broken", "deleted")]
rows = delivery_rows.read_deliveries(spark, "data", keys, size=400).orderBy("bronze_key")
for row in rows.collect():
    print(row.bronze_key, row.state, row.invitee_id, row.event_created_at, row.raw)
"""
BOOKED = {
    "data": {
        "event": "invitee.created",
        "created_at": "2026-01-05T10:00:00.000000Z",
        "payload": {
            "uri": "https://api.calendly.com/scheduled_events/E1/invitees/I1",
            "scheduled_event": {"start_time": "2026-01-06T12:30:00.000000Z"},
        },
    }
}


def test_deliveries_are_parsed_by_python_processes_of_the_executors(service: Service) -> None:
    service.s3.put_object(Bucket="data", Key="events/booked.json", Body=json.dumps(BOOKED))
    service.s3.put_object(Bucket="data", Key="events/broken.json", Body="{")
    library = io.BytesIO()
    with zipfile.ZipFile(library, "w") as zipped:
        for file in (ROOT / "spark_jobs" / "lakehouse").glob("*.*"):
            zipped.write(file, f"lakehouse/{file.name}")
    service.put("lakehouse.zip", library.getvalue())

    parameters = f"{DELTA_JARS} --py-files s3://code/lakehouse.zip"
    run_id = service.submit(JOB, spark_submit_parameters=parameters)
    service.until(run_id, "SUCCEEDED")

    assert service.log(run_id, "stdout").splitlines() == [
        "events/booked.json accepted I1 2026-01-05 10:00:00 None",
        "events/broken.json rejected None None {",
        "events/deleted.json vanished None None None",
    ]
