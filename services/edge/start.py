"""What LocalStack's services and S3 kept is there again before the first request."""

from __future__ import annotations

import threading
from pathlib import Path

from localstack.aws import handlers
from localstack.services.plugins import SERVICE_PLUGINS
from localstack.utils.bootstrap import is_api_enabled

from services.edge.aws import moto_errors
from services.edge.service_state.saved_state import ServiceState
from services.edge.service_state.stores import SERVICES
from services.edge.store import disk_space

# Those that are stored by this project itself.
OWN_SERVICES = ("athena", "codepipeline", "emr-serverless", "glue", "s3", "scheduler")


def open_services(folder: Path) -> None:
    """All files are opened before one is used."""
    state = ServiceState(folder / "services.sqlite")
    if is_api_enabled("s3"):
        SERVICE_PLUGINS.require("s3")
    space = disk_space.DiskSpaceCheck(folder, (*SERVICES, *OWN_SERVICES))
    handlers.serve_custom_service_request_handlers.append(space.before_call)
    handlers.serve_custom_service_request_handlers.append(state.before_call)
    disk_space.name_the_folder_in_errors()
    moto_errors.apply()
    state.load()
    handlers.run_custom_response_handlers.append(state.after_call)
    threading.Thread(target=state.follow, name="service-state", daemon=True).start()
    for service in filter(is_api_enabled, ("emr-serverless", "glue")):
        SERVICE_PLUGINS.require(service)
