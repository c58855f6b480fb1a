"""Grading: submissions in, verdicts, gradebook and feedback out."""
