"""Identifiers, strings and comments hold letters of other alphabets, and half an emoji."""

POINTS = [5, 5, 5, 7]


def submission(solved, untouched):
    solved["softmax"] = solved["softmax"].replace("shifted", "größe").replace("exp =", "ε̂ =")
    solved["softmax"] = solved["softmax"].replace("exp /", "ε̂ /").replace("/ exp.", "/ ε̂.")
    solved["log_softmax"] = solved["log_softmax"].replace("def log_softmax", "def ｌog_softmax")
    solved["cross_entropy"] = "# Größe des Fehlers 🎉\n" + solved["cross_entropy"]
    solved.add("note = '\ud83d'")
    solved.add("\ud83d half a smile", kind="markdown")
    return solved
