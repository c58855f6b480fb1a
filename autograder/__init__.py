"""Grading: submissions in, verdicts, gradebook and feedback out."""

import sys

# nbformat loads jsonschema, and that a checker of web addresses if there is one. It takes as long
# to load as ten notebooks to grade, and nothing here is such an address.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
