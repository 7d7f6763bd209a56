"""Two packages of the working copy in, what of the pipeline differs between them out; pure.

Besides, what is wrong with sources before anything of them is deployed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from aws_bootstrap.package import INGESTION, TRIGGER, UPDATE, Package

FUNCTIONS = (INGESTION, TRIGGER, UPDATE)


@dataclass(frozen=True)
class Changes:
    """`code` are objects of the code bucket by key, None where one is gone; `functions` by name.

    `stack`: the template or the state machine differs, which the stack's update brings about.
    """

    code: Mapping[str, bytes | None]
    functions: Mapping[str, bytes]
    stack: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.code or self.functions or self.stack)

    @property
    def told(self) -> str:
        names = [key.rpartition("/")[2] for key in self.code]
        names += [name for name in self.functions if f"{name}.py" not in names]
        return ", ".join([*names, *self.stack])


def changes(before: Package, after: Package) -> Changes:
    old, new = before.code, after.code
    keys = sorted(old.keys() | new.keys())
    zips = {
        name: after.parts[key]
        for name, key in function_keys(after).items()
        if key != function_keys(before)[name]
    }
    parts = (
        *(["template.yaml"] if before.template != after.template else []),
        *(
            ["state_machine.asl.json"]
            if before.state_machine_key != after.state_machine_key
            else []
        ),
    )
    return Changes({key: new.get(key) for key in keys if old.get(key) != new.get(key)}, zips, parts)


def function_keys(of: Package) -> dict[str, str]:
    return dict(zip(FUNCTIONS, (of.ingestion_key, of.trigger_key, of.update_key), strict=True))


def faults(sources: Mapping[str, bytes]) -> list[str]:
    """Where Python or JSON among the files, by their paths, cannot be read: path, line, reason."""
    found = []
    for path, content in sorted(sources.items()):
        try:
            if path.endswith(".py"):
                compile(content, path, "exec")
            elif path.endswith(".json"):
                json.loads(content)
        except SyntaxError as error:
            text = f"\n    {error.text.rstrip()}" if error.text else ""
            found.append(f"{path}:{error.lineno}: {error.msg}{text}")
        except ValueError as error:
            found.append(f"{path}: {error}")
    return found
