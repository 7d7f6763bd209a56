"""What `make setup` leaves: byte code of what the stack's programs import."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

from lake.bytecode import LIBRARIES, modules_of


@pytest.mark.parametrize("module", [*LIBRARIES, "moto.core.responses", "botocore.client"])
def test_a_library_has_its_byte_code(module):
    assert Path(find_spec(module).cached).is_file()


def test_no_program_is_begun_and_every_service_is_found():
    found = modules_of("services")
    assert {"services.edge.plugins", "services.spark.app"} < {*found}
    assert not [name for name in found if name.endswith("__main__") or "glue_libs" in name]
