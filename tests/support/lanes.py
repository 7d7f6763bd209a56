"""Which tests xdist's lanes take, and when: `pytest -n 3`.

A file goes to one lane whole. So does a folder whose tests share what is dear to make, such as a
pipeline that has run: made in two lanes, it would be made twice. Where such a folder keeps both
cores busy by itself, no second one of the kind is begun beside it while there is anything lighter.

The third lane begins with what mostly waits: for a minute to come, a process to end, a disk to be
read. Then it takes what is light: two lanes leave a third of two cores idle, as they wait too.
"""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

from xdist.scheduler import LoadScopeScheduling

# The longest first.
HEAVY = (
    "tests/integration/pipeline",
    "tests/compose",
    "tests/spark",
    "tests/integration/spark_service",
)
LIGHT = (
    "tests/integration/deaths",
    "tests/integration/glue_workflows",
    "tests/integration/webhook",
    "tests/browser",
)
SHARING = (*HEAVY, *LIGHT)
# Each with a stack of its own.
WAITING = (
    "tests/integration/test_full_disk.py",
    "tests/integration/test_schedules.py",
    "tests/integration/test_stack_deaths.py",
    "tests/integration/test_damaged_files.py",
)
LANE_OF_WAITING = 3


def unit_of(nodeid: str) -> str:
    """The folder or the file that a test's lane runs whole."""
    path = nodeid.partition("::")[0]
    folder = PurePosixPath(path).parent.as_posix()
    return folder if folder in SHARING else path


class Lanes(LoadScopeScheduling):
    _lane_of_waiting: Any = None

    def schedule(self) -> None:
        found = {unit_of(test) for tests in self.registered_collections.values() for test in tests}
        if self.collection is None and len(self.nodes) >= LANE_OF_WAITING and found & {*WAITING}:
            self._lane_of_waiting = self.nodes[LANE_OF_WAITING - 1]
        super().schedule()

    def _split_scope(self, nodeid: str) -> str:
        return unit_of(nodeid)

    def _reschedule(self, node: Any) -> None:
        is_spare = node is self._lane_of_waiting and not node.shutting_down
        if is_spare and not (self._queued(WAITING) or self._light()):
            node.shutdown()
        else:
            super()._reschedule(node)

    def _assign_work_unit(self, node: Any) -> None:
        self.workqueue.move_to_end(self._next_for(node), last=False)
        super()._assign_work_unit(node)

    def _next_for(self, node: Any) -> str:
        heavy, waiting, light = self._queued(HEAVY), self._queued(WAITING), self._light()
        if node is self._lane_of_waiting:
            return (waiting or light)[0]
        if heavy and not (self._is_heavy_beside(node) and light):
            return heavy[0]
        return (light or waiting)[0]

    def _light(self) -> list[str]:
        return [unit for unit in self.workqueue if unit not in (*HEAVY, *WAITING)]

    def _queued(self, units: tuple[str, ...]) -> list[str]:
        return [unit for unit in units if unit in self.workqueue]

    def _is_heavy_beside(self, node: Any) -> bool:
        """Whether another lane has a heavy unit that has not ended."""
        return any(
            unit in HEAVY and self._pending_of({unit: tests})
            for other, units in self.assigned_work.items()
            for unit, tests in units.items()
            if other is not node
        )
