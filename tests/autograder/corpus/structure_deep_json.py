"""The JSON is nested 200,000 levels deep."""

POINTS = None


def submission(solved, untouched):
    return b'{"cells": ' + b"[" * 200_000 + b"]" * 200_000 + b"}"
