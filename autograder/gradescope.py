"""A zip that makes Gradescope grade an assignment: this project, the course key, two scripts.

Gradescope builds a container with ``setup.sh`` once, and calls ``run_autograder`` for each
submission. Its folders, below ``/autograder``: ``source`` (the zip), ``submission``,
``submission_metadata.json``, and ``results`` for our ``results.json``.

References
----------
"Autograder Specifications", https://gradescope-autograders.readthedocs.io/en/latest/specs/
"""

from __future__ import annotations

import io
import json
import os
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

from autograder.classroom import chosen
from autograder.exports import gradescope_results
from autograder.grading import Settings, grade_file, unreadable
from autograder.key import course_key
from autograder.sandbox import best_level
from course.files import write_atomically
from course.lesson import load_lesson
from course.table import CHECKOUT

PARTS = ("nnkit", "course", "autograder", "pyproject.toml", "README.md", "LICENSE")
SETUP = """\
#!/usr/bin/env bash
set -euo pipefail
cd "$(dirname "$0")"
apt-get update
apt-get install -y bubblewrap python3 python3-venv
python=python3
if ! python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    apt-get install -y python3.11 python3.11-venv
    python=python3.11
fi
"$python" -m venv .venv
.venv/bin/pip install -q .
"""
RUN = """\
#!/usr/bin/env bash
set -euo pipefail
exec {root}/source/.venv/bin/python -I -m autograder.gradescope {assignment} {root}
"""


def write_zip(assignment: str, course: Path, out: Path, *, root: str = "/autograder") -> None:
    """Write the zip; it holds the course key, so it is for the instructor alone."""
    load_lesson(assignment)
    key = course_key(course, make=False).decode()
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in _files():
            archive.write(path, path.relative_to(CHECKOUT).as_posix())
        archive.writestr("course_key", key + "\n")
        for name, text in (
            ("setup.sh", SETUP), ("run_autograder", RUN.format(root=root, assignment=assignment)),
        ):  # fmt: skip
            script = zipfile.ZipInfo(name)
            script.external_attr = 0o755 << 16
            archive.writestr(script, text)
    write_atomically(out, content.getvalue())


def grade_here(assignment: str, root: Path) -> None:
    """Grade the one submission that lies there, and write ``results/results.json``."""
    key = course_key(root / "source", make=False)
    settings = Settings(assignment, key, best_level())
    handed = chosen(_student(root / "submission_metadata.json"), root / "submission", assignment)
    if handed.problem:
        result = unreadable(handed.student, settings, handed.problem)
    else:
        result, _ = grade_file(handed.path, handed.student, settings)
    said = gradescope_results(result)
    if result.status != "graded":
        said = {**said, "score": 0, "output": f"This could not be graded: {result.reason}"}
    said["extra_data"] = {"attempt": result.attempt, "isolation": result.isolation}
    text = json.dumps(said, indent=1)
    write_atomically(root / "results" / "results.json", text.encode("ascii"))


def _student(metadata: Path) -> str:
    """The numbers of those who handed it in; they decide the hidden inputs."""
    users = json.loads(metadata.read_text(encoding="utf-8"))["users"]
    return "-".join(sorted(str(user["id"]) for user in users))


def _files() -> Iterator[Path]:
    for part in PARTS:
        path = CHECKOUT / part
        if path.is_dir():
            found = (p for p in sorted(path.rglob("*")) if p.is_file())
            left_out = {"__pycache__", "source"}  # course/source has the solutions
            yield from (p for p in found if not left_out & {*p.relative_to(CHECKOUT).parts})
        elif path.exists():
            yield path


if __name__ == "__main__":
    grade_here(sys.argv[1], Path(os.path.abspath(sys.argv[2])))
