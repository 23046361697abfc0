import base64
import copy
import io
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook
from PIL import Image
from playwright.sync_api import expect

from fnnkit.judge.registry import exercises
from grader import batch
from grader.attacks.on_people import ASK, AWAY, MARKUP, TEX
from grader.course import CONFIG, Course
from grader.demo import make_class
from grader.gradebook import calls
from grader.gradebook.scores import scores
from grader.pages.feedback import write_feedback
from grader.pages.report import write_report
from grader.sandbox import modes

ROOT = Path(__file__).resolve().parents[2]
CHAPTER = "ch1_xor"
STUDENT = "Zoë Dvořák"

pytestmark = pytest.mark.skipif(
    not modes.available(), reason="bubblewrap is not installed (Debian: apt install bubblewrap)"
)

MSE = (
    "def mse(y_pred, y_true):\n"
    "    if y_pred.shape != y_true.shape:\n"
    "        raise ValueError('shapes')\n"
    "    return ((y_pred - y_true) ** 2).mean()"
)
SINGULAR = (
    "def fit_linear(X, y):\n"
    "    Xc = X - X.mean(axis=0)\n"
    "    w = np.linalg.inv(Xc.T @ Xc) @ Xc.T @ (y - y.mean())\n"
    "    return w, y.mean() - X.mean(axis=0) @ w"
)
COLUMN = "def xor_network(X, W, c, w, b):\n    H = np.maximum(0, X @ W + c)\n    return H, (H @ w + b).reshape(-1, 1)"
PARTLY = {
    "mse": MSE,
    "fit_linear": SINGULAR,
    "xor_network": COLUMN,
    "why_not_linear": "Because it is **not** linear.",
}
# What these answers earn; the other exercises are left as they were handed out.
EARNED = {e.name: 0.0 for e in exercises(CHAPTER)} | {"mse": 1.0, "fit_linear": 1.25, "xor_network": 0.75}
POSSIBLE = sum(e.worth for e in exercises(CHAPTER))


@pytest.fixture
def course(tmp_path):
    root = tmp_path / "course"
    root.mkdir()
    shutil.copy(ROOT / CONFIG, root)
    for folder in ("solutions", "course"):
        shutil.copytree(ROOT / folder / CHAPTER, root / folder / CHAPTER)
    return Course(root)


@pytest.fixture
def formgrader(course, tmp_path, serve):
    """JupyterLab started at the root of the course, as an instructor starts it."""
    yield from serve("lab", course.root, tmp_path / "home")


def hand_in(course, answers, student=STUDENT):
    notebook = copy.deepcopy(nbformat.read(course.released(CHAPTER), as_version=4))
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        cell.source = answers.get(name, cell.source)
    path = course.submitted(student, CHAPTER)
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)


def grade(course):
    """What `grader grade` does, in a thread of its own: playwright's event loop runs in this one."""
    with ThreadPoolExecutor(1) as apart:
        [entry] = apart.submit(batch.grade, course, CHAPTER).result().entries
    assert entry.state == "graded", entry.message
    return entry


def book(course):
    return Gradebook(f"sqlite:///{course.root / 'gradebook.db'}", "fnnkit")


def submission_page(course, server):
    with book(course) as known:
        notebook = known.find_submission_notebook(CHAPTER, CHAPTER, STUDENT)
        return f"{server.url}/formgrader/submissions/{notebook.id}"


def without_policy(page, server):
    """Go to a page of the server that lies outside of Formgrader: no policy keeps anything there from running."""
    answer = page.goto(f"{server.url}/no-such-page")
    assert "-src" not in answer.headers.get("content-security-policy", "")
    return page.url


def autograde_by_button(page, row=0):
    page.locator(".autograde a").nth(row).click()
    page.get_by_text("Successfully autograded").wait_for()
    page.get_by_role("button", name="OK").click()


@pytest.mark.exhaustive
def test_the_button_in_jupyterlab_gives_the_points_of_grader_grade(course, formgrader, tmp_path, page):
    hand_in(course, PARTLY)
    calls.register(course, CHAPTER)
    twin = Course(shutil.copytree(course.root, tmp_path / "twin"))
    entry = grade(twin)
    assert {n: v.marks for n, v in entry.marking.verdicts.items()} == EARNED

    page.goto(f"{formgrader.url}/lab/workspaces/test?reset")
    page.wait_for_function(
        "() => window.jupyterapp && window.jupyterapp.commands.hasCommand('nbgrader:open-formgrader')"
    )
    page.evaluate("() => window.jupyterapp.commands.execute('nbgrader:open-formgrader')")
    inside = page.frame_locator("iframe")
    inside.locator(".num-submissions a").first.click()
    autograde_by_button(inside)
    # The table is asked for again after the message.
    expect(inside.locator("td.score").first).to_have_text(f"{entry.points:g} / {POSSIBLE + 1:g}")
    with book(course) as known:
        recorded = {
            g.name: g.auto_score for g in known.find_submission_notebook(CHAPTER, CHAPTER, STUDENT).grades
        }
    assert recorded == {f"check_{name}": points for name, points in EARNED.items()} | {"why_not_linear": None}

    page.goto(submission_page(course, formgrader))
    text = page.locator("#notebook").first.inner_text()
    assert "fit_linear: 1.25 of 2 points" in text
    assert "Singular matrix" in text
    assert "<table" not in text
    assert "¶" not in text
    assert "<div" not in text
    assert page.locator("#notebook strong", has_text="not").count() >= 1
    for name, points in (("mse", 1), ("fit_linear", 1.25), ("xor_network", 0.75)):
        assert page.get_by_role("group", name=f"{name}: {points:g} of").count() == 1
        field = page.locator(f"#check_{name}")
        page.wait_for_function("(field) => field.placeholder !== ''", arg=field.element_handle())
        assert float(field.get_attribute("placeholder")) == points


@pytest.mark.exhaustive
def test_the_button_gives_a_class_of_chapter_4_the_points_of_grader_grade(tmp_path, serve, page):
    chapter = "ch4_universal_approximation"
    for folder in ("solutions", "course"):
        shutil.copytree(ROOT / folder / chapter, tmp_path / folder / chapter)
    shutil.copy(ROOT / CONFIG, tmp_path)
    made = make_class(Course(tmp_path), chapter, students=2, seed=2)
    calls.register(made, chapter)
    twin = Course(shutil.copytree(made.root, tmp_path / "twin"))
    with ThreadPoolExecutor(1) as apart:
        entries = apart.submit(batch.grade, twin, chapter).result().entries
    expected = {
        e.student: {f"check_{name}": v.marks for name, v in e.marking.verdicts.items()} for e in entries
    }
    assert len({str(marks) for marks in expected.values()}) == 2
    for server in serve("lab", made.root, tmp_path / "home"):
        page.goto(f"{server.url}/formgrader/manage_submissions/{chapter}")
        for row in range(len(expected)):
            autograde_by_button(page, row)
    with book(made) as known:
        recorded = {
            s.student.id: {g.name: g.auto_score for g in s.notebooks[0].grades if g.name.startswith("check_")}
            for s in known.assignment_submissions(chapter)
        }
    assert recorded == expected


@pytest.mark.exhaustive
def test_nothing_that_a_student_wrote_runs_in_formgrader(course, formgrader, page):
    tags = repr("".join(MARKUP))
    noisy = (
        f"from IPython.display import HTML, Javascript, display\nprint({tags})\ndisplay(HTML({tags}))\n"
        f"display(Javascript({ASK!r}))\n"
        f"display({{'text/html': {tags}, 'text/markdown': {tags}, 'text/latex': {tags}, 'image/svg+xml': {tags},\n"
        f"          'application/javascript': {ASK!r}}}, raw=True)\n"
    )
    answers = {
        "mse": f"{noisy}def mse(y_pred, y_true):\n    return {tags}\n",
        "fit_linear": f"def fit_linear(X, y):\n    raise ValueError({tags})\n",
        "xor_network": f"raise type({tags}, (Exception,), {{}})({tags})\n",
        "why_not_linear": "\n\n".join(
            ["# Why", *MARKUP, f"[press](javascript:{ASK})", f"`{MARKUP[0]}`", f"```\n{MARKUP[1]}\n```"]
            + [f"$x = {markup}$" for markup in MARKUP]
            + list(TEX)
        ),
    }
    hand_in(course, answers)
    grade(course)
    for markup in MARKUP[:3]:  # in a page that shows it as it is, each of them does ask
        without_policy(page, formgrader)
        with page.expect_request(lambda request: "stolen" in request.url):
            page.set_content(markup)
    page.goto("about:blank")
    asked, dialogs = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.goto(submission_page(course, formgrader))
    page.wait_for_load_state("networkidle")
    assert "stolen" in page.locator("#notebook").first.inner_text()  # it is there, as text
    for link in page.locator("#notebook a").all():
        assert not (link.get_attribute("href") or "").startswith("javascript")
    forbidden = "#notebook :is(iframe, svg, script, object, embed, form, meta, base, link, video, audio)"
    assert page.locator(forbidden).count() == 0
    # MathJax would make links and names of what students write, if it were not told to be safe.
    for script in page.locator("script[src*=mathjax i]").all():
        assert "Safe" in (script.get_attribute("src") or "")
    assert not [url for url in asked if "stolen" in url or "/api/contents" in url]
    assert dialogs == []
    # The same on the pages of grader grade, even where they would have the server's origin.
    for path in write_pages(course):
        address = without_policy(page, formgrader)
        page.set_content(path.read_text(encoding="utf-8"))
        page.wait_for_load_state("networkidle")
        assert page.url == address
        assert page.locator(":is(iframe, script, object, embed, form, base, link, video, audio)").count() == 0
    assert not [url for url in asked if "stolen" in url or "/api/contents" in url]
    assert dialogs == []


def write_pages(course):
    """Feedback and report of the class."""

    def written():
        graded = batch.grade(course, CHAPTER)
        known = scores(graded, course.config())
        return [*write_feedback(graded, known), write_report(graded, course.root / "report.html", known)]

    with ThreadPoolExecutor(1) as apart:
        return apart.submit(written).result()


@pytest.mark.exhaustive
def test_a_written_answer_cannot_pass_for_a_button_or_a_score_of_formgrader(course, formgrader, page):
    forged = (
        '<p class="full-credit">A line cannot do it.</p>\n\n<p class="btn mark-graded">So there.</p>\n\n'
        '<span id="check_mse">See</span> <span id="check_fit_linear">above.</span>'
    )
    hand_in(course, {"why_not_linear": forged})
    grade(course)
    saved = []
    page.on(
        "request", lambda request: saved.append(request.url) if request.method in ("PUT", "POST") else None
    )
    page.goto(submission_page(course, formgrader))
    page.wait_for_load_state("networkidle")
    for words in ("A line cannot do it.", "So there.", "See"):
        page.locator(".text_cell_render p", has_text=words).last.click()
    assert page.locator("#check_mse").count() == 1
    # What a person types is saved, after what the clicks might have saved.
    page.locator("#why_not_linear").fill("0.5")
    with page.expect_response(lambda response: response.request.method == "PUT"):
        page.locator("#why_not_linear").press("Tab")
    assert len(saved) == 1
    with book(course) as known:
        marks = {
            g.name: g.manual_score for g in known.find_submission_notebook(CHAPTER, CHAPTER, STUDENT).grades
        }
    assert marks == {f"check_{name}": None for name in EARNED} | {"why_not_linear": 0.5}


HTML = f"<!doctype html><script>{ASK}</script><img src='{AWAY}'><h1>derivation</h1>"
FILES = {
    "derivation.html": HTML, "derivation.xhtml": f'<html xmlns="http://www.w3.org/1999/xhtml"><script>{ASK}</script></html>',
    "drawing.svg": f'<svg xmlns="http://www.w3.org/2000/svg"><script>{ASK}</script></svg>', "code.js": ASK, "page.txt.html": HTML,
    "noending": HTML, "data.csv": "1,2\n", "nbgrader_config.py": "open('{ran}', 'w')",
}  # fmt: skip
LEADS = (
    "[relative](derivation.html)",
    "[with a scheme](http:derivation.html)",
    "[up](../derivation.html)",
    "[root](/api/contents?stolen)",
    "[host](//127.0.0.1:1/stolen)",
    "[script](javascript:fetch('/api/contents?stolen'))",
    "[reference][r]",
    "[r]: derivation.html",
    "<a href='derivation.html'>anchor</a>",
    f"![picture]({AWAY})",
    f"![by reference][p]\n\n[p]: {AWAY}",
    "![attached](attachment:x.png)",
    f"$\\href{{javascript:{ASK}}}{{x}}$",
    f"```mermaid\ngraph TD\nA@{{ img: '{AWAY}', label: 'x' }}\n```",
    f"<{AWAY}>",
)


def hand_in_files(course, student=STUDENT):
    """A notebook, all of whose written answer leads somewhere, and files beside it that a browser would run."""
    hand_in(course, PARTLY | {"why_not_linear": "\n\n".join([*LEADS, *MARKUP])}, student)
    folder = course.submitted(student, CHAPTER).parent
    for name, text in FILES.items():
        (folder / name).write_text(text.replace("{ran}", str(course.root / "ran")))
    (folder / "more").mkdir()
    (folder / "more" / "derivation.html").write_text(HTML)


def autograded(course, student=STUDENT):
    folder = course.root / "autograded" / student / CHAPTER
    return folder, sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


@pytest.mark.exhaustive
def test_nothing_of_a_submission_is_served_or_followed_or_sends_anything(course, formgrader, page):
    hand_in_files(course)
    calls.register(course, CHAPTER)
    with (course.root / CONFIG).open("a") as file:
        file.write("\nc.StudentFiles.keep = ['*']\n")  # even so only data
    asked, dialogs, complaints = [], [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)

    def stolen():
        return [url for url in asked if "stolen" in url]

    # By the button, and by `grader grade`.
    for grading in ("button", "grader grade"):
        if grading == "button":
            page.goto(f"{formgrader.url}/formgrader/manage_submissions/{CHAPTER}")
            autograde_by_button(page)
        else:
            hand_in(course, PARTLY | {"why_not_linear": "\n\n".join([*LEADS, *MARKUP, "twice"])})
            grade(course)
        folder, there = autograded(course)
        assert there == [f"{CHAPTER}.ipynb", "data.csv"]
        address = submission_page(course, formgrader)
        page.goto(address)
        page.wait_for_load_state("networkidle")
        policy = page.request.get(address).headers["content-security-policy"]
        assert "frame-ancestors 'self'" in policy
        # Formgrader itself works: its fields are filled in, a click in one of its templates does what it should.
        field = page.locator("#check_mse")
        page.wait_for_function("(field) => field.placeholder !== ''", arg=field.element_handle())
        page.locator(".glyphicon.name-hidden").click()
        assert page.locator("a.name-shown").first.is_visible()
        assert complaints == []
        assert "derivation" in page.locator("#notebook").first.inner_text()
        answer = page.locator(".text_cell_render", has_text="reference")
        assert answer.locator("a[href]").count() == 0
        for name in FILES:
            if name != "data.csv":
                assert page.request.get(f"{address}/{name}").status == 404, name
        assert page.request.get(f"{address}/data.csv").headers["content-security-policy"].endswith("sandbox")
    assert stolen() == dialogs == []

    # Walls behind walls: what stands in the notebook as it is, and lies beside it, runs in a page without a policy only.
    notebook = nbformat.read(folder / f"{CHAPTER}.ipynb", as_version=4)
    shown = next(c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == "mse")
    shown.outputs = [nbformat.v4.new_output("display_data", {"text/html": "".join(MARKUP[:6])})]
    (folder / f"{CHAPTER}.ipynb").chmod(0o644)
    nbformat.write(notebook, folder / f"{CHAPTER}.ipynb")
    folder.chmod(0o755)
    (folder / "derivation.html").write_text(HTML)
    page.goto(address)
    page.wait_for_load_state("networkidle")
    assert "violates the following Content Security Policy" in "".join(complaints)
    reached = [url for url in stolen() if not url.startswith(AWAY)]
    assert reached == []
    given = page.request.get(f"{address}/derivation.html").headers
    assert given["content-security-policy"].endswith("default-src 'none'; sandbox")
    assert given["content-disposition"] == "attachment"
    del asked[:]
    page.set_content("".join(MARKUP[:1]))
    page.wait_for_load_state("networkidle")
    assert stolen() == []
    without_policy(page, formgrader)
    with page.expect_request(lambda request: "stolen" in request.url):
        page.set_content("".join(MARKUP[:1]))

    # A folder that was handed in is no course of its own: Formgrader would run its configuration.
    inside = course.submitted(STUDENT, CHAPTER).parent
    assert page.request.get(f"{formgrader.url}/formgrader/?path={inside}").status == 403
    assert not (course.root / "ran").exists()
    assert page.request.get(f"{formgrader.url}/formgrader/?path={course.root}").ok


@pytest.mark.exhaustive
def test_nbgraders_own_feedback_and_jupyterlab_show_a_submission_without_asking_for_anything(
    course, formgrader, page
):
    hand_in_files(course)
    grade(course)
    feedback = course.root / "feedback" / STUDENT / CHAPTER
    shutil.rmtree(feedback, ignore_errors=True)
    with ThreadPoolExecutor(1) as apart:
        made = apart.submit(lambda: calls.api(course.config()).generate_feedback(CHAPTER, STUDENT)).result()
    assert made["success"], made
    assert [p.name for p in feedback.iterdir()] == [f"{CHAPTER}.html"]
    asked, dialogs = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))

    def stolen():
        return [url for url in asked if "stolen" in url or "derivation" in url]

    # As the worst would show it: from the origin of the server, without a policy.
    without_policy(page, formgrader)
    page.set_content((feedback / f"{CHAPTER}.html").read_text(encoding="utf-8"))
    page.wait_for_load_state("networkidle")
    assert "by reference" in page.locator("body").inner_text()
    assert stolen() == dialogs == []

    def in_lab(place, page, shown):
        page.goto(
            f"{formgrader.url}/lab/workspaces/w{len(asked)}/tree/{place}/{STUDENT}/{CHAPTER}/{CHAPTER}.ipynb?reset"
        )
        page.wait_for_function(
            """() => {
                const panel = window.jupyterapp && window.jupyterapp.shell.currentWidget;
                return panel && panel.content && panel.content.widgets && panel.content.widgets.length;
            }"""
        )
        page.evaluate(
            """async () => {
                const panel = window.jupyterapp.shell.currentWidget;
                for (let i = 0; i < panel.content.widgets.length; i++) await panel.content.scrollToItem(i);
            }"""
        )
        page.locator(".jp-RenderedMarkdown").locator(shown).first.wait_for(state="attached")
        page.wait_for_load_state("networkidle")

    in_lab("autograded", page, ":text('by reference')")  # words in the place of a picture
    assert stolen() == dialogs == []
    another = page.context.new_page()
    another.on("request", lambda request: asked.append(request.url))
    # As it was handed in it has the picture and does ask, so the test sees what it looks for.
    in_lab("submitted", another, "img[alt='by reference']")
    assert stolen() != []
    assert dialogs == []


@pytest.mark.exhaustive
def test_a_picture_that_was_pasted_into_an_answer_is_seen_in_formgrader_and_on_the_feedback_page(
    course, formgrader, page
):
    hand_in(course, PARTLY | {"why_not_linear": "See ![drawn](attachment:image.png)."})
    path = course.submitted(STUDENT, CHAPTER)
    notebook = nbformat.read(path, as_version=4)
    [cell] = [c for c in notebook.cells if c.metadata.nbgrader.grade_id == "why_not_linear"]
    file = io.BytesIO()
    Image.new("RGB", (60, 40), "red").save(file, "PNG")
    cell["attachments"] = {"image.png": {"image/png": base64.b64encode(file.getvalue()).decode()}}
    nbformat.write(notebook, path)
    grade(course)
    page.goto(submission_page(course, formgrader))
    seen = page.get_by_alt_text("A picture that was pasted into this answer")
    seen.wait_for()
    assert seen.evaluate("(image) => [image.naturalWidth, image.naturalHeight]") == [60, 40]
    write_pages(course)
    page.set_content(course.feedback(STUDENT, CHAPTER).read_text(encoding="utf-8"))
    assert seen.evaluate("(image) => [image.naturalWidth, image.naturalHeight]") == [60, 40]


@pytest.mark.exhaustive
def test_marks_and_comments_given_in_formgrader_survive_a_regrade(course, formgrader, page):
    hand_in(course, PARTLY)
    grade(course)
    page.goto(submission_page(course, formgrader))
    page.wait_for_load_state("networkidle")
    for field, text in (("#why_not_linear", "0.5"), ("#why_not_linear-comment", "Give the <b>argument</b>.")):
        page.locator(field).fill(text)
        with page.expect_response(lambda response: response.request.method == "PUT" and response.ok):
            page.locator(field).press("Tab")

    def recorded():
        with book(course) as known:
            found = known.find_submission_notebook(CHAPTER, CHAPTER, STUDENT)
            comments = {c.name: c.comment for c in found.comments if c.manual_comment}
            return found.score, {g.name: g.score for g in found.grades}["why_not_linear"], comments

    comments = {"why_not_linear": "Give the <b>argument</b>."}
    assert recorded() == (3.5, 0.5, comments)
    hand_in(course, PARTLY | {"xor_network": COLUMN.replace(".reshape(-1, 1)", "")})
    grade(course)
    assert recorded() == (4.75, 0.5, comments)
    hand_in(course, PARTLY)
    page.goto(f"{formgrader.url}/formgrader/manage_submissions/{CHAPTER}")
    autograde_by_button(page)
    assert recorded() == (3.5, 0.5, comments)
