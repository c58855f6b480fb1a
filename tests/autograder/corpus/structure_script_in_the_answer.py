"""The written answer is HTML with a script."""

POINTS = [5, 5, 5, 7]
ABSENT = ["alert(document"]


def submission(solved, untouched):
    solved["squares_for_exponentials"] = "<script>alert(document.cookie)</script>"
    return solved
