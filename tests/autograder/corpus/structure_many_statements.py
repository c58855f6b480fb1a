"""The notebook has 20,000 statements, in reverse order of their need."""

POINTS = None
REASON = "statements"


def submission(solved, untouched):
    for i in range(10):
        solved.add("\n".join(f"a{n} = a{n + 1}" for n in range(i * 2000, i * 2000 + 2000)))
    return solved
