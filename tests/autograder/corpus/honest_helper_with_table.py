"""A helper uses global tables that loops, in-place functions and other helpers have filled."""

POINTS = [5, 5, 5, 7]

TABLES = """
ROWS = []
for i in range(4):
    ROWS.append(i * 0.0)
[ROWS.append(0.0) for _ in range(3)]
MASK = np.ones((2, 2))
np.fill_diagonal(MASK, 0)
SCALE = {}
_ = SCALE.setdefault("one", np.array([2.0]))
def halve(table):
    table["one"] /= 2
halve(SCALE)
GRID = np.full((3, 3), 5.0)
for row in GRID:
    row -= 5
def start():
    global OFFSET
    OFFSET = 0.0
start()
import random
random.shuffle(ROWS)
"""

HELPER = """
def zero():
    return sum(ROWS) + OFFSET + GRID.sum() + np.trace(MASK) + len(ROWS) - 7

def one():
    return SCALE["one"][0]
"""


def submission(solved, untouched):
    solved.add(TABLES, after="softmax")
    solved.add(HELPER, after="softmax_check")
    for name in ("softmax", "cross_entropy_backward"):
        solved[name] = (
            solved[name]
            .replace("logits)", "logits * one() + zero())", 1)
            .replace(f"def {name}(logits * one() + zero())", f"def {name}(logits)")
        )
    solved["softmax"] = (
        "def softmax(logits):\n    z = logits * one() + zero()\n"
        "    e = np.exp(z - z.max(axis=1, keepdims=True))\n"
        "    return e / e.sum(axis=1, keepdims=True)"
    )
    return solved
