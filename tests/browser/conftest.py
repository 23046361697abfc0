"""JupyterLab, Notebook 7 and Chromium as a student and an instructor have them, with settings of their own."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import sysconfig
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
# Enough for the slowest machine; no test waits for time to pass.
PATIENCE = 120_000


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if CHROMIUM is None:
        for item in items:
            if Path(__file__).parent in item.path.parents:
                item.add_marker(
                    pytest.mark.skip(reason="Chromium is not installed (Debian: apt install chromium)")
                )


@dataclass
class Server:
    """A running Jupyter server."""

    url: str
    root: Path
    log: Path


@dataclass
class Notebook:
    """A notebook in a browser page, in JupyterLab or Notebook 7."""

    page: Any
    complaints: list[str] = field(default_factory=list)

    def run_all(self) -> None:
        """Run every cell, those after an error too, as a student does who presses Shift-Enter down the page."""
        self.page.evaluate(
            """async () => {
                const panel = window.jupyterapp.shell.currentWidget, last = panel.content.widgets.length - 1;
                for (let i = 0; i <= last; i++) {
                    panel.content.deselectAll();
                    panel.content.activeCellIndex = i;
                    await window.jupyterapp.commands.execute('notebook:run-cell');
                }
            }"""
        )

    def run(self, grade_id: str) -> None:
        """Run the cell with a grade id."""
        self.page.evaluate(
            """async (id) => {
                const panel = window.jupyterapp.shell.currentWidget;
                const i = panel.content.widgets.findIndex(
                    w => (w.model.getMetadata('nbgrader') || {}).grade_id === id);
                panel.content.deselectAll();
                panel.content.activeCellIndex = i;
                await panel.content.scrollToItem(i);
                await window.jupyterapp.commands.execute('notebook:run-cell');
            }""",
            grade_id,
        )

    def write(self, grade_id: str, source: str) -> None:
        """Replace the text of a cell."""
        self.page.evaluate(
            """([id, source]) => {
                const panel = window.jupyterapp.shell.currentWidget;
                const cell = panel.content.widgets.find(
                    w => (w.model.getMetadata('nbgrader') || {}).grade_id === id);
                cell.model.sharedModel.setSource(source);
            }""",
            [grade_id, source],
        )

    def show(self, text: str) -> None:
        """Bring the cell whose source holds a text into view: cells far away are not in the page at all."""
        self.page.evaluate(
            """async (text) => {
                const panel = window.jupyterapp.shell.currentWidget;
                const i = panel.content.widgets.findIndex(w => w.model.sharedModel.getSource().includes(text));
                panel.content.deselectAll();
                panel.content.activeCellIndex = i;
                await panel.content.scrollToItem(i, 'start');
            }""",
            text,
        )

    def save(self) -> None:
        """Save the notebook."""
        self.page.evaluate("() => window.jupyterapp.shell.currentWidget.context.save()")


def start(program: str, root: Path, home: Path, *options: str) -> Iterator[Server]:
    """Start ``lab`` or ``notebook`` with settings, data and runtime files of its own; end it afterwards."""
    home.mkdir(parents=True)
    scripts = sysconfig.get_path("scripts")
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("JUPYTER", "IPYTHON", "JPY_"))}
    environment |= {
        "HOME": str(home),
        "PATH": scripts + os.pathsep + environment.get("PATH", ""),
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
        "IPYTHONDIR": str(home / "ipython"),
    }
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = home / "settings" / "@jupyterlab" / "apputils-extension"
    settings.mkdir(parents=True)
    (settings / "notification.jupyterlab-settings").write_text(
        json.dumps({"fetchNews": "false", "checkForUpdates": False, "doNotDisturbMode": True})
    )
    application = {"lab": "LabApp", "notebook": "JupyterNotebookApp"}[program]
    command = [
        sys.executable,
        "-m",
        "jupyter",
        program,
        "--no-browser",
        f"--{application}.expose_app_in_browser=True",
    ]
    if os.name == "posix" and os.geteuid() == 0:
        command.append("--allow-root")
    command += [
        f"--ServerApp.root_dir={root}", "--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0", "--IdentityProvider.token=", "--ServerApp.password=", *options,
    ]  # fmt: skip
    log = home / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=root, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_for(url + "/api/status", process, log)
            yield Server(url, root, log)
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + PATIENCE / 1000
    while time.monotonic() < end:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail("the server did not start:\n" + log.read_text(errors="replace")[-3000:])


@pytest.fixture
def serve() -> Callable[..., Iterator[Server]]:
    """Start a server for a fixture of a test's own."""
    return start


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """JupyterLab, started where no course's settings are in sight, as a student starts it; one for all tests."""
    folder = tmp_path_factory.mktemp("lab")
    (folder / "student").mkdir()
    yield from start("lab", folder / "student", folder / "home")


@pytest.fixture(scope="session")
def notebook7(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Notebook 7, likewise."""
    folder = tmp_path_factory.mktemp("notebook7")
    (folder / "student").mkdir()
    yield from start("notebook", folder / "student", folder / "home")


@pytest.fixture
def browser() -> Iterator[Any]:
    """Chromium without a window; ended after each test, as playwright keeps an event loop running in this thread."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """A page of its own for each test; it may speak to this machine and to nobody else."""
    context = browser.new_context(viewport={"width": 1300, "height": 900})
    context.route(
        lambda url: not url.startswith(("http://127.0.0.1:", "data:", "blob:")), lambda route: route.abort()
    )
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


@pytest.fixture
def none_in_the_end() -> Callable[..., None]:
    """Measure until nothing is found: the picture for a narrow page comes a moment after the page became narrow."""

    def measured(measure: Callable[[], int], what: str = "") -> None:
        end = time.monotonic() + 30
        while (found := measure()) and time.monotonic() < end:
            time.sleep(0.1)
        assert found == 0, what

    return measured


@pytest.fixture
def executed() -> Callable[..., Path]:
    """Run a notebook of given cells without a browser, as `jupyter execute` does, and leave its outputs in it."""

    def run(path: Path, *cells: str) -> Path:
        made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
        made.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
        nbformat.write(made, path)
        convert = [sys.executable, "-m", "jupyter", "nbconvert", "--to", "notebook", "--execute", "--inplace"]
        subprocess.run([*convert, str(path)], check=True, capture_output=True)
        return path

    return run


@pytest.fixture
def complaints_of_axe() -> Callable[..., list[str]]:
    """What axe-core finds in a page, or in the parts of it that a selector names."""
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="axe-core is not installed: pip install -e '.[test]'"
    )

    def found(page: Any, *selectors: str) -> list[str]:
        context = {"include": [[selector] for selector in selectors]} if selectors else None
        violations = axe.Axe().run(page, context=context).response["violations"]
        return [f"{v['id']}: {node['html'][:200]}" for v in violations for node in v["nodes"]]

    return found


@pytest.fixture
def open_notebook(page: Any, request: pytest.FixtureRequest) -> Iterator[Callable[..., Notebook]]:
    """Open a notebook of the course, or one of given cells, in a copy for this test; wait until its kernel is idle."""

    def opened(server: Server, path: str, where: str = "lab", cells: Sequence[str] | None = None) -> Notebook:
        # Tests of several files share a server.
        own = re.sub(r"[^\w.-]", "_", f"{request.node.path.stem}.{request.node.name}")
        if cells is None:
            shutil.copytree(ROOT / "course", server.root / own)
        else:
            made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
            made.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
            (server.root / own / path).parent.mkdir(parents=True)
            nbformat.write(made, server.root / own / path)
        path = f"{own}/{path}"
        notebook = Notebook(page)
        page.on("pageerror", lambda error: notebook.complaints.append(f"page error: {error}"))
        page.on("console", lambda m: notebook.complaints.append(m.text) if m.type == "error" else None)
        address = {"lab": f"/lab/workspaces/test/tree/{path}?reset", "notebook": f"/notebooks/{path}"}[where]
        page.goto(server.url + address)
        page.wait_for_function(
            """() => {
                const panel = window.jupyterapp && window.jupyterapp.shell.currentWidget;
                return panel && panel.sessionContext && panel.sessionContext.session
                    && panel.sessionContext.session.kernel
                    && panel.sessionContext.session.kernel.status === 'idle' && panel.content.widgets.length > 0;
            }"""
        )
        return notebook

    yield opened
    page.evaluate("async () => { await window.jupyterapp.shell.currentWidget.sessionContext.shutdown(); }")
