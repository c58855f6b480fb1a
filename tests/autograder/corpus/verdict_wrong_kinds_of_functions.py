"""The functions are asynchronous, a generator, a class, and one inside another."""

POINTS = [0, 0, 0, 0]
HINTS = {"cross_entropy_backward": "no function of this name was found"}


def submission(solved, untouched):
    solved["softmax"] = "async " + solved["softmax"]
    solved["log_softmax"] = solved["log_softmax"].replace("return", "yield")
    solved["cross_entropy"] = (
        "class cross_entropy(float):\n    def __new__(cls, logits, targets):\n"
        "        return super().__new__(cls, 0.5)"
    )
    solved["cross_entropy_backward"] = "def outer():\n    " + solved[
        "cross_entropy_backward"
    ].replace("\n", "\n    ")
    return solved
