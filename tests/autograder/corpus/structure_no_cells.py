"""The file is JSON, but holds no cells."""

POINTS = None
REASON = "without cells"


def submission(solved, untouched):
    return b'{"nbformat": 4, "cells": {"0": []}, "worksheets": {"cells": []}}'
