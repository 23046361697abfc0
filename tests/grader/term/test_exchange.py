"""Work comes and feedback goes back through nbgrader's own exchange, between two users of the system."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

from grader.authoring.handout import own_config
from grader.course import CONFIG, Course

ROOT = Path(__file__).resolve().parents[3]
CHAPTER = "ch1_xor"
SITE = Path(nbformat.__file__).resolve().parents[1]
SHORT = "{}.{}".format(*sys.version_info)


class User:
    """A user of the system, with a folder to work in."""

    def __init__(self, name: str, home: Path, python: str) -> None:
        self.name, self.home, self.python = name, home, python
        self.number = pwd.getpwnam(name).pw_uid

    def environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("JUPYTER", "IPYTHON", "PYTHON"))}
        path = f"{Path(self.python).parent}:{os.environ['PATH']}"
        more = {
            "HOME": str(self.home),
            "USER": self.name,
            "LOGNAME": self.name,
            "PATH": path,
            "NO_COLOR": "1",
        }
        return kept | more | {"COLUMNS": "200", "PYTHONDONTWRITEBYTECODE": "1"}

    def runs(self, *line: str, fails: bool = False) -> str:
        """Run a module in the user's folder, as the user; give what it said."""
        done = subprocess.run(
            [self.python, "-m", *line], cwd=self.home / "work", env=self.environment(), capture_output=True,
            text=True, timeout=240, check=False, user=self.number, group=self.number, extra_groups=(), umask=0o022,
        )  # fmt: skip
        said = done.stdout + done.stderr
        assert bool(done.returncode) == fails, said[-3000:]
        return said

    def owns(self, folder: Path) -> None:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, self.number, self.number)


def environment_for(name: str, home: Path) -> str:
    """An environment of another user's own, with the packages of the tests; the Python in it."""
    number = pwd.getpwnam(name).pw_uid
    as_user: dict = {
        "user": number,
        "group": number,
        "extra_groups": (),
        "cwd": "/",
        "timeout": 60,
        "check": False,
    }
    for base in (os.path.realpath(sys.executable), "/usr/bin/python3", f"/usr/local/bin/python{SHORT}"):
        place = home / "environment"
        try:
            subprocess.run([base, "-m", "venv", "--without-pip", place], capture_output=True, **as_user)
        except OSError:
            continue
        folder = place / "lib" / f"python{SHORT}" / "site-packages"
        if not folder.is_dir():
            continue
        (folder / "packages.pth").write_text(f"{SITE}\n{ROOT}\n")
        python = str(place / "bin" / "python")
        if (
            subprocess.run(
                [python, "-c", "import grader, nbgrader, numpy"], capture_output=True, **as_user
            ).returncode
            == 0
        ):
            # nbgrader starts alembic by its name; the one of the tests belongs to a Python that only root may run.
            shim = place / "bin" / "alembic"
            shim.write_text(f"#!{python}\nfrom alembic.config import main\nmain()\n")
            shim.chmod(0o755)
            return python
    pytest.skip(f"no Python {SHORT} with these packages can be run by another user")


@pytest.fixture
def users() -> Callable[[str], User]:
    """Makes users of the system, and takes them away again with all that they have."""
    if os.getuid() != 0 or shutil.which("useradd") is None:
        pytest.skip("making users needs root and useradd")
    place = Path(tempfile.mkdtemp(prefix="fnnkit-users-", dir="/tmp"))
    place.chmod(0o755)
    made = []

    def user(kind: str) -> User:
        name = f"fnn{kind}{uuid.uuid4().hex[:6]}"
        home = place / name
        subprocess.run(
            ["useradd", "--no-create-home", "--user-group", "--home-dir", str(home), name], check=True
        )
        made.append(name)
        (home / "work").mkdir(parents=True)
        shutil.chown(home, name, name)
        one = User(name, home, environment_for(name, home))
        one.owns(home)
        return one

    yield user
    for name in made:
        subprocess.run(["userdel", name], check=False, capture_output=True)
    shutil.rmtree(place, ignore_errors=True)


def settle(user: User, config: str, exchange: Path) -> None:
    (user.home / "work" / CONFIG).write_text(f"{config}\nc.Exchange.root = {str(exchange)!r}\n")
    user.owns(user.home)


@pytest.mark.exhaustive
def test_a_page_is_fetched_by_whom_it_is_for(users, tmp_path):
    lecturer, ada, ben = users("lec"), users("ada"), users("ben")
    exchange = lecturer.home.parent / "exchange"
    exchange.mkdir()
    exchange.chmod(0o777)
    course = Course(lecturer.home / "work")
    for folder in ("solutions", "course"):
        shutil.copytree(ROOT / folder / CHAPTER, course.root / folder / CHAPTER)
    shutil.copy(ROOT / CONFIG, course.root)
    settle(lecturer, (ROOT / CONFIG).read_text(), exchange)
    for student in (ada, ben):
        settle(student, own_config(course), exchange)

    lecturer.runs("nbgrader", "release_assignment", CHAPTER)
    for student, wrong in ((ada, "return 0.0"), (ben, "return 1.0")):
        student.runs("nbgrader", "fetch_assignment", CHAPTER)
        path = student.home / "work" / CHAPTER / f"{CHAPTER}.ipynb"
        notebook = nbformat.read(path, as_version=4)
        for cell in notebook.cells:
            if cell.metadata.nbgrader.grade_id == "mse":
                cell.source = f"def mse(y_pred, y_true):\n    {wrong}  # {student.name}"
        nbformat.write(notebook, path)
        student.runs("nbgrader", "submit", CHAPTER)
    lecturer.runs("nbgrader", "collect", CHAPTER)
    said = lecturer.runs("grader", "grade", CHAPTER, "--trust-submissions")
    assert "2 graded, 0 unchanged, 0 failed" in said
    lecturer.runs("nbgrader", "release_feedback", CHAPTER)

    def fetched(student: User) -> str:
        student.runs("nbgrader", "fetch_feedback", CHAPTER)
        [page] = (student.home / "work" / CHAPTER / "feedback").glob(f"*/{CHAPTER}.html")
        assert page.read_bytes() == course.feedback(student.name, CHAPTER).read_bytes()
        return page.read_text()

    for student, other in ((ada, ben), (ben, ada)):
        page = fetched(student)
        assert "<h1>Chapter 1 · Learning XOR</h1>" in page  # ours, not nbgrader's
        assert student.name in page
        assert other.name not in page

    # Marked by hand, and given back once more: what is fetched then has the comment.
    mark = (
        "from nbgrader.api import Gradebook\n"
        "with Gradebook('sqlite:///gradebook.db') as book:\n"
        f"    comment = book.find_comment('mse', '{CHAPTER}', '{CHAPTER}', '{ada.name}')\n"
        "    comment.manual_comment = 'think of the mean'\n"
        "    book.db.commit()\n"
    )
    (course.root / "mark.py").write_text(mark)
    lecturer.runs("mark")
    lecturer.runs("grader", "grade", CHAPTER, "--trust-submissions")
    lecturer.runs("nbgrader", "release_feedback", CHAPTER)
    assert "think of the mean" in fetched(ada)
    assert "think of the mean" not in fetched(ben)
