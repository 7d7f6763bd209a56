"""Layers and edges of state machines, from literal definitions."""

from __future__ import annotations

from pipeline.state_graph import Edge, Graph, Node, graph, nodes, state_names

END = {"Type": "Succeed"}


def task(following):
    return {"Type": "Task", "Next": following}


def names(found: Graph):
    return [[node and node.name for node in layer] for layer in found.layers]


def test_a_chain_is_one_state_a_layer_in_the_order_of_next_not_of_the_definition():
    found = graph({"StartAt": "A", "States": {"C": END, "A": task("B"), "B": task("C")}})
    assert names(found) == [["A"], ["B"], ["C"]]
    assert found.edges == ((Edge(0, 0),), (Edge(0, 0),))


def test_branches_are_graphs_within_their_state():
    left = {"StartAt": "L", "States": {"L": END}}
    right = {"StartAt": "R1", "States": {"R1": task("R2"), "R2": END}}
    found = graph({"StartAt": "P", "States": {"P": {"Type": "Parallel", "Branches": [left, right],
                                                    "Next": "G"}, "G": END}})  # fmt: skip
    parallel = found.layers[0][0]
    assert parallel.kind == "Parallel"
    assert [names(part) for part in parallel.parts] == [[["L"]], [["R1"], ["R2"]]]
    assert [node.name for node in nodes(found)] == ["P", "L", "R1", "R2", "G"]


def test_the_states_that_do_something_come_in_their_order_without_the_boxes_around_them():
    branches = [{"StartAt": name, "States": {name: END}} for name in ("Events", "Marketing")]
    states = {"Gold": END, "Bronze": task("ToSilver"),
              "ToSilver": {"Type": "Parallel", "Branches": branches, "Next": "Gold"}}  # fmt: skip
    found = graph({"StartAt": "Bronze", "States": states})
    assert state_names(found) == ["Bronze", "Events", "Marketing", "Gold"]


def test_what_a_map_repeats_is_a_graph_within_it():
    inner = {"StartAt": "One", "States": {"One": END}}
    for key in ("ItemProcessor", "Iterator"):
        found = graph({"StartAt": "M", "States": {"M": {"Type": "Map", key: inner, "End": True}}})
        assert [node.name for node in nodes(found)] == ["M", "One"]


def test_ways_that_part_and_meet_again_keep_their_conditions():
    choice = {"Type": "Choice", "Choices": [{"Next": "A"}], "Default": "B"}
    found = graph({"StartAt": "?", "States": {"?": choice, "A": task("Z"), "B": task("Z"),
                                              "Z": END}})  # fmt: skip
    assert names(found) == [["?"], ["A", "B"], ["Z"]]
    assert found.edges == ((Edge(0, 0, "if"), Edge(0, 1, "otherwise")), (Edge(0, 0), Edge(1, 0)))


def test_a_way_around_a_layer_has_a_place_of_its_own_in_it():
    choice = {"Type": "Choice", "Choices": [{"Next": "A"}], "Default": "Z"}
    found = graph({"StartAt": "?", "States": {"?": choice, "A": task("Z"), "Z": END}})
    assert names(found) == [["?"], ["A", None], ["Z"]]
    assert found.edges == ((Edge(0, 0, "if"), Edge(0, 1)), (Edge(0, 0), Edge(1, 0, "otherwise")))


def test_a_caught_error_leads_to_its_state():
    caught = {"Type": "Task", "Next": "Good", "Catch": [{"ErrorEquals": ["x"], "Next": "Bad"}]}
    found = graph({"StartAt": "T", "States": {"T": caught, "Good": END, "Bad": END}})
    assert found.edges == ((Edge(0, 0), Edge(0, 1, "on error")),)


def test_a_loop_is_told_instead_of_drawn_downwards():
    states = {"Wait": task("Ask"), "Ask": {"Type": "Choice", "Choices": [{"Next": "Wait"}],
                                           "Default": "Done"}, "Done": END}  # fmt: skip
    found = graph({"StartAt": "Wait", "States": states})
    assert names(found) == [["Wait"], ["Ask"], ["Done"]]
    assert found.back == (("Ask", "Wait"),)


def test_a_state_that_nothing_leads_to_is_shown_too():
    found = graph({"StartAt": "A", "States": {"A": END, "Lost": END}})
    assert sorted(node.name for node in nodes(found)) == ["A", "Lost"]


def test_a_chain_of_thousands_of_states_is_no_deeper_than_python_can_go():
    states = {str(n): task(str(n + 1)) for n in range(3000)} | {"3000": END}
    assert len(graph({"StartAt": "0", "States": states}).layers) == 3001


def test_a_graph_without_states_has_no_layers():
    assert graph({"StartAt": "A", "States": {}}) == Graph((), ())
    assert Node("A", "Task").parts == ()
