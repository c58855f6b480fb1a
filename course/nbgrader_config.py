"""nbgrader's configuration for this course folder.

It replaces two steps of ``nbgrader autograde``: submissions are rebuilt on the course's own
notebook, and student code runs in the sandbox. Everything else is nbgrader as it comes.
"""

c = get_config()  # noqa: F821  (nbgrader provides it)

c.CourseDirectory.course_id = "nnkit"
c.Autograde.sanitize_preprocessors = [
    "autograder.plugin.RebuildSubmission",
    "nbgrader.preprocessors.OverwriteKernelspec",
    "nbgrader.preprocessors.OverwriteCells",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.Autograde.autograde_preprocessors = [
    "autograder.plugin.GradeInSandbox",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]

# Where bubblewrap can't run, the weaker level has to be asked for by name:
# c.GradeInSandbox.isolation = "process"
