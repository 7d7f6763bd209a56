"""`lake dashboard`: the dashboard over a promoted pipeline, in the account of a profile."""

from __future__ import annotations

import os
import sys

import typer

from lake import ports
from lake.processes import dashboard_command
from lake.promote import PREFIX, PROFILE, REGION
from lake.settings import ROOT

PORT = 8502  # beside that of the local stack


def dashboard(
    prefix: str = PREFIX,
    profile: str | None = PROFILE,
    region: str | None = REGION,
    port: int = typer.Option(PORT, min=1024, max=65535, help="Where it listens, on 127.0.0.1"),
) -> None:
    """Show a promoted pipeline's tables and runs, read in its AWS account. Ctrl-C ends it.

    The dashboard of the local stack is a part of it: `lake up` starts it.
    """
    from lake import deployments, promotions

    with promotions.errors_shown():
        names = deployments.names_of(prefix)
        found = promotions.account(profile, region)
        if ports.is_taken(port):
            raise ports.taken(port, "name another one by --port")
    typer.echo(f"Account {found.account}, {found.region}, as {found.arn}")
    typer.echo(f"Dashboard  http://localhost:{port}  (Ctrl-C ends it)")
    sys.stdout.flush()
    variables = {
        **os.environ,
        **({"AWS_PROFILE": profile} if profile else {}),
        "AWS_DEFAULT_REGION": found.region,
        "PREFIX": names.prefix,
    }
    if profile:  # the profile's own, not those that the shell has for the local stack
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
            variables.pop(name, None)
    os.chdir(ROOT)
    os.execve(sys.executable, dashboard_command(port), variables)
