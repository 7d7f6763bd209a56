"""The branch that the code pipeline reads: the packaged tree is committed to it and pushed."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import unquote, urlsplit

from dulwich.client import HTTPUnauthorized, get_transport_and_path
from dulwich.errors import GitProtocolError, NotGitRepository
from dulwich.index import commit_tree
from dulwich.object_store import iter_tree_contents
from dulwich.objects import Blob, Commit, ObjectID, Tree
from dulwich.refs import Ref
from dulwich.repo import Repo
from urllib3.exceptions import HTTPError

FOLDERS = ("Python_codes", "Spark_codes")
AUTHOR = b"lake deploy <deploy@example.com>"
FILE_MODE, FOLDER_MODE = 0o100644, 0o040000
NAMED_FILES = 3
ANY_USER = "git"  # what hosts check is the token


class RepositoryError(Exception):
    """The code cannot be pushed; the message says which repository, why, and the cure if known."""

    def __init__(self, finding: str, cure: str = "") -> None:
        super().__init__(f"{finding}: {cure}" if cure else finding)
        self.finding, self.cure = finding, cure


@dataclass(frozen=True)
class CodeRepository:
    """`url` holds no token: that is given to `with_token`."""

    url: str
    full_id: str
    branch: str
    connection_arn: str
    token: str | None = field(default=None, repr=False)

    def with_token(self, token: str | None) -> CodeRepository:
        return replace(self, token=token)

    def check(self) -> bool:
        """Whether the repository is there; raises RepositoryError where its host refuses us."""
        with self._refusals(f"The repository {self.full_id} cannot be read"):
            try:
                with self._remote() as (client, path):
                    client.get_refs(path.encode())
            except NotGitRepository:
                return False
        return True

    def publish(self, tree: dict[str, bytes], now: int) -> Published:
        """Make the branch hold `tree`, by a commit where it does not; other files of it stay."""
        cannot = f"Branch {self.branch} of the repository {self.full_id} cannot be written"
        with (
            self._refusals(cannot),
            tempfile.TemporaryDirectory() as folder,
            Repo.init_bare(folder) as local,
        ):
            return self._published(local, tree, now)

    @contextmanager
    def _refusals(self, cannot: str) -> Iterator[None]:
        try:
            yield
        except HTTPUnauthorized as error:
            found = "refuses the token" if self.token else "asks for a token, and there is none"
            raise RepositoryError(
                f"The repository {self.full_id} {found}",
                "put one that may write to it by `lake keys set repository-token`",
            ) from error
        except (GitProtocolError, NotGitRepository, OSError, HTTPError) as error:
            told = str(error).replace(self.url, self.full_id)
            raise RepositoryError(f"{cannot}: {told}") from error

    def _published(self, local: Repo, tree: dict[str, bytes], now: int) -> Published:
        head = self._fetch(local)
        before = local[head] if head else None
        assert before is None or isinstance(before, Commit)
        root = with_folders(local, before.tree if before else None, tree)
        if before and before.tree == root:
            return Published(before.id.decode(), pushed=False)
        message = summary(changed_files(local, before.tree if before else None, root))
        commit = _commit(local, root, before, message, now)
        with self._remote() as (client, path):
            result = client.send_pack(path, lambda _: {self._ref: commit}, local.generate_pack_data)
        refused = (result.ref_status or {}).get(self._ref)
        if refused:
            raise RepositoryError(f"The push to {self.branch} of {self.full_id} failed: {refused}")
        return Published(commit.decode(), pushed=True)

    def _fetch(self, local: Repo) -> ObjectID | None:
        """The branch's newest commit, fetched; None where there is no branch or repository."""
        with self._remote() as (client, path):
            try:
                found = client.fetch(
                    path,
                    local,
                    determine_wants=lambda refs, **_: (
                        [refs[self._ref]] if self._ref in refs else []
                    ),
                    depth=1,
                )
            except NotGitRepository:
                return None  # a stack's own repository is made by the first push
        head: ObjectID | None = found.refs.get(self._ref)
        return head

    @contextmanager
    def _remote(self) -> Iterator[tuple[Any, Any]]:
        client, path = get_transport_and_path(
            self.url, username=self._user, password=self.token if self._user else None
        )
        try:
            yield client, path
        finally:
            client.close()

    @property
    def _user(self) -> str | None:
        """Whom the token belongs to; over ssh there is none."""
        address = urlsplit(self.url)
        if self.token is None or address.scheme not in ("http", "https"):
            return None
        return unquote(address.username or ANY_USER)

    @property
    def _ref(self) -> Ref:
        return Ref(b"refs/heads/" + self.branch.encode())


@dataclass(frozen=True)
class Published:
    """The branch's commit, and whether it is new."""

    commit: str
    pushed: bool


def full_id(url: str) -> str:
    """The repository as the pipeline names it, owner/name, of an https, ssh or scp-like address."""
    path = urlsplit(url).path if "://" in url else url.rpartition(":")[2]
    # The edge serves its repositories below _git/, which is no part of their names.
    return path.strip("/").removeprefix("_git/").removesuffix(".git")


def with_folders(local: Repo, before: ObjectID | None, tree: dict[str, bytes]) -> ObjectID:
    """The id of a tree in which the code's folders are those of `tree`, and the rest as before."""
    root = Tree()
    if before is not None:
        former = local[before]
        assert isinstance(former, Tree)
        for entry in former.items():
            if entry.path.decode() not in FOLDERS:
                root.add(entry.path, entry.mode, entry.sha)
    for folder in FOLDERS:
        files = {k.removeprefix(f"{folder}/"): v for k, v in tree.items() if k.startswith(folder)}
        root.add(folder.encode(), FOLDER_MODE, _folder(local, files))
    local.object_store.add_object(root)
    return root.id


def changed_files(local: Repo, before: ObjectID | None, after: ObjectID) -> list[str]:
    old = _entries(local, before) if before else {}
    new = _entries(local, after)
    return sorted(path for path in old.keys() | new.keys() if old.get(path) != new.get(path))


def summary(changed: list[str]) -> str:
    """The commit's message: the changed files by name where they are few."""
    if len(changed) > NAMED_FILES:
        return f"Deploy {len(changed)} changed files"
    return f"Deploy {', '.join(path.rpartition('/')[2] for path in changed)}"


def _folder(local: Repo, files: dict[str, bytes]) -> ObjectID:
    blobs = []
    for path, content in files.items():
        blob = Blob.from_string(content)
        local.object_store.add_object(blob)
        blobs.append((path.encode(), blob.id, FILE_MODE))
    return commit_tree(local.object_store, blobs)


def _entries(local: Repo, tree: ObjectID) -> dict[str, ObjectID]:
    found = iter_tree_contents(local.object_store, tree)
    return {entry.path.decode(): entry.sha for entry in found if entry.path and entry.sha}


def _commit(local: Repo, root: ObjectID, before: Commit | None, message: str, now: int) -> ObjectID:
    commit = Commit()
    commit.tree = root
    commit.parents = [before.id] if before else []
    commit.author = commit.committer = AUTHOR
    commit.author_time = commit.commit_time = now
    commit.author_timezone = commit.commit_timezone = 0
    commit.message = message.encode() + b"\n"
    local.object_store.add_object(commit)
    return commit.id
