"""How tests are handed to lanes: whole folders to one, and one heavy folder at a time."""

from __future__ import annotations

from types import SimpleNamespace

from lake.settings import ROOT
from tests.support.lanes import HEAVY, SHARING, WAITING, Lanes, unit_of


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


def lanes_of(tests: list[str], number: int) -> tuple[Lanes, list[Lane]]:
    option = SimpleNamespace(loadscopereorder=False)
    config = SimpleNamespace(getvalue=lambda _: [f"{number}*popen"], option=option)
    scheduler, lanes = Lanes(config), [Lane(tests) for _ in range(number)]  # type: ignore[arg-type]
    for lane in lanes:
        scheduler.add_node(lane)
        scheduler.add_node_collection(lane, tests)
    scheduler.schedule()
    return scheduler, lanes


def test_folders_and_files_that_are_named_are_there():
    assert [folder for folder in SHARING if not (ROOT / folder).is_dir()] == []
    assert [file for file in WAITING if not (ROOT / file).is_file()] == []


def test_a_folder_that_shares_a_fixture_is_one_unit_and_else_a_file_is():
    pipeline = "tests/integration/pipeline"
    assert unit_of(f"{pipeline}/test_pipeline.py::test_a[1::2]") == pipeline
    assert unit_of(f"{pipeline}/test_console_checks.py::test_b") == pipeline
    assert unit_of("tests/unit/test_lanes.py::test_c") == "tests/unit/test_lanes.py"


def test_a_second_heavy_folder_waits_for_the_first_or_for_the_light_files_to_run_out():
    tests = [f"{folder}/test_it.py::test_{n}" for folder in HEAVY[:2] for n in range(4)]
    tests += [f"tests/unit/test_{n}.py::test_{m}" for n in range(2) for m in range(4)]
    lanes, (one, other) = lanes_of(tests, 2)
    for test in range(8, 12):
        lanes.mark_test_complete(other, test)
    assert set(one.units) == {HEAVY[0]}
    assert set(other.units) == {"tests/unit/test_0.py", "tests/unit/test_1.py"}

    for test in range(12, 16):
        lanes.mark_test_complete(other, test)
    assert set(other.units) == {"tests/unit/test_0.py", "tests/unit/test_1.py", HEAVY[1]}


def test_a_third_lane_takes_what_waits_then_what_is_light_and_nothing_heavy():
    light = [f"tests/unit/test_{n}.py" for n in range(3)]
    files = [f"{folder}/test_it.py" for folder in HEAVY[:3]] + [*WAITING[:2], *light]
    tests = [f"{file}::test_{n}" for file in files for n in range(4)]
    lanes, (one, other, third) = lanes_of(tests, 3)
    for test in range(12, 20):
        lanes.mark_test_complete(third, test)
    assert third.units == [WAITING[0]] * 4 + [WAITING[1]] * 4 + [light[1]] * 4
    assert (set(one.units), set(other.units)) == ({HEAVY[0]}, {light[0]})

    for test in range(24, 28):
        lanes.mark_test_complete(third, test)
    assert set(third.units) == {*WAITING[:2], *light[1:]}
    for test in range(28, 32):
        lanes.mark_test_complete(third, test)
    assert third.shutting_down and not set(third.units) & {*HEAVY}
    for test in range(20, 24):
        lanes.mark_test_complete(other, test)
    assert HEAVY[1] in other.units


def test_two_lanes_share_what_waits():
    tests = [f"{file}::test_{n}" for file in WAITING[:2] for n in range(4)]
    _, lanes = lanes_of(tests, 2)
    assert [set(lane.units) for lane in lanes] == [{WAITING[0]}, {WAITING[1]}]
