"""What a command ends with where it cannot do its work: a line that says why and what to do."""

from __future__ import annotations

from collections.abc import Callable

from lake.errors import ComposeError, StackError

NOT_RUNNING = "Is the stack running? `lake status` tells, `lake up` starts it."
FOREIGN = "If another program answers there, set EDGE_PORT in .env; `lake status` tells."


def told(command: Callable[[], None]) -> None:
    """Run the command; a failure of the stack, of an engine or of a file is a line, not a trace."""
    try:
        command()
    except Exception as error:
        if (line := _line(error)) is None:
            raise
        raise SystemExit(line) from None


def _line(error: Exception) -> str | None:
    """None for what no command expects. Imported here: only who fails waits for these libraries."""
    import duckdb
    import requests
    from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
    from deltalake.exceptions import DeltaError

    from pipeline.delta_versions import NoSuchTableError, NoSuchVersionError

    first = str(error).strip().split("\n")[0]
    match error:
        case StackError() | ComposeError() | NoSuchTableError() | NoSuchVersionError():
            return str(error)
        case HTTPClientError() | requests.RequestException():
            return f"{first} {NOT_RUNNING}"
        case BotoCoreError() | ClientError():
            return f"The endpoint refused: {first} {FOREIGN}"
        case DeltaError():
            return f"A table cannot be read: {first} {NOT_RUNNING}"
        case duckdb.Error():
            return f"The query failed: {first}"
        case OSError():
            return f"{error}. Look at the file, its space and permissions."
    return None
