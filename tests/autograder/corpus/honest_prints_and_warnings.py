"""Correct functions print to stdout and stderr, without end, and warn."""

POINTS = [5, 5, 5, 7]


def submission(solved, untouched):
    solved["softmax"] = (
        "import sys, warnings, logging\nwarnings.simplefilter('error')\n\n"
        + solved["softmax"].replace(
            "shifted =",
            "print('x' * 10**6, flush=True)\n    print('oh', file=sys.stderr)\n"
            "    sys.stdout.write('more')\n    logging.error('loud')\n    shifted =",
        )
    )
    solved["log_softmax"] = solved["log_softmax"].replace(
        "shifted =",
        "import warnings\n    warnings.warn('be careful', DeprecationWarning)\n"
        "    np.log(np.zeros(3))\n    np.float64(1) / 0\n    shifted =",
    )
    return solved
