"""Parse sparkSubmitParameters, the text that EMR Serverless passes on to spark-submit."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, field

from services.spark.archives import SUFFIXES, is_archive


class SubmitError(Exception):
    """The parameters cannot be taken; the message names the option and what is known."""


LISTS = {
    "--jars": "spark.jars",
    "--py-files": "spark.submit.pyFiles",
    "--files": "spark.files",
    "--archives": "spark.archives",
}
CONF_OF = {
    "--master": "spark.master",
    "--deploy-mode": "spark.submit.deployMode",
    "--packages": "spark.jars.packages",
    "--repositories": "spark.jars.repositories",
    "--exclude-packages": "spark.jars.excludes",
    "--class": "spark.main.class",
    "--name": "spark.app.name",
    "--driver-memory": "spark.driver.memory",
    "--driver-cores": "spark.driver.cores",
    "--executor-memory": "spark.executor.memory",
    "--executor-cores": "spark.executor.cores",
    "--num-executors": "spark.executor.instances",
}
# https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/jobs-spark.html
REFUSED = ("spark.master", "spark.submit.deployMode")
# Nothing is fetched from Maven here: a job has the jars that it names.
PACKAGES = (
    *("spark.jars.packages", "spark.jars.repositories", "spark.jars.excludes"),
    *("spark.jars.ivy", "spark.jars.ivySettings"),
)
# What of EMR Serverless's own settings means something here, or only sizes workers.
SERVERLESS = "spark.emr-serverless."
SERVERLESS_KNOWN = tuple(
    f"{SERVERLESS}{name}"
    for name in (
        "driverEnv.",
        "driver.disk",
        "executor.disk",
        "memoryOverheadFactor",
        "allocation.",
    )
)


@dataclass(frozen=True)
class Submission:
    """What the job asks for: files by address, all other settings by name."""

    conf: dict[str, str] = field(default_factory=dict)
    jars: tuple[str, ...] = ()
    py_files: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    archives: tuple[str, ...] = ()
    main_class: str = ""


def parse(parameters: str, defaults: dict[str, str] | None = None) -> Submission:
    """Raises SubmitError for an option that is unknown, has no value, or would be passed over."""
    conf = {**(defaults or {}), **options(words_of(parameters))}
    for name in REFUSED:
        if name in conf:
            raise SubmitError(f"Option '{name}' is not supported")
    _check_available(conf)
    archives = listed(conf.pop("spark.archives", ""))
    if wrong := [uri for uri in archives if not is_archive(uri)]:
        raise SubmitError(f"expected an archive {' or '.join(SUFFIXES)}, found {', '.join(wrong)}")
    return Submission(
        archives=archives,
        jars=listed(conf.pop("spark.jars", "")),
        py_files=listed(conf.pop("spark.submit.pyFiles", "")),
        files=listed(conf.pop("spark.files", "")),
        main_class=conf.pop("spark.main.class", ""),
        conf=conf,
    )


def _check_available(conf: dict[str, str]) -> None:
    for name in conf:
        if name in PACKAGES:
            raise SubmitError(
                f"Option '{name}' is not available here: put the jars into S3 and name them in"
                " --jars"
            )
        if name.startswith(SERVERLESS) and not name.startswith(SERVERLESS_KNOWN):
            raise SubmitError(f"Option '{name}' is not available here: leave it out")


def words_of(parameters: str) -> list[str]:
    try:
        return shlex.split(parameters)
    except ValueError as error:
        raise SubmitError(f"sparkSubmitParameters cannot be read: {error}") from error


def options(words: list[str]) -> dict[str, str]:
    """Each option as the setting that it stands for; the last of one name counts."""
    conf: dict[str, str] = {}
    rest = list(words)
    while rest:
        option, equals, value = rest.pop(0).partition("=")
        if option not in {"--conf", "-c", *CONF_OF, *LISTS}:
            taken = [option for option in CONF_OF if CONF_OF[option] not in (*REFUSED, *PACKAGES)]
            known = ", ".join(["--conf", *taken, *LISTS])
            raise SubmitError(f"expected one of {known}; found {option!r}")
        if not equals:
            value = value_of(option, rest)
        if option in ("--conf", "-c"):
            option, equals, value = value.partition("=")
            if not equals:
                raise SubmitError(f"expected --conf name=value, found {option!r}")
        conf[{**CONF_OF, **LISTS}.get(option, option)] = value
    return conf


def value_of(option: str, rest: list[str]) -> str:
    """Takes the value off `rest`; a list may go on after a comma and a space."""
    if not rest or rest[0].startswith("--"):
        found = repr(rest[0]) if rest else "the end"
        raise SubmitError(f"expected a value after {option}, found {found}")
    value = rest.pop(0)
    while option in LISTS and value.endswith(",") and rest:
        value += rest.pop(0)
    return value


def listed(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(",") if part.strip())
