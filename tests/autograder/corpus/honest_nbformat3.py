"""The notebook was saved in nbformat 3: worksheets, and input instead of source."""

POINTS = [5, 5, 5, 7]


def submission(solved, untouched):
    cells = solved.json.pop("cells")
    for cell in cells:
        cell.pop("id")
        if cell["cell_type"] == "code":
            cell["input"] = cell.pop("source")
    solved.json |= {"nbformat": 3, "nbformat_minor": 0, "worksheets": [{"cells": cells}]}
    return solved
