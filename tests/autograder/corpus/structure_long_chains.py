"""4,000 statements and functions that all need and change one another."""

POINTS = [5, 5, 5, 7]


def submission(solved, untouched):
    chain = [f"a{n} = a{n + 1} if n else a0" for n in range(2_000)]
    calls = [
        f"def f{n}():\n    global b{n}\n    b{n} = f{n + 1}\n    return b{n - 1}"
        for n in range(1, 2_000)
    ]
    solved.add("a2000 = n = b0 = 0\ndef f2000(): pass", after="")
    solved.add("\n".join(reversed(calls)), after="softmax")
    solved.add("\n".join(reversed(chain)), after="softmax")
    solved["softmax"] += "\n    [a0, f1(), " + ", ".join(f"b{n}" for n in range(1, 2_000)) + "]"
    return solved
