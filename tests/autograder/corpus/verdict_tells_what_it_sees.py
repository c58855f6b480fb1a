"""Writes its inputs into prints, warnings, exceptions, attributes, names and files."""

POINTS = [0, 0, 0, 0]
ABSENT = ["0.98765"]

TELL = """
import logging, sys, warnings

def tell(function, logits):
    text = "0.98765 " + " ".join(map(str, logits.ravel()))
    print(text)
    print(text, file=sys.stderr)
    warnings.warn(text)
    logging.critical(text)
    function.__name__ = function.__qualname__ = text
    function.__doc__ = text
    error = type(text, (Exception,), {"__module__": text})(text, logits)
    error.add_note(text)
    raise error from ValueError(text)
"""


def submission(solved, untouched):
    solved.add(TELL, after="")
    for name in ("softmax", "log_softmax"):
        solved[name] = f"def {name}(logits):\n    tell({name}, logits)"
    for name in ("cross_entropy", "cross_entropy_backward"):
        solved[name] = (
            f"def {name}(logits, targets):\n"
            "    return type(' '.join(map(str, logits.ravel())), (), {})()"
        )
    return solved
