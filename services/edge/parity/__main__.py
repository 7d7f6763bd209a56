"""Writes docs/parity.md; with `--check` only says whether it is what the code says."""

from __future__ import annotations

import sys

from services.edge.parity import extensions
from services.edge.parity.document import document
from services.edge.served_calls import calls
from services.edge.served_calls.calls import ROOT

DOCUMENT = ROOT / "docs" / "parity.md"


def main(arguments: list[str]) -> int:
    written = document(
        calls.everything(),
        extensions.integration_rows(),
        extensions.resource_type_rows(extensions.TEMPLATE.read_text()),
        extensions.refused_sql(),
    )
    if "--check" not in arguments:
        DOCUMENT.write_text(written)
        return 0
    if DOCUMENT.exists() and DOCUMENT.read_text() == written:
        return 0
    print(f"{DOCUMENT.relative_to(ROOT)} is not what the code says: run `make parity`.")  # noqa: T201
    return 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
