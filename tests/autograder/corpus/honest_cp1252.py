"""A tool of Windows saved umlauts and quotation marks in its own encoding."""

import json

POINTS = [5, 5, 5, 7]
REPAIRS = ["it was read as cp1252"]
ANSWER = "Größe “heißt” €"


def submission(solved, untouched):
    solved["squares_for_exponentials"] = ANSWER
    solved["softmax"] = "# für “alle”\n" + solved["softmax"]
    return json.dumps(solved.json, ensure_ascii=False).encode("cp1252", "ignore")
