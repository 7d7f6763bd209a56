"""Bare git repositories below one folder, each named owner/name: heads, commits and files."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dulwich import object_store
from dulwich.object_store import iter_tree_contents
from dulwich.objects import Commit
from dulwich.refs import Ref
from dulwich.repo import Repo

from services.edge.codepipeline.documents.action_types import REPOSITORY

# Of packs: dulwich lets everyone read them, whatever the umask.
object_store.PACK_MODE = 0o400


class NoRepositoryError(Exception):
    """There is no repository, branch or commit of this name."""


@dataclass(frozen=True)
class Revision:
    """A commit: its id and what its author wrote."""

    commit: str
    message: str
    author: str
    email: str
    date: float


class Repositories:
    """A repository is opened for each question: git's files are the only state."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, name: str) -> Path:
        if not REPOSITORY.fullmatch(name) or ".." in name:
            raise NoRepositoryError(f"Expected a repository's name as owner/name, found {name!r}")
        return self._folder / f"{name}.git"

    def ensure(self, name: str) -> None:
        """Make an empty repository where there is none."""
        path = self.path(name)
        if not self.has(name):
            path.mkdir(parents=True, exist_ok=True)
            Repo.init_bare(str(path)).close()

    def has(self, name: str) -> bool:
        return (self.path(name) / "HEAD").exists()

    def open(self, name: str) -> Repo:
        if not self.has(name):
            raise NoRepositoryError(f"There is no repository {name}")
        return Repo(str(self.path(name)))

    def head(self, name: str, branch: str) -> str | None:
        """The commit that a branch stands at; None without the repository or the branch."""
        try:
            with self.open(name) as repository:
                return repository.refs[_ref(branch)].decode()
        except (NoRepositoryError, KeyError):
            return None

    def follow_first_branch(self, name: str) -> None:
        """Let HEAD name a branch that exists, so that a clone checks something out."""
        with self.open(name) as repository:
            refs = repository.refs
            branches = sorted(ref for ref in refs.allkeys() if ref.startswith(b"refs/heads/"))
            if branches and refs.follow(Ref(b"HEAD"))[1] is None:
                refs.set_symbolic_ref(Ref(b"HEAD"), branches[0])

    def revision(self, name: str, commit: str) -> Revision:
        with self.open(name) as repository:
            found = _commit(repository, commit)
            author, _, email = found.author.decode(errors="replace").partition(" <")
            message = found.message.decode(errors="replace").strip()
            return Revision(commit, message, author, email.rstrip(">"), float(found.author_time))

    def files(self, name: str, commit: str) -> dict[str, bytes]:
        """The content of every file of a commit by its path; submodules are left out."""
        with self.open(name) as repository:
            return dict(_files(repository, _commit(repository, commit)))


def _files(repository: Repo, commit: Commit) -> Iterator[tuple[str, bytes]]:
    for entry in iter_tree_contents(repository.object_store, commit.tree):
        if entry.mode is not None and stat.S_ISREG(entry.mode) and entry.path and entry.sha:
            yield entry.path.decode(), repository.object_store[entry.sha].as_raw_string()


def _commit(repository: Repo, commit: str) -> Commit:
    try:
        found = repository[commit.encode()]
    except (KeyError, ValueError) as error:
        raise NoRepositoryError(f"There is no commit {commit}") from error
    if not isinstance(found, Commit):
        raise NoRepositoryError(f"{commit} is no commit")
    return found


def _ref(branch: str) -> Ref:
    return Ref(b"refs/heads/" + branch.encode())
