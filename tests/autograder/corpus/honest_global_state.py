"""Functions count their calls in globals and attributes, and remember results."""

POINTS = [5, 5, 5, 7]


def submission(solved, untouched):
    solved["softmax"] = (
        "calls = 0\nCACHE = {}\n\n"
        + solved["softmax"].replace(
            "shifted =",
            "global calls\n    calls += 1\n    softmax.calls += 1\n"
            "    CACHE[logits.shape] = calls\n    shifted =",
        )
        + "\n\nsoftmax.calls = 0"
    )
    solved.add("softmax.colour = 'blue'\nCACHE.clear()", after="softmax")
    return solved
