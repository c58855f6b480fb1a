"""The file has 60 MB."""

POINTS = None
REASON = "60 MB, the limit is 50 MB; clear all outputs"


def submission(solved, untouched):
    def make(path):
        with path.open("wb") as file:
            file.write(solved.bytes())
            file.truncate(60_000_000)

    return make
