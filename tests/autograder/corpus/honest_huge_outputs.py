"""A line of 20 MB, 100,000 messages, HTML and scripts were printed."""

POINTS = [5, 5, 5, 7]
ABSENT = ["alert("]


def submission(solved, untouched):
    page = {"output_type": "display_data", "data": {"text/html": "<script>alert(1)</script>"}}
    line = {"output_type": "stream", "name": "stdout", "text": "x" * 20_000_000}
    solved.cell("softmax")["outputs"] = [line, *[page] * 100_000]
    return solved
