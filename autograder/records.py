"""What is kept of a class: one signed record for each attempt, and the result that counts.

::

    attempts/ASSIGNMENT/STUDENT/ATTEMPT.ipynb   what was graded, rebuilt on the course's notebook
    attempts/ASSIGNMENT/STUDENT/ATTEMPT.json    what came of it; written last, so complete if there
    results/ASSIGNMENT/STUDENT.json             the result that counts

The signature is an HMAC-SHA256 over the record with the course key, as in RFC 2104: whoever has
not got the key can't change a record unnoticed.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat.notebooknode import NotebookNode

from autograder.results import Result
from course.build import as_bytes
from course.files import write_atomically

SIGNATURE = "signature"


class BrokenRecord(ValueError):
    """A record can't be read, or is not as it was written; the message says which."""


@dataclass(frozen=True)
class Records:
    """The records of one course folder."""

    course: Path
    key: bytes

    def keep(self, result: Result, notebook: NotebookNode) -> None:
        """Keep an attempt; if the process dies while it does so, nothing was kept."""
        path = self._attempt(result)
        write_atomically(path.with_suffix(".ipynb"), as_bytes(notebook))
        write_atomically(path, self._signed(result))

    def attempts(self, assignment: str, student: str) -> list[Result]:
        """A student's attempts, oldest first; a record that isn't ours any more is left out."""
        folder = self.course / "attempts" / assignment / student
        found = []
        for path in sorted(folder.glob("*.json")):
            try:
                found.append(self.read(path))
            except BrokenRecord:
                continue
        return sorted(found, key=lambda result: result.graded_at)

    def notebook(self, result: Result) -> NotebookNode:
        """The notebook that an attempt was graded on."""
        path = self._attempt(result).with_suffix(".ipynb")
        try:
            return nbformat.read(path, as_version=4)
        except (OSError, ValueError) as error:
            raise BrokenRecord(
                f"{path}: {error}; grade the submission again (nnkit grade --again)"
            ) from None

    def count(self, result: Result) -> None:
        """Make a result the one that counts."""
        write_atomically(self.counted_path(result), self._signed(result))

    def counted(self, assignment: str) -> list[Result]:
        """The results that count, by student."""
        paths = sorted((self.course / "results" / assignment).glob("*.json"))
        return [self.read(path) for path in paths]

    def counted_path(self, result: Result) -> Path:
        return self.course / "results" / result.assignment / f"{result.student}.json"

    def find(self, name: str) -> Path:
        """A record by its path, or by the first characters of its attempt."""
        if Path(name).is_file():
            return Path(name)
        found = sorted((self.course / "attempts").glob(f"*/*/{_plain(name)}*.json"))
        if len(found) != 1:
            raise BrokenRecord(
                f"expected one attempt that begins with {name} in {self.course / 'attempts'}, "
                f"found {len(found)}; the number stands at the end of a feedback page"
            )
        return found[0]

    def read(self, path: Path) -> Result:
        """A record, if it is as it was written."""
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            signature = data.pop(SIGNATURE)
            result = Result.from_dict(data)
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise BrokenRecord(f"{path}: no record of nnkit ({error})") from None
        if not hmac.compare_digest(str(signature), self._signature(result)):
            raise BrokenRecord(
                f"{path}: it was changed after it was written, or with another course key; "
                "grade the submission again (nnkit grade --again)"
            )
        return result

    def _attempt(self, result: Result) -> Path:
        folder = self.course / "attempts" / result.assignment / result.student
        return folder / f"{result.attempt}.json"

    def _signed(self, result: Result) -> bytes:
        record = {**result.to_dict(), SIGNATURE: self._signature(result)}
        return (json.dumps(record, indent=1, ensure_ascii=False) + "\n").encode()

    def _signature(self, result: Result) -> str:
        said = json.dumps(result.to_dict(), sort_keys=True, separators=(",", ":"))
        return hmac.new(self.key, said.encode(), hashlib.sha256).hexdigest()


def what_changed(before: Result | None, now: Result) -> Iterator[str]:
    """In words, what a second grading gave otherwise than the first."""
    if before is None:
        yield "was not graded before"
        return
    if before.status != now.status:
        yield f"was {before.status}, is {now.status}{': ' if now.reason else ''}{now.reason}"
    if before.attempt != now.attempt and before.status == now.status:
        yield "handed in other work"
    for name in sorted({r.exercise for r in (*before.exercises, *now.exercises)}):
        old, new = before.report(name), now.report(name)
        if old is None or new is None:
            yield f"{name}: {'not asked any more' if new is None else 'is new'}"
            continue
        passed = {probe.name: probe.passed for probe in old.probes}
        for probe in new.probes:
            if passed.get(probe.name) != probe.passed:
                was = {True: "passed", False: "failed", None: "new"}[passed.get(probe.name)]
                verdict = "passes" if probe.passed else f"fails: {probe.message or probe.claim}"
                yield f"{name}, {probe.name} ({was} before): {verdict}"
        if old.points != new.points:
            yield f"{name}: {old.points:g} → {new.points:g} points"
        elif old.hint != new.hint:
            yield f"{name}: another hint"


def _plain(name: str) -> str:
    """No characters that a pattern takes for its own."""
    return "".join(c for c in name if c.isalnum())
