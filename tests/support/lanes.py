"""Which tests xdist's lanes take, and when: `pytest -n 2`.

A file goes to one lane whole. So does a folder whose tests share what is dear to make, such as a
pipeline that has run: made in two lanes, it would be made twice. Where such a folder keeps both
cores busy by itself, no second one of the kind is begun beside it while there is anything lighter.
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


def unit_of(nodeid: str) -> str:
    """The folder or the file that a test's lane runs whole."""
    path = nodeid.partition("::")[0]
    folder = PurePosixPath(path).parent.as_posix()
    return folder if folder in SHARING else path


class Lanes(LoadScopeScheduling):
    def _split_scope(self, nodeid: str) -> str:
        return unit_of(nodeid)

    def _assign_work_unit(self, node: Any) -> None:
        self.workqueue.move_to_end(self._next_for(node), last=False)
        super()._assign_work_unit(node)

    def _next_for(self, node: Any) -> str:
        heavy = [unit for unit in HEAVY if unit in self.workqueue]
        light = [unit for unit in self.workqueue if unit not in HEAVY]
        if not light or (heavy and not self._is_heavy_beside(node)):
            return heavy[0]
        return light[0]

    def _is_heavy_beside(self, node: Any) -> bool:
        """Whether another lane has a heavy unit that has not ended."""
        return any(
            unit in HEAVY and self._pending_of({unit: tests})
            for other, units in self.assigned_work.items()
            for unit, tests in units.items()
            if other is not node
        )
