"""The file is a zip archive with the notebook's name, and a bomb inside."""

import io
import zipfile

POINTS = None
REASON = "not a notebook"


def submission(solved, untouched):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../escape.ipynb", b"0" * 10**8)
    return file.getvalue()
