"""What a process of the stack says by its exit code, as sysexits.h names it."""

from __future__ import annotations

import os

# Its data on the disk are damaged: it would end the same way each time it is started.
DAMAGED_DATA = os.EX_DATAERR
