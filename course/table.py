"""What `course.toml` says."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

COURSE = Path(__file__).parent
CHECKOUT = COURSE.parent


class LessonError(ValueError):
    """A lesson's source or `course.toml` is wrong; the message names the place."""


def course_table() -> dict[str, Any]:
    """What `course.toml` says."""
    return _table((COURSE / "course.toml").read_text(encoding="utf-8"))


def lesson_row(exercise: str) -> dict[str, Any]:
    """What it says about the lesson that asks for an exercise."""
    return next(row for row in course_table()["lessons"] if exercise in row["functions"])


@lru_cache(maxsize=2)
def _table(text: str) -> dict[str, Any]:
    return tomllib.loads(text)
