"""How tests are handed to lanes: whole folders to one, and one heavy folder at a time."""

from __future__ import annotations

from types import SimpleNamespace

from lake.settings import ROOT
from tests.support.lanes import HEAVY, SHARING, Lanes, unit_of


class Lane:
    """Records what it is to run."""

    shutting_down = False

    def __init__(self, tests: list[str]) -> None:
        self.gateway, self.tests = SimpleNamespace(id="gw"), tests
        self.units: list[str] = []

    def send_runtest_some(self, indices: list[int]) -> None:
        self.units += [unit_of(self.tests[index]) for index in indices]

    def shutdown(self) -> None:
        self.shutting_down = True


def test_folders_that_are_handed_out_whole_are_there():
    assert [folder for folder in SHARING if not (ROOT / folder).is_dir()] == []


def test_a_folder_that_shares_a_fixture_is_one_unit_and_else_a_file_is():
    pipeline = "tests/integration/pipeline"
    assert unit_of(f"{pipeline}/test_pipeline.py::test_a[1::2]") == pipeline
    assert unit_of(f"{pipeline}/test_console_checks.py::test_b") == pipeline
    assert unit_of("tests/unit/test_lanes.py::test_c") == "tests/unit/test_lanes.py"


def test_a_second_heavy_folder_waits_for_the_first_or_for_the_light_files_to_run_out():
    tests = [f"{folder}/test_it.py::test_{n}" for folder in HEAVY[:2] for n in range(4)]
    tests += [f"tests/unit/test_{n}.py::test_{m}" for n in range(2) for m in range(4)]
    option = SimpleNamespace(loadscopereorder=False)
    config = SimpleNamespace(getvalue=lambda _: ["2*popen"], option=option)
    lanes, (one, other) = Lanes(config), (Lane(tests), Lane(tests))  # type: ignore[arg-type]
    for lane in (one, other):
        lanes.add_node(lane)
        lanes.add_node_collection(lane, tests)

    lanes.schedule()
    for test in range(8, 12):
        lanes.mark_test_complete(other, test)
    assert set(one.units) == {HEAVY[0]}
    assert set(other.units) == {"tests/unit/test_0.py", "tests/unit/test_1.py"}

    for test in range(12, 16):
        lanes.mark_test_complete(other, test)
    assert set(other.units) == {"tests/unit/test_0.py", "tests/unit/test_1.py", HEAVY[1]}
