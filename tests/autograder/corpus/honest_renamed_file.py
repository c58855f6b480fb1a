"""The file got another name; what a name holds never becomes part of the page."""

POINTS = [5, 5, 5, 7]
FILE_NAME = "final <script>alert(1)<\u2215script> \n \x1b[31m (2) \udcff.ipynb"
REPAIRS = ["The file was called final <script>"]


def submission(solved, untouched):
    return solved
