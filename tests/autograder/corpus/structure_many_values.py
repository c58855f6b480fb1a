"""The JSON holds millions of empty lists, which need gigabytes of memory."""

POINTS = None
REASON = "clear all outputs"


def submission(solved, untouched):
    return b'{"cells": [], "metadata": [' + b"[[[[[]]]]]," * 3_000_000 + b"1]}"
