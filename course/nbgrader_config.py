"""nbgrader's configuration for this course folder.

It replaces two things in ``nbgrader autograde``: submissions are read onto the course's own
notebook, and student code runs in the sandbox. Everything else is nbgrader as it comes.
"""

c = get_config()  # noqa: F821  (nbgrader provides it)

c.CourseDirectory.course_id = "nnkit"
c.Autograde.pre_convert_hook = "autograder.plugin.drop_links"
c.Autograde.exporter_class = "autograder.plugin.RebuildingExporter"
c.Autograde.sanitize_preprocessors = [
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
