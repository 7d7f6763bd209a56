"""An ordinary git client and what it does with a repository of the stack."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

IDENTITY = {
    "GIT_AUTHOR_NAME": "Ana",
    "GIT_AUTHOR_EMAIL": "ana@example.com",
    "GIT_COMMITTER_NAME": "Ana",
    "GIT_COMMITTER_EMAIL": "ana@example.com",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_TERMINAL_PROMPT": "0",
}


class WorkTree:
    """A clone, or a new repository, whose `origin` is `url`."""

    def __init__(self, folder: Path, url: str, *, branch: str = "main") -> None:
        self.folder, self.branch = folder, branch
        folder.mkdir(parents=True, exist_ok=True)
        self.git("init", "--quiet", f"--initial-branch={branch}")
        self.git("remote", "add", "origin", url)

    def git(self, *arguments: str) -> str:
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.folder,
            env={**os.environ, **IDENTITY, "HOME": str(self.folder)},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, f"git {arguments}:\n{done.stdout}\n{done.stderr}"
        return done.stdout.strip()

    def push(self, message: str, **files: str | bytes) -> str:
        """Commit the files, by name with `/` for `__`, push, and return the commit's id."""
        return self.push_files(
            message, {name.replace("__", "/"): content for name, content in files.items()}
        )

    def push_files(self, message: str, files: dict[str, str | bytes]) -> str:
        for name, content in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message)
        self.git("push", "--quiet", "origin", self.branch)
        return self.git("rev-parse", "HEAD")
