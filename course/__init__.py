"""The course: exercises, lessons, and the tools that build and check them."""

from course.exercise import Exercise, Report, exercise_names, load_exercise
from course.local_check import CheckFailed, check

__all__ = ["CheckFailed", "Exercise", "Report", "check", "exercise_names", "load_exercise"]
