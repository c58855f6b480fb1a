"""The course: exercises, lessons, and the tools that build and check them."""

from course.exercise import Exercise, exercise_names, load_exercise
from course.local_check import CheckFailed, check
from course.verdict import Report

__all__ = ["CheckFailed", "Exercise", "Report", "check", "exercise_names", "load_exercise"]
