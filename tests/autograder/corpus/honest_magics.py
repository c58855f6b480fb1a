"""Lines for IPython stand in solution cells and in others."""

POINTS = [5, 5, 5, 7]


def submission(solved, untouched):
    solved["softmax"] = (
        "%%time\n%matplotlib inline\n!pip install numpy\n"
        + solved["softmax"]
        + "\n\nsoftmax?\n?softmax\nfiles = !ls\n%timeit -n 10 softmax(np.ones((2, 2)))"
    )
    solved["log_softmax"] = "%%capture output\n" + solved["log_softmax"]
    solved["cross_entropy"] = "%load_ext autoreload\n%autoreload 2\n" + solved["cross_entropy"]
    solved["cross_entropy_backward"] += "\n\n%time one = count()"
    solved["cross_entropy_backward"] = solved["cross_entropy_backward"].replace(
        "/ len(targets)", "/ (len(targets) * one)"
    )
    solved.add("def count():\n    return 1", after="softmax")
    solved.add("%%html\n<b>not Python</b>")
    solved.add("%%bash\nrm -rf /")
    return solved
