"""What students get: enough to work with in an empty environment, and nothing that is not for them."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import venv
import zipfile
from pathlib import Path

import nbformat
import pytest

from fnnkit.judge.registry import exercises
from grader.authoring.build import BEGIN
from grader.authoring.handout import (
    FOR_STUDENTS,
    NAME,
    handout,
    own_config,
    scan,
    student_project,
    version_of,
)
from grader.course import CONFIG, Course, CourseError

ROOT = Path(__file__).resolve().parents[3]
CHAPTERS = Course(ROOT).chapters()
NOTEBOOKS = [*CHAPTERS, "project"]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return handout(Course(ROOT), place=tmp_path_factory.mktemp("given to students"))


@pytest.fixture
def clone(tmp_path):
    """A small copy of the repository: one chapter, all of fnnkit."""
    place = tmp_path / "clone"
    place.mkdir()
    for name in (CONFIG, "pyproject.toml", "LICENSE"):
        shutil.copy(ROOT / name, place)
    shutil.copytree(ROOT / "fnnkit", place / "fnnkit", ignore=shutil.ignore_patterns("__pycache__"))
    for folder in ("solutions", "course"):
        shutil.copytree(ROOT / folder / "ch1_xor", place / folder / "ch1_xor")
    shutil.copy(ROOT / "solutions" / "ch1_xor.py", place / "solutions")
    for page in ("README.md", "AGENTS.md"):
        shutil.copy(ROOT / "course" / page, place / "course")
    return Course(place)


def wheel_of(folder):
    [wheel] = folder.glob("*.whl")
    return wheel


def tree(folder):
    return {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()
    }


# --- what is in it ---------------------------------------------------------------------------------------


def test_it_holds_chapters_wheel_readme_requirements_and_licence(made):
    wheel = wheel_of(made.folder).name
    chapters = {f"{c}/{c}.ipynb" for c in NOTEBOOKS}
    pages = {"README.md", "AGENTS.md", "LICENSE", "requirements.txt", CONFIG}
    assert set(made.files) == pages | {wheel} | chapters
    assert set(tree(made.folder)) == set(made.files)
    assert (made.folder / "README.md").read_bytes() == (ROOT / "course" / "README.md").read_bytes()
    for chapter in CHAPTERS:
        released = json.loads(Course(ROOT).released(chapter).read_bytes())
        released["metadata"]["fnnkit"] = {"version": made.version}
        assert json.loads((made.folder / chapter / f"{chapter}.ipynb").read_bytes()) == released
    *_, told, last = (made.folder / "requirements.txt").read_text().splitlines()
    assert f"Marked with Python {sys.version_info[0]}.{sys.version_info[1]}:" in told
    assert last == f"./{wheel}"


def test_the_wheel_carries_the_chapters_that_are_handed_out_and_no_others(made, tmp_path):
    def carried(folder):
        with zipfile.ZipFile(wheel_of(folder)) as wheel:
            return {n: wheel.read(n) for n in wheel.namelist() if n.startswith("fnnkit/released/")}

    assert carried(made.folder) == {
        f"fnnkit/released/{c}.ipynb": (made.folder / c / f"{c}.ipynb").read_bytes() for c in NOTEBOOKS
    }
    one = handout(Course(ROOT), CHAPTERS[:1], place=tmp_path / "one")
    assert list(carried(one.folder)) == [f"fnnkit/released/{CHAPTERS[0]}.ipynb"]


def test_the_zip_holds_the_same_in_one_folder(made):
    with zipfile.ZipFile(made.archive) as packed:
        assert packed.testzip() is None
        inside = {name: packed.read(name) for name in packed.namelist()}
    assert inside == {f"{made.folder.name}/{name}": content for name, content in tree(made.folder).items()}


def test_the_wheel_is_fnnkit_and_nothing_of_the_grader(made):
    with zipfile.ZipFile(wheel_of(made.folder)) as wheel:
        names = wheel.namelist()
        about = next(wheel.read(n).decode() for n in names if n.endswith("METADATA"))
    tops = {name.split("/")[0] for name in names}
    assert {t for t in tops if not t.endswith((".dist-info", ".data"))} == {"fnnkit"}
    assert [
        n
        for n in names
        if ".data/" in n
        and not n.endswith(("etc/jupyter/jupyter_server_config.d/fnnkit.json", *FOR_STUDENTS.values()))
    ] == []
    assert not [n for n in names if "entry_points" in n or n.endswith((".pyc", "kernel.json"))]
    assert {f"fnnkit/exercises/{c}/__init__.py" for c in CHAPTERS} <= set(names)
    assert "fnnkit/data/digits.npz" in names
    needed = {
        line.split(": ")[1].split(">")[0].split("<")[0]
        for line in about.splitlines()
        if line.startswith("Requires-Dist")
    }
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert needed == {d.split(">")[0].split("<")[0] for d in project["dependencies"]}


def test_the_same_sources_give_the_same_bytes(clone, tmp_path):
    one, two = (handout(clone, place=tmp_path / place) for place in ("a", "b"))
    assert one.archive.read_bytes() == two.archive.read_bytes()
    assert tree(one.folder) == tree(two.folder)


def test_the_students_project_has_the_version_and_the_requirements_of_the_repository():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    students = tomllib.loads(student_project(project))
    for key in ("name", "version", "dependencies", "requires-python"):
        assert students["project"][key] == project["project"][key]
    assert not {"scripts", "entry-points", "optional-dependencies"} & set(students["project"])
    wheel = students["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert wheel["packages"] == ["fnnkit"]
    assert wheel["shared-data"]
    assert all(source.startswith("fnnkit/") for source in wheel["shared-data"])


# --- leaks -----------------------------------------------------------------------------------------------


@pytest.fixture
def folder(made, tmp_path):
    return Path(shutil.copytree(made.folder, tmp_path / "copy"))


def put_into_wheel(folder, name, text="x"):
    with zipfile.ZipFile(wheel_of(folder), "a") as wheel:
        wheel.writestr(name, text, zipfile.ZIP_DEFLATED)


def edit_notebook(folder, edit):
    path = folder / "ch1_xor" / "ch1_xor.ipynb"
    data = json.loads(path.read_text(encoding="utf-8"))
    edit(next(c for c in data["cells"] if c["cell_type"] == "code"))
    path.write_text(json.dumps(data), encoding="utf-8")


LEAKS = {
    "answers in the wheel": (lambda f: put_into_wheel(f, "grader/answers/ch1_xor.py"), "'grader' is not for them"),
    "tests in the wheel": (lambda f: put_into_wheel(f, "fnnkit/tests/test_x.py"), "'tests' is not for them"),
    "entry points": (lambda f: put_into_wheel(f, "fnnkit-0.1.0.dist-info/entry_points.txt"), "entry_points.txt"),
    "bytecode": (lambda f: put_into_wheel(f, "fnnkit/exercises/ch1_xor/mse.cpython-311.pyc"), "pyc"),
    "solutions": (lambda f: (f / "solutions").mkdir() or (f / "solutions" / "a.py").write_text("x"), "'solutions'"),
    "gradebook": (lambda f: (f / "gradebook.db").write_text("x"), "gradebook.db"),
    "marked region": (lambda f: edit_notebook(f, lambda c: c.update(source=f"x\n{BEGIN}\n")), "BEGIN SOLUTION"),
    "hidden tests": (lambda f: edit_notebook(f, lambda c: c.update(source="### BEGIN HIDDEN TESTS")), "HIDDEN"),
    "outputs": (lambda f: edit_notebook(f, lambda c: c.update(outputs=[{"output_type": "stream"}])), "outputs"),
    "counts": (lambda f: edit_notebook(f, lambda c: c.update(execution_count=3)), "outputs"),
}  # fmt: skip


@pytest.mark.parametrize("kind", LEAKS)
def test_a_leak_is_found_and_named(folder, kind):
    scan(folder, Course(ROOT))
    leak, said = LEAKS[kind]
    leak(folder)
    with pytest.raises(CourseError, match=f"students would get .*{said}"):
        scan(folder, Course(ROOT))


def test_the_secret_of_the_course_is_found_wherever_it_is(folder, clone):
    secret = clone.secret().hex()
    scan(folder, clone)
    put_into_wheel(folder, "fnnkit/data/notes.bin", f"some bytes {secret} more")
    with pytest.raises(CourseError, match=r"the course's secret, in .*\.whl::fnnkit/data/notes.bin"):
        scan(folder, clone)


# --- what can go wrong -----------------------------------------------------------------------------------


def test_a_leak_or_a_stale_notebook_leaves_the_old_handout_as_it_was(clone, tmp_path):
    place = tmp_path / "out"
    handout(clone, place=place)
    before = tree(place)
    path = clone.released("ch1_xor")
    fresh = path.read_text(encoding="utf-8")
    path.write_text(fresh.replace("Learning XOR", "Learning xor"), encoding="utf-8")
    with pytest.raises(CourseError, match=r"ch1_xor\.ipynb is stale: run `grader build`"):
        handout(clone, place=place)
    path.write_text(fresh, encoding="utf-8")
    (clone.root / "fnnkit" / "secret").mkdir()
    (clone.root / "fnnkit" / "secret" / "key.txt").write_text("x")
    with pytest.raises(CourseError, match="'secret' is not for them"):
        handout(clone, place=place)
    assert tree(place) == before
    assert (
        len([p for p in place.iterdir() if p.name.startswith(f"{NAME}-")]) == len(list(place.iterdir())) == 2
    )


def test_a_newer_handout_lies_beside_the_older_and_has_another_version(clone, tmp_path):
    place = tmp_path / "out"
    first = handout(clone, place=place)
    before = tree(first.folder)
    (clone.root / "course" / "README.md").write_text("# Another\n")
    second = handout(clone, ["ch1_xor"], place)
    assert (second.folder / "README.md").read_text() == "# Another\n"
    assert tree(first.folder) == before
    names = {first.folder.name, first.archive.name, second.folder.name, second.archive.name}
    assert {p.name for p in place.iterdir()} == names
    assert len(names) == 4
    assert wheel_of(first.folder).name != wheel_of(second.folder).name


@pytest.mark.parametrize(
    ("path", "more"),
    [("fnnkit/xor.py", "\n# more\n"), ("fnnkit/data/digits.npz", "x"), ("LICENSE", "x"), ("course/AGENTS.md", "x"),
     ("nbgrader_config.py", "\nc.CourseDirectory.course_id = 'dl101'\n")],
)  # fmt: skip
def test_the_version_changes_with_whatever_is_handed_out_and_with_nothing_else(clone, tmp_path, path, more):
    def version():
        folder = tmp_path / "folder"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        (folder / CONFIG).write_text(own_config(clone))
        for page in ("course/AGENTS.md", "LICENSE"):
            shutil.copy(clone.root / page, folder)
        return version_of(clone, folder)

    before = version()
    assert re.fullmatch(r"\d+\.\d+\.\d+\+c[0-9a-f]{8}", before)
    (clone.root / "fnnkit" / "__pycache__").mkdir()
    (clone.root / "fnnkit" / "__pycache__" / "x.pyc").write_text("x")
    (clone.root / "gradebook.db").write_text("x")
    assert version() == before
    with (clone.root / path).open("a") as file:
        file.write(more)
    assert version() != before


def test_the_students_configuration_has_the_id_of_the_course_and_nothing_else(clone, tmp_path):
    with (clone.root / CONFIG).open("a") as file:
        file.write(
            "\nc.CourseDirectory.course_id = 'dl\"101'\nc.CourseDirectory.db_url = 'postgresql://me:pass@db/x'\n"
        )
    made = handout(clone, place=tmp_path / "out")
    text = (made.folder / CONFIG).read_text()
    assert 'course_id = "dl\\"101"' in text
    assert "pass" not in text
    from traitlets.config.loader import PyFileConfigLoader

    own = PyFileConfigLoader(CONFIG, path=str(made.folder)).load_config()
    assert own == {"CourseDirectory": {"course_id": 'dl"101'}}
    (made.folder / CONFIG).write_text(text + "c.CourseDirectory.db_url = 'x'\n")
    with pytest.raises(CourseError, match=r"'nbgrader_config\.py' is not for them"):
        scan(made.folder, clone)


def test_a_folder_of_somebody_elses_is_left_alone(clone, tmp_path):
    made = handout(clone, place=tmp_path)
    shutil.rmtree(made.folder)
    mine = made.folder / "thesis.txt"
    mine.parent.mkdir()
    mine.write_text("years of work")
    with pytest.raises(CourseError, match="was not made by `grader handout`"):
        handout(clone, place=tmp_path)
    assert mine.read_text() == "years of work"


def test_outside_a_clone_it_says_so(clone, tmp_path):
    (clone.root / "pyproject.toml").unlink()
    with pytest.raises(CourseError, match="runs in a clone of the repository"):
        handout(clone, place=tmp_path)


# --- in an empty environment -----------------------------------------------------------------------------

RUN = """
import sys, nbformat
from nbclient import NotebookClient
path = sys.argv[1]
notebook = nbformat.read(path, as_version=4)
NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
nbformat.write(notebook, path)
"""
WHERE = """
import importlib.util, fnnkit
assert importlib.util.find_spec("grader") is None
print(fnnkit.__file__)
"""
PANES = """
from jupyterlab_server.config import get_page_config
print(get_page_config([])["disabledExtensions"])
"""


@pytest.mark.exhaustive
def test_a_student_installs_it_into_an_empty_environment_and_works(made, tmp_path):
    """The packages that it requires are those of this environment; fnnkit is the one of the handout."""
    with zipfile.ZipFile(made.archive) as packed:
        packed.extractall(tmp_path)
    folder, place = tmp_path / made.folder.name, tmp_path / "environment"
    venv.create(place, with_pip=False)
    python = place / ("Scripts" if os.name == "nt" else "bin") / "python"
    [own] = [p for p in place.rglob("site-packages") if p.is_dir()][:1]
    import numpy

    (own / "requirements.pth").write_text(str(Path(numpy.__file__).parents[1]))
    subprocess.run(
        [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-deps", "--no-index",
         *[line for line in (folder / "requirements.txt").read_text().splitlines() if not line.startswith("#")]],
        cwd=folder, check=True, timeout=300,
    )  # fmt: skip
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "JUPYTER", "IPYTHON"))}
    clean |= {
        "HOME": str(tmp_path),
        "IPYTHONDIR": str(tmp_path / "ipython"),
        "JUPYTER_DATA_DIR": str(tmp_path / "data"),
    }
    run = {"cwd": folder, "env": clean, "capture_output": True, "text": True, "timeout": 300}
    done = subprocess.run([str(python), "-c", WHERE], check=False, **run)
    assert done.returncode == 0, done.stderr
    assert Path(done.stdout.strip()).is_relative_to(own)
    done = subprocess.run([str(python), "-c", PANES], check=False, **run)
    assert done.stdout == "['@jupyter/nbgrader:create-assignment']\n", done.stderr

    path = folder / "ch1_xor" / "ch1_xor.ipynb"
    notebook = nbformat.read(path, as_version=4)
    solved = nbformat.read(ROOT / "solutions" / "ch1_xor" / "ch1_xor.ipynb", as_version=4)
    right = {c.metadata.nbgrader.grade_id: c.source for c in solved.cells}
    for cell in notebook.cells:
        if cell.metadata.nbgrader.grade_id == "mse":
            cell.source = right["mse"]
    nbformat.write(notebook, path)
    done = subprocess.run([str(python), "-c", RUN, str(path)], check=False, **run)
    assert done.returncode == 0, done.stderr
    cells = {
        c.metadata.nbgrader.grade_id: c
        for c in nbformat.read(path, as_version=4).cells
        if c.cell_type == "code"
    }
    points = {
        e.name: float(cells[f"check_{e.name}"].outputs[-1].data["text/plain"]) for e in exercises("ch1_xor")
    }
    worth = {e.name: e.worth for e in exercises("ch1_xor")}
    assert points["mse"] == worth["mse"] > 0
    assert points["fit_linear"] == 0.0
    errors = [o.ename for c in cells.values() for o in c.outputs if o.output_type == "error"]
    assert errors == []

    # A notebook of another handout: each check says so, and how to update.
    data = json.loads(path.read_bytes())
    assert data["metadata"]["fnnkit"] == {"version": made.version}
    data["metadata"]["fnnkit"]["version"] = "0.1.0+c00000000"
    path.write_text(json.dumps(data))
    told = "from fnnkit.exercises import check\ncheck('mse', lambda a, b: 0.0)"
    done = subprocess.run([str(python), "-c", told], check=False, **run | {"cwd": path.parent})
    assert "this notebook is of version 0.1.0+c00000000" in done.stdout
    assert f"the fnnkit that runs is of {made.version}" in done.stdout
    assert "python -m fnnkit.update OLD_FOLDER" in done.stdout


def test_the_command_lists_what_it_made_and_where(clone):
    done = subprocess.run(
        [sys.executable, "-m", "grader", "handout"], cwd=clone.root, capture_output=True, text=True, check=False,
        env={**os.environ, "NO_COLOR": "1", "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "ch1_xor/ch1_xor.ipynb" in done.stdout
    [name] = re.findall(rf"zip     dist/({NAME}-.*)\.zip", done.stdout)
    assert (clone.root / "dist" / name / "requirements.txt").is_file()
