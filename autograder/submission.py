"""Read a submitted notebook, whatever state it is in, as plain cells.

Nothing in the file is believed: no metadata, no output, no type is needed. What can't be read at
all is refused with the reason.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

MAX_FILE_BYTES = 50_000_000
MAX_PARTS = 2_000_000  # commas and brackets: more of them need gigabytes of memory to read
MAX_CELLS = 1_000
MAX_CELL_CHARS = 200_000
MAX_CODE_CHARS = 500_000
MAX_NAME_CHARS = 100


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
    """The cells of one notebook in the order of the file."""

    cells: tuple[SubmittedCell, ...]
    notes: tuple[str, ...] = ()


def read_submission(path: Path) -> Submission:
    """Read a notebook file.

    Raises
    ------
    UnreadableSubmission
        If it is no ordinary file, too large, not JSON, or has no cells.
    """
    return parse_submission(read_file(path), shown_name(path))


def read_file(path: Path) -> bytes:
    """The content of a notebook file, if it is an ordinary file and not too large."""
    return _bytes(path, MAX_FILE_BYTES)


def read_small_file(path: Path) -> bytes:
    """The content of a small file beside a submission, under the same conditions."""
    return _bytes(path, 1000)


def parse_submission(data: bytes, file_name: str) -> Submission:
    """The cells of a notebook given as bytes."""
    notes: list[str] = []
    notebook = _json(_text(data, notes), file_name)
    cells = tuple(islice(_cells(notebook, file_name), MAX_CELLS + 1))
    if len(cells) > MAX_CELLS:
        raise UnreadableSubmission(
            f"{file_name}: expected at most {MAX_CELLS} cells, got more; "
            "ask for a notebook without the generated cells"
        )
    typed = sum(len(cell.text) for cell in cells if cell.kind == "code" or cell.grade_id)
    if typed > MAX_CODE_CHARS:
        raise UnreadableSubmission(
            f"{file_name}: expected at most {MAX_CODE_CHARS} characters of code, got {typed}; "
            "ask for a notebook that keeps its data in files"
        )
    if any(len(cell.text) == MAX_CELL_CHARS for cell in cells):
        notes.append(f"A cell was cut off after {MAX_CELL_CHARS} characters.")
    return Submission(cells, tuple(notes))


def shown_name(path: Path) -> str:
    """A file's name as it can be written into a message, whatever bytes it has."""
    name = "".join(c if c.isprintable() else "�" for c in path.name)
    return name if len(name) <= MAX_NAME_CHARS else f"{name[:MAX_NAME_CHARS]}…"


def _bytes(path: Path, limit: int) -> bytes:
    """The content of a regular file; links and devices are not followed."""
    name = shown_name(path)
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        why = "is a link" if path.is_symlink() else (error.strerror or "can't be opened").lower()
        raise UnreadableSubmission(f"{name}: {why}; hand in the notebook file itself") from None
    try:
        status = os.fstat(fd)
        if not stat.S_ISREG(status.st_mode):
            raise UnreadableSubmission(f"{name}: not a file; hand in the notebook file itself")
        if status.st_size > limit:
            raise UnreadableSubmission(
                f"{name}: {status.st_size / 1e6:.0f} MB, the limit is "
                f"{limit / 1e6:.0f} MB; clear all outputs and hand it in again"
            )
        with os.fdopen(fd, "rb", closefd=False) as file:
            return file.read(limit)
    finally:
        os.close(fd)


def _text(data: bytes, notes: list[str]) -> str:
    """The characters of the file; editors save in encodings of their own."""
    expected = json.detect_encoding(data)
    for encoding in (expected, "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not encoding.startswith("utf-8"):
            notes.append(f"The file was not UTF-8; it was read as {encoding}.")
        return text
    notes.append("The file was not UTF-8; it was read as latin-1.")
    return data.decode("latin-1")


def _json(text: str, file_name: str) -> dict[str, Any]:
    if sum(text.count(mark) for mark in ",[{") > MAX_PARTS:
        raise UnreadableSubmission(
            f"{file_name}: more than {MAX_PARTS} values; clear all outputs and hand it in again"
        )
    try:  # numbers don't matter, so that of one with 10,000 digits none is computed
        notebook = json.loads(text, strict=False, parse_int=len, parse_float=len)
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
        yield SubmittedCell(
            kind=_word(cell.get("cell_type")),
            text=text.replace("\r\n", "\n").replace("\r", "\n")[:MAX_CELL_CHARS],
            cell_id=_word(cell.get("id")),
            grade_id=_word(nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None),
        )


def _joined(source: Any) -> str:
    lines = source if isinstance(source, list) else [source]
    return _writable("".join(line for line in lines if isinstance(line, str)))


def _word(value: Any) -> str:
    return _writable(value[:MAX_NAME_CHARS]) if isinstance(value, str) else ""


def _writable(text: str) -> str:
    """Half a surrogate pair is legal in JSON, but can't be written to any file."""
    return text.encode("utf-8", "replace").decode()
