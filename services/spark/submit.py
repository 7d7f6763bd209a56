"""Parse sparkSubmitParameters, the text that EMR Serverless passes on to spark-submit."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, field


class SubmitError(Exception):
    """The parameters cannot be taken; the message names the option and what is known."""


LISTS = {"--jars": "jars", "--py-files": "py_files", "--files": "files"}
CONF_OF = {
    "--driver-memory": "spark.driver.memory",
    "--driver-cores": "spark.driver.cores",
    "--executor-memory": "spark.executor.memory",
    "--executor-cores": "spark.executor.cores",
    "--num-executors": "spark.executor.instances",
    "--name": "spark.app.name",
}


@dataclass
class Submission:
    conf: dict[str, str] = field(default_factory=dict)
    jars: list[str] = field(default_factory=list)
    py_files: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)


def parse(parameters: str) -> Submission:
    """Raises SubmitError for an option that is unknown, has no value, or chooses the master."""
    try:
        words = shlex.split(parameters)
    except ValueError as error:
        raise SubmitError(f"sparkSubmitParameters cannot be read: {error}") from error
    submission = Submission()
    while words:
        option = words.pop(0)
        option, equals, value = (
            option.partition("=") if option.startswith("--") else (option, "", "")
        )
        if not equals:
            if not words:
                raise SubmitError(f"expected a value after {option}, found the end")
            value = words.pop(0)
        _take(submission, option, value)
    if "spark.master" in submission.conf:
        raise SubmitError("Option 'spark.master' is not supported")
    return submission


def _take(submission: Submission, option: str, value: str) -> None:
    if option == "--conf":
        name, equals, setting = value.partition("=")
        if not equals:
            raise SubmitError(f"expected --conf name=value, found {value!r}")
        submission.conf[name] = setting
    elif option in CONF_OF:
        submission.conf[CONF_OF[option]] = value
    elif option in LISTS:
        getattr(submission, LISTS[option]).extend(part for part in value.split(",") if part)
    else:
        known = ", ".join(["--conf", *CONF_OF, *LISTS])
        raise SubmitError(f"expected one of {known}; found {option!r}")
