"""The drawing of a graph: names, statuses and lines in its HTML."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from pipeline.state_drawing import Shown, drawing
from pipeline.state_graph import graph
from pipeline.state_progress import StateProgress

NOW = datetime(2026, 1, 20, 6, 0, 10, tzinfo=UTC)
END = {"Type": "Succeed"}
DEFINITION = {
    "StartAt": "Bronze",
    "States": {
        "Bronze": {"Type": "Task", "Next": "ToSilver"},
        "ToSilver": {
            "Type": "Parallel",
            "Branches": [{"StartAt": n, "States": {n: END}} for n in ("Events", "Marketing")],
            "Next": "Gold",
        },
        "Gold": END,
    },
}


def shown(**statuses):
    began = NOW - timedelta(seconds=10)
    progress = {
        name: StateProgress(name, status, began if status not in ("waiting", "skipped") else None)
        for name, status in statuses.items()
    }
    return Shown(progress, {"Events": "1,548 read, 30 rejected"}, NOW)


def texts(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()


def classes(html):
    return re.findall(r'class="flow-(state|box) (\w+)"', html)


def test_each_state_says_its_status_in_a_word_and_how_long_it_took():
    found = drawing(graph(DEFINITION), shown(Bronze="succeeded", Events="running",
                                             Marketing="failed", Gold="waiting"))  # fmt: skip
    assert texts(found) == (
        "✓ Bronze succeeded · 10.0 s ToSilver side by side"
        " ● Events running · 10.0 s 1,548 read, 30 rejected ✕ Marketing failed · 10.0 s"
        " ○ Gold waiting"
    )


def test_a_box_is_as_the_worst_of_what_is_in_it():
    for events, marketing, box in [
        ("succeeded", "succeeded", "succeeded"),
        ("succeeded", "failed", "failed"),
        ("running", "succeeded", "running"),
        ("waiting", "waiting", "waiting"),
        ("succeeded", "waiting", "running"),
        ("skipped", "skipped", "skipped"),
    ]:
        states = shown(Bronze="succeeded", Events=events, Marketing=marketing, Gold="waiting")
        assert ("box", box) in classes(drawing(graph(DEFINITION), states)), (events, marketing)


def test_only_lines_between_states_that_ran_are_taken():
    found = drawing(graph(DEFINITION), shown(Bronze="succeeded", Events="running",
                                             Marketing="running", Gold="waiting"))  # fmt: skip
    assert re.findall(r'class="flow-line( taken)? flow-arrow"', found) == [" taken", ""]


def test_ways_that_part_are_drawn_down_across_and_down():
    choice = {"Type": "Choice", "Choices": [{"Next": "A"}], "Default": "B"}
    found = drawing(graph({"StartAt": "?", "States": {"?": choice, "A": END, "B": END}}), shown())
    assert 'flow-across" style="left:25.000%;width:25.000%;top:50%"' in found
    assert 'flow-across" style="left:50.000%;width:25.000%;top:50%"' in found
    assert texts(found) == "○ ? waiting if otherwise ○ A waiting ○ B waiting"


def test_names_from_a_definition_are_text_and_nothing_else():
    hostile = "<script>alert(1)</script>"
    found = drawing(graph({"StartAt": hostile, "States": {hostile: END}}), shown())
    assert "<script" not in found
    assert "&lt;script&gt;" in found
