"""Archives of a job, unpacked into its folder under the name after `#`, as EMR Serverless does."""

from __future__ import annotations

import tarfile
import zipfile
from pathlib import Path

from services.private_files import close_all

SUFFIXES = (".tar.gz", ".tgz", ".tar", ".zip", ".jar")


class ArchiveError(Exception):
    """The archive is none, or leads out of its folder; the message names it."""


def parts(uri: str) -> tuple[str, str]:
    """The address and the name of the folder: the file's own name where none is given."""
    address, _, name = uri.partition("#")
    return address, name or address.rsplit("/", 1)[-1]


def is_archive(uri: str) -> bool:
    return parts(uri)[0].lower().endswith(SUFFIXES)


def unpacked(archive: Path, folder: Path) -> Path:
    """The folder with the archive's files, for the user alone, who may run what he might before."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        if archive.name.lower().endswith((".zip", ".jar")):
            _unzipped(archive, folder)
        else:
            with tarfile.open(archive) as packed:
                # A packed environment links to the machine's Python: "data" would refuse that.
                packed.extractall(folder, filter="tar")
    except (tarfile.TarError, zipfile.BadZipFile, OSError, EOFError) as error:
        raise ArchiveError(f"{archive.name} cannot be unpacked: {error}") from error
    close_all(folder)
    return folder


def _unzipped(archive: Path, folder: Path) -> None:
    with zipfile.ZipFile(archive) as packed:
        for entry in packed.infolist():
            path = Path(packed.extract(entry, folder))
            if mode := entry.external_attr >> 16 & 0o777:
                path.chmod(mode | 0o600)
