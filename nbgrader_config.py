"""The root of this repository is an nbgrader course; `nbgrader`, Formgrader and `grader` all read this file."""

c = get_config()  # noqa: F821  # nbgrader defines it

c.CourseDirectory.course_id = "fnnkit"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "course"
# Built notebooks are the only sources: the .py files beside them are what they are built from.
c.CourseDirectory.ignore = [".ipynb_checkpoints", "*.pyc", "__pycache__", "*.py", "README.md"]

c.ClearSolutions.code_stub = {
    "python": "raise NotImplementedError  # your code goes here, in the place of this line"
}
c.ClearSolutions.text_stub = "*Write your answer here, in the place of this line.*"

# nbgrader's own steps, but two: an answer cell tagged "answered" reaches students with its answer, and a chapter can
# change after somebody has handed it in.
c.GenerateAssignment.preprocessors = [
    "nbgrader.preprocessors.IncludeHeaderFooter",
    "nbgrader.preprocessors.InstantiateTests",
    "nbgrader.preprocessors.LockCells",
    "grader.gradebook.plugins.ClearUnlessAnswered",
    "nbgrader.preprocessors.ClearOutput",
    "nbgrader.preprocessors.CheckCellMetadata",
    "nbgrader.preprocessors.ComputeChecksums",
    "grader.gradebook.plugins.SaveChangedCells",
    "nbgrader.preprocessors.ClearHiddenTests",
    "nbgrader.preprocessors.ClearMarkScheme",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.CheckCellMetadata",
]

# Submissions run in a sandbox and are judged outside it. These are classes of their own: settings of nbgrader's
# Execute would also change what the students' Validate button does.
c.Autograde.sanitize_preprocessors = [
    "grader.gradebook.plugins.RebuildFromRelease",
    "nbgrader.preprocessors.ClearOutput",
    "nbgrader.preprocessors.OverwriteKernelspec",
    "nbgrader.preprocessors.OverwriteCells",
    "nbgrader.preprocessors.CheckCellMetadata",
]
# Browsers and learning platforms rename what is handed in; nbgrader alone would skip it.
c.Autograde.pre_convert_hook = "grader.gradebook.plugins.under_any_name"
c.Autograde.exporter_class = "grader.gradebook.plugins.AnyNotebookExporter"
c.Autograde.autograde_preprocessors = [
    "grader.gradebook.plugins.JudgedExecute",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]

# Due dates, extensions and what being late costs, as `grader dates` was told; where it was told nothing,
# c.LateSubmissionPlugin.penalty_method.
c.AssignLatePenalties.plugin_class = "grader.gradebook.late.LateByDates"

# `nbgrader zip_collect` takes times in names of files for others; `grader collect` needs no pattern, and reads more.
c.ZipCollectApp.collector_plugin = "grader.term.zip_names.TimesInNames"

# Text that students wrote is cleaned after it has been turned into HTML, in Formgrader and on feedback pages.
c.HTMLExporter.filters = {
    "markdown2html": "grader.pages.pictures.markdown2html",
    "highlight_code": "grader.pages.safe_html.highlight_code",
}
c.HTMLExporter.sanitize_html = False

# `nbgrader export` writes names and addresses; a spreadsheet would compute those that begin like a formula.
c.ExportApp.plugin_class = "grader.pages.safe_csv.SafeCsv"

# Of what students hand in beside their notebooks, nothing is kept for whoever marks but what is named here, such as
# "data/*.csv"; and only files of data, never what a browser would run.
c.StudentFiles.keep = []

# Reference answers on feedback pages, once a chapter is due for everybody, extensions included; never where it has no
# due date.
c.FeedbackPages.solutions = False

# What nbgrader says about submissions: names and texts as they can be shown, an explanation in the place of a traceback.
c.Application.logging_config = {"formatters": {"console": {"class": "grader.gradebook.lines.LineFormatter"}}}

# Formgrader would show this file, with the password of the gradebook if there is one.
c.FormgradeExtension.debug = False
