"""Which execution of a pipeline goes on, from plain documents."""

from __future__ import annotations

from itertools import count
from typing import Any

from services.edge.codepipeline.documents import action_runs, executions
from services.edge.codepipeline.documents.action_runs import Outcome
from services.edge.codepipeline.documents.declarations import declared
from services.edge.codepipeline.documents.scheduling import advanced
from services.edge.codepipeline.documents.variables import resolved
from tests.support.pipelines import approval, declaration, deploy, source, stage

Execution = dict[str, Any]


class Play:
    """Executions of one pipeline, whose actions end when the test says so."""

    def __init__(self, *stages: dict[str, Any], mode: str = "SUPERSEDED") -> None:
        whole = declaration("p", *stages, pipelineType="V2", executionMode=mode)
        self._pipeline = {"declaration": declared(whole, 1), "arn": "arn:p"}
        self._ids = (f"run-{number}" for number in count(1))
        self.closed: set[str] = set()
        self.found: list[Execution] = []
        self.now = 1000.0

    def start(self, name: str) -> None:
        trigger = {"triggerType": "StartPipelineExecution", "triggerDetail": "test"}
        self.found.append(executions.started(self._pipeline, name, trigger, {}, self.now))
        self.go_on()

    def end(self, name: str, action: str, *, failed: bool = False) -> None:
        execution = self[name]
        (run,) = [
            r for r in execution["runs"] if r["name"] == action and r["status"] == "InProgress"
        ]
        if failed:
            ended = action_runs.failed(run, "JobFailed", "broken", self.now)
        else:
            ended = action_runs.succeeded(run, Outcome(variables={"v": "1"}), self.now)
        self.change(executions.with_run(execution, ended, self.now))

    def change(self, execution: Execution) -> None:
        self.found = [execution if e["id"] == execution["id"] else e for e in self.found]
        self.go_on()

    def go_on(self) -> None:
        self.now += 1
        self.found = advanced(self.found, self.closed, self.now, lambda: next(self._ids))

    def __getitem__(self, name: str) -> Execution:
        return next(e for e in self.found if e["id"] == name)

    def statuses(self, name: str) -> dict[str, str]:
        return {run["name"]: run["status"] for run in self[name]["runs"]}


SOURCE = stage("Source", source("acme/code"))
DEPLOY = stage("Deploy", deploy("bucket"))


def test_actions_of_one_run_order_go_together_and_the_next_wait_for_all() -> None:
    play = Play(
        SOURCE,
        stage("Checks", approval("A"), approval("B"), approval("Last", runOrder=2)),
    )
    play.start("one")
    play.end("one", "Source")

    assert play.statuses("one") == {"Source": "Succeeded", "A": "InProgress", "B": "InProgress"}
    play.end("one", "A")
    assert "Last" not in play.statuses("one")
    play.end("one", "B")
    assert play.statuses("one")["Last"] == "InProgress"
    play.end("one", "Last")
    assert play["one"]["status"] == "Succeeded"


def test_a_failed_action_fails_the_run_once_its_neighbours_have_ended() -> None:
    play = Play(SOURCE, stage("Checks", approval("A"), approval("B")), DEPLOY)
    play.start("one")
    play.end("one", "Source")

    play.end("one", "A", failed=True)
    assert play["one"]["status"] == "InProgress"
    play.end("one", "B")

    assert play["one"]["status"] == "Failed"
    assert [s["status"] for s in play["one"]["stages"]] == ["Succeeded", "Failed", None]


def test_a_stage_holds_one_run_and_the_newest_waiting_one_supersedes() -> None:
    play = Play(SOURCE, stage("Hold", approval()))
    play.start("one")
    play.start("two")
    assert play["two"]["waiting"]
    play.start("three")
    assert play["two"]["status"] == "Superseded"

    play.end("one", "Source")

    assert play.statuses("one") == {"Source": "Succeeded", "Approve": "InProgress"}
    assert play.statuses("three") == {"Source": "InProgress"}


def test_queued_runs_enter_in_their_order_and_none_is_superseded() -> None:
    play = Play(SOURCE, stage("Hold", approval()), mode="QUEUED")
    for name in ("one", "two", "three"):
        play.start(name)

    play.end("one", "Source")

    assert [play[n]["status"] for n in ("one", "two", "three")] == ["InProgress"] * 3
    assert play.statuses("two") == {"Source": "InProgress"}
    assert play["three"]["waiting"]


def test_parallel_runs_share_their_stages() -> None:
    play = Play(SOURCE, DEPLOY, mode="PARALLEL")
    play.start("one")
    play.start("two")

    assert play.statuses("one") == play.statuses("two") == {"Source": "InProgress"}


def test_a_closed_transition_holds_back_and_a_newer_run_supersedes_there() -> None:
    play = Play(SOURCE, DEPLOY)
    play.closed = {"Deploy"}
    for name in ("one", "two"):
        play.start(name)
        play.end(name, "Source")

    assert play["one"]["status"] == "Superseded"
    assert play["two"]["waiting"]
    play.closed = set()
    play.go_on()
    assert play.statuses("two")["Deploy"] == "InProgress"


def test_a_stopped_run_lets_its_action_end_or_abandons_it() -> None:
    for abandon, status in ((False, "Stopping"), (True, "Stopped")):
        play = Play(SOURCE, DEPLOY)
        play.start("one")
        play.change(executions.stopping(play["one"], abandon=abandon, reason="why", now=play.now))
        assert play["one"]["status"] == status
        if not abandon:
            play.end("one", "Source")
            assert (play["one"]["status"], play.statuses("one")) == (
                "Stopped",
                {"Source": "Succeeded"},
            )


def test_a_retry_repeats_what_failed_or_the_whole_stage() -> None:
    for mode, repeated in (("FAILED_ACTIONS", ["B"]), ("ALL_ACTIONS", ["A", "B"])):
        play = Play(SOURCE, stage("Checks", approval("A"), approval("B")))
        play.start("one")
        play.end("one", "Source")
        play.end("one", "A")
        play.end("one", "B", failed=True)

        play.change(executions.retried(play["one"], mode, play.now))

        going = [run["name"] for run in play["one"]["runs"] if run["status"] == "InProgress"]
        assert going == repeated
        for name in repeated:
            play.end("one", name)
        assert play["one"]["status"] == "Succeeded"


def test_after_a_restart_what_was_going_on_has_failed_and_an_approval_is_still_waited_for() -> None:
    play = Play(SOURCE, stage("Hold", approval()))
    play.start("one")
    play.change(executions.after_restart(play["one"], play.now))
    assert play["one"]["status"] == "Failed"
    assert "The stack ended" in play["one"]["runs"][0]["error"]["message"]

    play.start("two")
    play.end("two", "Source")
    play.change(executions.after_restart(play["two"], play.now))
    assert play.statuses("two")["Approve"] == "InProgress"


def test_an_action_times_out_after_its_minutes_with_a_message_that_says_so() -> None:
    play = Play(SOURCE, stage("Hold", approval(timeoutInMinutes=5)))
    play.start("one")
    play.end("one", "Source")
    run = play["one"]["runs"][-1]

    assert run["deadline"] == run["started"] + 300
    assert "within 5 minutes" in action_runs.timed_out(run, play.now)["error"]["message"]


def test_a_variable_that_nothing_has_produced_fails_the_action() -> None:
    play = Play(SOURCE, stage("Deploy", deploy("#{SourceVariables.v}", ObjectKey="#{Nobody.x}")))
    play.start("one")
    play.end("one", "Source")

    assert play["one"]["status"] == "Failed"
    assert "#{Nobody.x}" in play["one"]["runs"][-1]["error"]["message"]


def test_references_become_the_values_of_their_namespace() -> None:
    execution = {"id": "e1", "outputs": {"S": {"v": "1"}}, "variables": {"x": "2"}}

    assert resolved(
        {"a": "#{S.v}-#{variables.x}", "b": "#{codepipeline.PipelineExecutionId}"}, execution
    ) == {"a": "1-2", "b": "e1"}
