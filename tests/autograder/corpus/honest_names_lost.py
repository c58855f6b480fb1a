"""Colab dropped cell ids and metadata; cells are recognised by what stands in them."""

POINTS = [5, 5, 5, 7]
REPAIRS = ["softmax had lost its name; it was recognised by its function"]
ANSWER = "Zero is forbidden"


def submission(solved, untouched):
    solved["squares_for_exponentials"] = "Zero is forbidden, and the order is lost."
    for cell in solved.cells:
        cell.pop("id")
        cell["metadata"] = {"colab": {"provenance": []}}
    solved.json["metadata"] = {"colab": {}}
    solved.json["nbformat_minor"] = 0
    return solved
