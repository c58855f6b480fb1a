"""The functions are defined anew, wrongly, in later cells; and tried by slow calls."""

POINTS = [5, 5, 5, 7]


def submission(solved, untouched):
    solved.add("def softmax(logits):\n    return 0", after="log_softmax_check")
    solved.add("softmax = None\nlog_softmax, cross_entropy = 1, 2")
    solved.add("import time\ndef slow(f):\n    time.sleep(100)\nslow(softmax)", after="")
    solved["log_softmax"] += (
        "\n\nimport time\nnp.testing.assert_allclose(log_softmax(np.ones((1, 1))), time.sleep(99))"
    )
    return solved
