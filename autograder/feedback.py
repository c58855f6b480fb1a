"""The page that a student gets back, made from grader-side data only."""

from __future__ import annotations

from autograder.pages import template
from autograder.results import Result
from course.lesson import load_lesson
from course.local_check import messages_once

FILTERS = {
    "points": lambda points: f"{points:g}",
    "messages_once": messages_once,
    "sentence": lambda text: text if text.endswith((".", "?")) else f"{text}.",
}


def feedback_page(result: Result) -> str:
    """One self-contained HTML page."""
    lesson = load_lesson(result.assignment)
    answers = [cell.points for cell in lesson.cells if cell.role == "answer"]
    return template("feedback.html", **FILTERS).render(
        result=result,
        lesson=lesson,
        max_points=lesson.points - sum(answers),
        answers=answers,
        first_to_repair=next((r.exercise for r in result.exercises if not r.passed), None),
    )
