"""Triggers, chains and graphs as documents: what fires, what ends, what is drawn."""

from __future__ import annotations

import pytest

from services.edge.glue.documents import dependency_chains, triggers, workflow_graphs
from services.edge.glue.errors import GlueError

START = {"Name": "start", "Type": "ON_DEMAND", "State": "CREATED", "Actions": [{"JobName": "a"}]}


def watching(*conditions: tuple[str, str], logical: str = "AND", **changes) -> dict:
    predicate = {
        "Logical": logical,
        "Conditions": [{"JobName": name, "State": state} for name, state in conditions],
    }
    trigger = {"Name": "then", "Type": "CONDITIONAL", "State": "ACTIVATED", "Predicate": predicate}
    return {**trigger, "Actions": [{"JobName": "b"}], **changes}


def chain(**ended: str) -> dict:
    """A chain whose jobs ended, or go on, as told."""
    begun = dependency_chains.begun("wr_1", "w", 100.0)
    actions = [{"JobName": name} for name in ended]
    begun = dependency_chains.fired(
        begun, {**START, "Actions": actions}, [f"jr_{n}" for n in ended]
    )
    for name, state in ended.items():
        begun = dependency_chains.changed(begun, f"jr_{name}", State=state)
    return begun


@pytest.mark.parametrize(
    ("ended", "conditions", "logical", "fires"),
    [
        ({"a": "SUCCEEDED"}, [("a", "SUCCEEDED")], "AND", True),
        ({"a": "FAILED"}, [("a", "SUCCEEDED")], "AND", False),
        ({"a": "FAILED"}, [("a", "FAILED")], "AND", True),
        ({"a": "TIMEOUT"}, [("a", "TIMEOUT")], "AND", True),
        ({"a": "STOPPED"}, [("a", "STOPPED")], "AND", True),
        ({"a": "RUNNING"}, [("a", "SUCCEEDED")], "AND", False),
        ({"a": "SUCCEEDED"}, [("a", "SUCCEEDED"), ("c", "SUCCEEDED")], "AND", False),
        ({"a": "SUCCEEDED"}, [("a", "SUCCEEDED"), ("c", "SUCCEEDED")], "ANY", True),
        ({"a": "SUCCEEDED", "c": "FAILED"}, [("a", "SUCCEEDED"), ("c", "FAILED")], "AND", True),
        ({"a": "FAILED", "c": "FAILED"}, [("a", "SUCCEEDED"), ("c", "SUCCEEDED")], "ANY", False),
    ],
)
def test_a_conditional_trigger_is_ready_when_its_predicate_is_met(
    ended, conditions, logical, fires
):
    trigger = watching(*conditions, logical=logical)
    assert dependency_chains.ready(chain(**ended), [trigger]) == ([trigger] if fires else [])


def test_a_crawlers_end_meets_a_condition_on_its_crawl_state():
    begun = dependency_chains.begun("wr_1", "w", 100.0)
    begun = dependency_chains.fired(begun, {**START, "Actions": [{"CrawlerName": "a"}]}, ["c1"])
    condition = {"CrawlerName": "a", "CrawlState": "SUCCEEDED"}
    trigger = watching(Predicate={"Conditions": [condition]})
    assert dependency_chains.ready(begun, [trigger]) == []
    assert dependency_chains.ready(
        dependency_chains.changed(begun, "c1", State="SUCCEEDED"), [trigger]
    ) == [trigger]
    # A job of the same name is another thing.
    assert dependency_chains.ready(chain(a="SUCCEEDED"), [trigger]) == []


@pytest.mark.parametrize("state", ["CREATED", "DEACTIVATED"])
def test_a_trigger_that_is_not_activated_does_not_fire(state):
    trigger = watching(("a", "SUCCEEDED"), State=state)
    assert dependency_chains.ready(chain(a="SUCCEEDED"), [trigger]) == []


def test_a_trigger_fires_once_in_a_chain_and_not_in_one_that_is_stopped():
    trigger = watching(("a", "SUCCEEDED"))
    ended = chain(a="SUCCEEDED")
    assert (
        dependency_chains.ready(dependency_chains.fired(ended, trigger, ["jr_b"]), [trigger]) == []
    )
    assert dependency_chains.ready({**ended, "Status": "STOPPING"}, [trigger]) == []


def test_a_firing_plans_its_actions_with_the_runs_that_met_its_conditions():
    ended = chain(a="SUCCEEDED", c="FAILED")
    ended = dependency_chains.changed(ended, "jr_c", RunId="jr_c_attempt_1")
    trigger = watching(("a", "FAILED"), ("c", "FAILED"), logical="ANY")
    planned = dependency_chains.fired(ended, trigger, ["jr_b"])["Actions"][-1]
    assert planned == {
        "Id": "jr_b",
        "TriggerName": "then",
        "State": "PLANNED",
        "Action": {"JobName": "b"},
        "Predecessors": [{"JobName": "c", "RunId": "jr_c_attempt_1"}],
    }


def test_a_chain_is_complete_when_nothing_goes_on_even_if_a_job_failed():
    assert dependency_chains.settled(chain(a="RUNNING", b="FAILED"), 200.0)["Status"] == "RUNNING"
    ended = dependency_chains.settled(chain(a="SUCCEEDED", b="FAILED"), 200.0)
    assert (ended["Status"], ended["CompletedOn"]) == ("COMPLETED", 200.0)
    assert dependency_chains.settled(ended, 300.0)["CompletedOn"] == 200.0


def test_a_stopped_chain_starts_nothing_more_and_waits_for_what_runs():
    stopping = dependency_chains.stopping(chain(a="RUNNING", b="PLANNED"), 200.0)
    assert stopping["Status"] == "STOPPING"
    assert [action["State"] for action in stopping["Actions"]] == ["RUNNING", "STOPPED"]
    ended = dependency_chains.settled(
        dependency_chains.changed(stopping, "jr_a", State="STOPPED"), 300.0
    )
    assert (ended["Status"], ended["CompletedOn"]) == ("STOPPED", 300.0)


def test_a_job_of_a_workflow_is_told_of_which_run_it_is():
    action = {"Action": {"JobName": "a", "Arguments": {"--DAY": "1"}, "Timeout": 5}}
    assert dependency_chains.job_request(chain(), action) == {
        "JobName": "a",
        "Arguments": {"--DAY": "1", "--WORKFLOW_NAME": "w", "--WORKFLOW_RUN_ID": "wr_1"},
        "Timeout": 5,
    }
    alone = dependency_chains.begun("chain_1", None, 100.0)
    assert dependency_chains.job_request(alone, {"Action": {"JobName": "a"}}) == {
        "JobName": "a",
        "Arguments": {},
    }


def test_a_trigger_is_created_activated_deactivated():
    request = {"Name": "t", "Type": "SCHEDULED", "Schedule": "cron(0 1 * * ? *)"}
    request["Actions"] = [{"JobName": "a"}]
    created = triggers.created(request)
    assert created == {**request, "State": "CREATED"}
    assert triggers.created({**request, "StartOnCreation": True})["State"] == "ACTIVATED"
    assert triggers.started(created)["State"] == "ACTIVATED"
    assert triggers.stopped(triggers.started(created))["State"] == "DEACTIVATED"


@pytest.mark.parametrize("change", [triggers.started, triggers.stopped])
def test_an_on_demand_trigger_is_never_activated(change):
    with pytest.raises(GlueError, match="ON_DEMAND"):
        change(START)


def test_a_graph_names_each_job_once_and_joins_it_to_its_triggers():
    drawn = workflow_graphs.graph("w", [START, watching(("a", "SUCCEEDED"))])
    names = {node["UniqueId"]: (node["Type"], node["Name"]) for node in drawn["Nodes"]}
    assert list(names.values()) == [
        ("TRIGGER", "start"),
        ("JOB", "a"),
        ("TRIGGER", "then"),
        ("JOB", "b"),
    ]
    assert [(names[e["SourceId"]][1], names[e["DestinationId"]][1]) for e in drawn["Edges"]] == [
        ("start", "a"),
        ("a", "then"),
        ("then", "b"),
    ]
    assert all(len(identifier) == len("wnode_") + 64 for identifier in names)


def test_a_run_is_counted_by_what_became_of_its_actions():
    run = chain(a="SUCCEEDED", b="FAILED", c="RUNNING", d="PLANNED", e="ERROR", f="TIMEOUT")
    run["Triggers"] = [{"Actions": [{}] * 7}]
    assert workflow_graphs.statistics(run) == {
        "TotalActions": 7,
        "SucceededActions": 1,
        "FailedActions": 1,
        "RunningActions": 1,
        "WaitingActions": 1,
        "ErroredActions": 1,
        "TimeoutActions": 1,
        "StoppedActions": 0,
    }


def test_a_runs_graph_has_its_job_runs_and_what_could_not_start():
    run = chain(a="SUCCEEDED", b="ERROR")
    run = dependency_chains.changed(run, "jr_b", ErrorMessage="Job b not found.")
    runs = {"jr_a": {"Id": "jr_a", "JobRunState": "SUCCEEDED", "_arguments": {}}}
    drawn = workflow_graphs.graph("w", [{**START, "Actions": [{"JobName": "a"}, {"JobName": "b"}]}])
    nodes = workflow_graphs.with_runs(drawn, run, lambda action: runs.get(action["Id"]))["Nodes"]
    assert nodes[1]["JobDetails"] == {"JobRuns": [{"Id": "jr_a", "JobRunState": "SUCCEEDED"}]}
    assert nodes[2]["JobDetails"] == {
        "JobRuns": [
            {
                "JobName": "b",
                "TriggerName": "start",
                "JobRunState": "ERROR",
                "ErrorMessage": "Job b not found.",
            }
        ]
    }
