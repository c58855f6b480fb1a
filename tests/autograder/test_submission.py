"""Tests for autograder.submission: whatever a file holds, it is cells or a reason."""

import contextlib
import json
import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.submission import (
    MAX_CELL_CHARS,
    SubmittedCell,
    UnreadableSubmission,
    parse_submission,
    read_small_file,
    read_submission,
    shown_name,
)

TEXT = "x = 'Größe'  # naïve"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)


def notebook(*sources):
    cells = [{"cell_type": "code", "id": f"c{i}", "source": s} for i, s in enumerate(sources)]
    return json.dumps({"cells": cells}, ensure_ascii=False)


def texts(data):
    return [cell.text for cell in parse_submission(data, "work.ipynb").cells]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]
)
def test_every_encoding_gives_the_same_cells(encoding):
    """And whatever is not UTF-8 is said."""
    submission = parse_submission(notebook(TEXT).encode(encoding), "work.ipynb")

    assert [cell.text for cell in submission.cells] == [TEXT]
    assert bool(submission.notes) != encoding.startswith("utf-8")


@pytest.mark.parametrize("source", ["a\nb", "a\r\nb", "a\rb", ["a\n", "b"], ["a\r\n", None, "b"]])
def test_line_ends_and_lists_of_lines_are_one_text(source):
    """Editors and versions of the format differ in how they keep it."""
    assert texts(notebook(source).encode()) == ["a\nb"]


def test_a_cell_has_the_names_that_it_claims():
    """They are only claims; nothing else of the metadata is read."""
    data = {"cells": [{"cell_type": "markdown", "source": "x", "id": "i", "outputs": 3,
                       "metadata": {"nbgrader": {"grade_id": "g", "points": 9}}}]}  # fmt: skip

    cells = parse_submission(json.dumps(data).encode(), "work.ipynb").cells

    assert cells == (SubmittedCell("markdown", "x", "i", "g"),)


def test_half_a_character_can_be_written_again():
    """JSON allows half a surrogate pair; no file does."""
    assert texts(b'{"cells": [{"source": "a\\ud83d"}]}') == ["a?"]


def test_a_number_of_any_length_is_no_reason_to_refuse():
    """Python refuses to compute one of 10,000 digits; nobody needs its value."""
    assert texts(notebook("1").encode()[:-1] + b', "n": ' + b"9" * 10_000 + b"}") == ["1"]


def test_what_is_cut_off_is_said():
    """A text that was read only in part may be graded wrongly."""
    submission = parse_submission(notebook("#" * (MAX_CELL_CHARS + 1)).encode(), "work.ipynb")

    assert len(submission.cells[0].text) == MAX_CELL_CHARS
    assert "cut off" in submission.notes[0]


REFUSED = {
    "an empty file": (b"", "not a notebook"),
    "half a file": (notebook("1").encode()[:20], "may be cut off"),
    "a list": (b"[]", "hand in the .ipynb file"),
    "no cells": (b'{"cells": 3}', "without cells"),
    "too deep": (b"[" * 100_000, "not a notebook"),
    "too many values": (b"[" + b"{}," * 2_000_000 + b"1]", "clear all outputs"),
    "too many cells": (notebook(*["1"] * 1001).encode(), "at most 1000 cells"),
    "too much code": (notebook(*["#" * 150_000] * 4).encode(), "characters of code"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_read_is_refused_with_name_and_reason(case):
    """An instructor must know whom to ask for what."""
    data, reason = REFUSED[case]

    with pytest.raises(UnreadableSubmission, match=r"^work\.ipynb: ") as caught:
        parse_submission(data, "work.ipynb")

    assert reason in str(caught.value)


@pytest.mark.parametrize("kind", ["link", "folder", "pipe", "nothing"])
def test_only_ordinary_files_are_opened(tmp_path, kind):
    """A link could lead to the gradebook, a pipe would never end; no descriptor stays open."""
    path = tmp_path / "work.ipynb"
    {
        "link": lambda: path.symlink_to("/etc/passwd"),
        "folder": path.mkdir,
        "pipe": lambda: os.mkfifo(path),
        "nothing": lambda: None,
    }[kind]()
    before = len(os.listdir("/dev/fd"))

    with pytest.raises(UnreadableSubmission, match=r"work\.ipynb: .*hand in the notebook file"):
        read_submission(path)

    assert len(os.listdir("/dev/fd")) == before


def test_a_small_file_is_small(tmp_path):
    """nbgrader's timestamp has 30 letters; whoever hands in more hands in something else."""
    path = tmp_path / "timestamp.txt"
    path.write_text("2026-01-02 03:04:05 UTC")
    assert read_small_file(path) == b"2026-01-02 03:04:05 UTC"

    path.write_bytes(b"2" * 1001)
    with pytest.raises(UnreadableSubmission, match="the limit is"):
        read_small_file(path)


@pytest.mark.parametrize("name", ["a\nb", "\x1b[31mred", "\udcff", "n" * 300, "\u202egpj.exe"])
def test_a_file_name_in_a_message_is_harmless(tmp_path, name):
    """No control characters, nothing that can't be written, nothing endless."""
    shown = shown_name(tmp_path / name)

    assert shown.isprintable()
    assert len(shown.encode()) < 500


@settings(deadline=None, max_examples=100)
@given(st.binary(max_size=300))
def test_bytes_are_cells_or_a_reason(data):
    """Never another exception."""
    with contextlib.suppress(UnreadableSubmission):
        parse_submission(data, "work.ipynb")


@settings(deadline=None, max_examples=150)
@given(JSON, st.lists(st.dictionaries(st.sampled_from(["source", "input", "cell_type", "id",
       "metadata"]), JSON, max_size=5) | JSON, max_size=5))  # fmt: skip
def test_json_of_any_types_is_cells_or_a_reason(whole, cells):
    """Every text that comes out can be written to a file."""
    for data in (whole, {"cells": cells}, {"worksheets": [{"cells": cells}, whole]}):
        try:
            submission = parse_submission(json.dumps(data).encode(), "work.ipynb")
        except UnreadableSubmission:
            continue
        for cell in submission.cells:
            assert "".join((cell.kind, cell.text, cell.cell_id, cell.grade_id)).encode() is not None
