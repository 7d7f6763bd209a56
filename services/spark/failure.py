"""The cause of a failed run, out of what it wrote."""

from __future__ import annotations

import re

from services.spark import delta_jars

LIMIT = 1500
CAUSES = 3
TRACEBACK = re.compile(r"^Traceback \(most recent call last\):\n", re.MULTILINE)
EXCEPTION = re.compile(
    r'^(?:Exception in thread "[^"]*" |Caused by: |: )?'
    r"((?:[A-Za-z_$][\w$]*\.)*[A-Z]\w*(?:Error|Exception|Exit|Interrupt|Fault)(?::.*)?)$"
)
# Its message is the Java exception of the next line.
WRAPPER = re.compile(r"^py4j\.protocol\.Py4J\w*Error: An error occurred while calling")
KILLED = "Killed by signal 9: out of memory, or ended from outside."

# Of a session, of its extension, or of its catalog.
NO_DELTA = re.compile(
    r"Failed to find the data source: delta\b"
    r"|ClassNotFoundException: (?:delta\.DefaultSource|io\.delta\.)"
    r"|ClassNotFoundException: org\.apache\.spark\.sql\.delta\."
    r"|catalog plugin class for catalog '[^']*': org\.apache\.spark\.sql\.delta\."
)
DELTA_JARS = ",".join(delta_jars.IMAGE_JARS)
CURES = {
    "glue": "give the Glue job `--datalake-formats delta`, or Delta's jars in `--extra-jars`",
    "emr": f"name Delta's jars by `--jars`: {DELTA_JARS}, or jars in S3",
}


def hint(kind: str, output: str) -> str | None:
    """What to do about a failure whose message does not tell it."""
    if kind in CURES and NO_DELTA.search(output):
        return f"This job has no Delta, as on AWS: {CURES[kind]}"
    return None


def cause(stderr: str, stdout: str, exit_code: int) -> str:
    """The last exceptions, those that Java names as their cause too; else the last lines."""
    text = "; ".join(exceptions(stderr) or exceptions(stdout))
    text = text or " ".join(last_lines(stderr) or last_lines(stdout))
    if exit_code == 137:
        text = f"{KILLED} {text}".strip()
    text = text or f"The job ended with exit code {exit_code} and wrote nothing."
    return text if len(text) <= LIMIT else f"{text[:LIMIT]}…"


def exceptions(text: str) -> list[str]:
    """The first of the last traceback and the deepest of its causes, without repetition."""
    parts = TRACEBACK.split(text)
    lines = parts[-1].splitlines()
    found = [match[1] for line in lines if (match := EXCEPTION.match(line))]
    if len(parts) > 1:
        # Python names the exception in the first line that is not indented, of whatever class.
        found = [line for line in lines if line and not line[0].isspace()][:1] + found
    causes = [line for line in dict.fromkeys(found) if not WRAPPER.match(line)]
    return causes[:1] + causes[1:][-(CAUSES - 1) :]


def last_lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()][-5:]
