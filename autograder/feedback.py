"""The page that a student gets back, made from grader-side data only."""

from __future__ import annotations

from pathlib import Path

import jinja2

from autograder.results import Result
from course.lesson import load_lesson
from course.local_check import messages_once

TEMPLATES = Path(__file__).parent / "templates"


def feedback_page(result: Result) -> str:
    """One self-contained HTML page."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["points"] = lambda points: f"{points:g}"
    environment.filters["messages_once"] = messages_once
    environment.filters["sentence"] = lambda text: text if text.endswith((".", "?")) else f"{text}."
    lesson = load_lesson(result.assignment)
    answers = [cell.points for cell in lesson.cells if cell.role == "answer"]
    return environment.get_template("feedback.html").render(
        result=result,
        lesson=lesson,
        max_points=lesson.points - sum(answers),
        answers=answers,
        first_to_repair=next((r.exercise for r in result.exercises if not r.passed), None),
    )
