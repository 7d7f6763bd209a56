"""Athena's queries after kill -9 of the edge."""

from __future__ import annotations

from tests.support.ledgers import outlives
from tests.support.queries import Queries


@outlives(turn=2)
def test_a_query_that_ran_has_failed_and_the_results_of_another_are_there(stack):
    queries = Queries(stack, "default")
    done = queries.run("SELECT 1 AS a")["QueryExecutionId"]
    running = queries.start(
        "SELECT count(*) FROM UNNEST(sequence(1, 10000)) AS a(x)"
        " CROSS JOIN UNNEST(sequence(1, 10000)) AS b(y)"
        " CROSS JOIN UNNEST(sequence(1, 1000)) AS c(z) WHERE x * y * z % 7 = 3"
    )
    queries.until(running, lambda state: state == "RUNNING")

    yield

    status = queries.get(running)["Status"]
    assert status["State"] == "FAILED"
    assert "the stack stopped while the query ran" in status["StateChangeReason"]
    rows = queries.results(done)["ResultSet"]["Rows"]
    assert rows[1]["Data"] == [{"VarCharValue": "1"}]
