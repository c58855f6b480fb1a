"""Knows the answers to the inputs that `check` uses, and to nothing else."""

import numpy as np

from course.exercise import load_exercise
from course.reference import reference

POINTS = [0, 0, 0, 0]


def submission(solved, untouched):
    for name in ("softmax", "log_softmax", "cross_entropy", "cross_entropy_backward"):
        known = {}

        def recorder(*args, known=known, name=name):
            answer = reference(name)(*args)
            known[args[0].tobytes()] = np.asarray(answer).tolist()
            return answer

        load_exercise(name).observe(recorder, 0)
        solved[name] = (
            f"KNOWN_{name} = {known!r}\n\ndef {name}(*args):\n"
            f"    answer = KNOWN_{name}.get(args[0].tobytes(), 0.0)\n"
            "    return np.array(answer) if isinstance(answer, list) else answer"
        )
    return solved
