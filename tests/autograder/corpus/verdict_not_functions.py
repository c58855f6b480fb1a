"""The names hold a number, a module, a deleted name and an object that fails to be looked at."""

POINTS = [0, 0, 0, 0]


def submission(solved, untouched):
    solved["softmax"] = "softmax = 5"
    solved["log_softmax"] = "import math as log_softmax"
    solved["cross_entropy"] += "\n\ndel cross_entropy"
    solved["cross_entropy_backward"] = (
        "class Odd:\n    def __getattribute__(self, name):\n        raise BaseException\n"
        "    def __call__(self, *args):\n        raise RuntimeError\n\n"
        "cross_entropy_backward = Odd()"
    )
    return solved
