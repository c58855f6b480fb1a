"""Students have names that shells, paths, spreadsheets and pages stumble over."""

POINTS = [5, 5, 5, 7]
STUDENTS = [
    "a b", "ü", "..", "$(x)", "=1+1", "n" * 200, "", "<script>alert(1)</script>", "\udcff", "a\nb",
]  # fmt: skip


def submission(solved, untouched):
    return solved
