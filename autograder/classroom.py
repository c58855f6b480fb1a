"""A folder of submissions: which file is whose, and what is unclear."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.submission import UnreadableSubmission, read_small_file


class NoSubmissions(ValueError):
    """The folder holds nothing to grade; the message says what was expected."""


@dataclass(frozen=True)
class Handed:
    """One submission as it lies in the folder."""

    student: str
    path: Path
    problem: str = ""


def find_submissions(folder: Path, assignment: str) -> list[Handed]:
    """Submissions in nbgrader's layout (student/assignment/notebook) or in one flat folder.

    Raises
    ------
    NoSubmissions
        If there is none.
    """
    if not folder.is_dir():
        raise NoSubmissions(f"expected a folder of submissions, got {folder}; does it exist?")
    found = [*_nested(folder, assignment), *_flat(folder, assignment)]
    if not found:
        raise NoSubmissions(
            f"found no submission in {folder}; expected STUDENT/{assignment}/{assignment}.ipynb, "
            "or notebooks named after the students, STUDENT.ipynb"
        )
    return _one_each(sorted(found, key=lambda handed: handed.student))


def _nested(folder: Path, assignment: str) -> Iterator[Handed]:
    for student in sorted(folder.iterdir()):
        place = student / assignment
        if student.name.startswith(".") or not (place.is_dir() or place.is_symlink()):
            continue
        if student.is_symlink() or place.is_symlink():
            yield Handed(student.name, place, f"{place} is a link; hand in the folder itself")
            continue
        yield chosen(student.name, place, assignment)


def chosen(student: str, place: Path, assignment: str) -> Handed:
    """The notebook named as the assignment; or the only one that there is."""
    notebooks = sorted(place.glob("*.ipynb"))
    named = place / f"{assignment}.ipynb"
    if named in notebooks:
        return Handed(student, named)
    if len(notebooks) == 1:
        return Handed(student, notebooks[0])
    names = ", ".join(path.name for path in notebooks[:5]) or "none"
    problem = f"{place}: expected {named.name}, found {names}; rename the right one"
    return Handed(student, place, problem)


def _flat(folder: Path, assignment: str) -> Iterator[Handed]:
    for path in sorted(folder.glob("*.ipynb")):
        if path.name.startswith("."):  # macOS leaves such files beside the real ones
            continue
        student = re.sub(rf"^{assignment}[_.-]*|[_.-]*{assignment}$", "", path.stem) or path.stem
        yield Handed(student, path)


def _one_each(found: list[Handed]) -> list[Handed]:
    """Two files of one student: neither is graded until it is clear which one counts."""
    groups: dict[str, list[Handed]] = {}
    for handed in found:
        groups.setdefault(handed.student, []).append(handed)
    return [
        group[0]
        if len(group) == 1
        else Handed(
            student,
            group[0].path,
            f"{student} handed in {' and '.join(str(h.path) for h in group)}; remove one",
        )
        for student, group in groups.items()
    ]


def timestamps(handed: Sequence[Handed]) -> dict[str, bytes]:
    """nbgrader's records of when work was handed in, by student, where there are any."""
    return {one.student: data for one in handed if (data := _timestamp(one)) is not None}


def _timestamp(handed: Handed) -> bytes | None:
    path = handed.path.parent / "timestamp.txt"
    if handed.problem or not path.exists():
        return None
    try:
        return read_small_file(path)
    except UnreadableSubmission:
        return None
