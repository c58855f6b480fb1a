"""Read a submitted notebook, whatever state it is in, as plain cells.

Nothing in the file is believed: no metadata, no output, no type is needed. What can't be read at
all is refused with the reason.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MAX_FILE_BYTES = 50_000_000
MAX_CELLS = 5_000
MAX_CELL_CHARS = 200_000


class UnreadableSubmission(ValueError):
    """A submission that can't be graded; the message names the file and what to do."""


@dataclass(frozen=True)
class SubmittedCell:
    """One cell of a submission: what was typed, and the names that it claims to have."""

    kind: str  # code or another word
    text: str
    cell_id: str = ""
    grade_id: str = ""


@dataclass(frozen=True)
class Submission:
    """The cells of one notebook in the order of the file, and a digest of what they say."""

    cells: tuple[SubmittedCell, ...]
    digest: str
    notes: tuple[str, ...] = ()


def read_submission(path: Path) -> Submission:
    """Read a notebook file.

    Raises
    ------
    UnreadableSubmission
        If it is no ordinary file, too large, not JSON, or has no cells.
    """
    return parse_submission(_bytes(path, MAX_FILE_BYTES), path.name)


def read_small_file(path: Path) -> bytes:
    """The content of a small file beside a submission, under the same conditions."""
    return _bytes(path, 1000)


def parse_submission(data: bytes, file_name: str) -> Submission:
    """The cells of a notebook given as bytes."""
    notes: list[str] = []
    notebook = _json(_text(data, notes), file_name)
    cells = tuple(_cells(notebook, file_name))
    if len(cells) > MAX_CELLS:
        raise UnreadableSubmission(
            f"{file_name}: expected at most {MAX_CELLS} cells, got {len(cells)}; "
            "ask for a notebook without the generated cells"
        )
    return Submission(cells, _digest(cells), tuple(notes))


def _digest(cells: tuple[SubmittedCell, ...]) -> str:
    """Names an attempt by what was typed, however the file was saved."""
    typed = [[cell.kind, cell.text, cell.grade_id] for cell in cells]
    return hashlib.sha256(json.dumps(typed).encode("utf-8", "surrogatepass")).hexdigest()


def _bytes(path: Path, limit: int) -> bytes:
    """The content of a regular file; links and devices are not followed."""
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        why = "is a link" if path.is_symlink() else (error.strerror or "can't be opened").lower()
        raise UnreadableSubmission(
            f"{path.name}: {why}; hand in the notebook file itself"
        ) from None
    with os.fdopen(fd, "rb") as file:
        status = os.fstat(fd)
        if not stat.S_ISREG(status.st_mode):
            raise UnreadableSubmission(f"{path.name}: not a file; hand in the notebook file itself")
        if status.st_size > limit:
            raise UnreadableSubmission(
                f"{path.name}: {status.st_size / 1e6:.0f} MB, the limit is "
                f"{limit / 1e6:.0f} MB; clear all outputs and hand it in again"
            )
        return file.read(limit)


def _text(data: bytes, notes: list[str]) -> str:
    for encoding in ("utf-8-sig", "utf-16", "latin-1"):
        if encoding == "utf-16" and data[:2] not in (b"\xff\xfe", b"\xfe\xff"):
            continue
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding != "utf-8-sig":
            notes.append(f"The file was not UTF-8; it was read as {encoding}.")
        return text
    raise AssertionError("latin-1 decodes everything")


def _json(text: str, file_name: str) -> dict[str, Any]:
    try:
        notebook = json.loads(text)
    except (ValueError, RecursionError) as error:
        where = f"line {error.lineno}" if isinstance(error, json.JSONDecodeError) else "it"
        raise UnreadableSubmission(
            f"{file_name}: not a notebook ({where} is no JSON; {len(text)} characters were read, "
            "so it may be cut off); ask for the file again"
        ) from None
    if not isinstance(notebook, dict):
        raise UnreadableSubmission(f"{file_name}: not a notebook; hand in the .ipynb file")
    return notebook


def _cells(notebook: dict[str, Any], file_name: str) -> Iterator[SubmittedCell]:
    """Cells of nbformat 4, or of the worksheets of nbformat 3."""
    sheets = notebook.get("worksheets")
    sheets = sheets if isinstance(sheets, list) else []
    candidates = [sheet.get("cells") for sheet in (notebook, *sheets) if isinstance(sheet, dict)]
    groups = [group for group in candidates if isinstance(group, list)]
    if not groups:
        raise UnreadableSubmission(
            f"{file_name}: JSON, but without cells; hand in the .ipynb file of the notebook"
        )
    for cell in (cell for group in groups for cell in group if isinstance(cell, dict)):
        text = _joined(cell.get("source", cell.get("input", "")))
        metadata = cell.get("metadata")
        nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
        grade_id = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else ""
        yield SubmittedCell(
            kind=cell["cell_type"] if isinstance(cell.get("cell_type"), str) else "",
            text=text.replace("\r\n", "\n").replace("\r", "\n")[:MAX_CELL_CHARS],
            cell_id=cell["id"] if isinstance(cell.get("id"), str) else "",
            grade_id=grade_id if isinstance(grade_id, str) else "",
        )


def _joined(source: Any) -> str:
    if isinstance(source, list):
        return "".join(line for line in source if isinstance(line, str))
    return source if isinstance(source, str) else ""
