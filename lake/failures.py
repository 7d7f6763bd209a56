"""What a command ends with where it cannot do its work: a line that says why and what to do."""

from __future__ import annotations

from collections.abc import Callable

import duckdb
import requests
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
from deltalake.exceptions import DeltaError

from lake.errors import ComposeError, StackError

NOT_RUNNING = "Is the stack running? `lake status` tells, `lake up` starts it."
FOREIGN = "If another program answers there, set EDGE_PORT in .env; `lake status` tells."


def told(command: Callable[[], None]) -> None:
    """Run the command; a failure of the stack, of an engine or of a file is a line, not a trace."""
    try:
        command()
    except (StackError, ComposeError) as error:
        raise SystemExit(str(error)) from None
    except (HTTPClientError, requests.RequestException) as error:
        raise SystemExit(f"{_first_line(error)} {NOT_RUNNING}") from None
    except (BotoCoreError, ClientError) as error:
        raise SystemExit(f"The endpoint refused: {_first_line(error)} {FOREIGN}") from None
    except DeltaError as error:
        raise SystemExit(f"A table cannot be read: {_first_line(error)} {NOT_RUNNING}") from None
    except duckdb.Error as error:
        raise SystemExit(f"The query failed: {_first_line(error)}") from None
    except OSError as error:
        raise SystemExit(f"{error}. Look at the file, its space and permissions.") from None


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n")[0]
