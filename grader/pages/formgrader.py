"""A Jupyter server extension: what Formgrader shows of a submission can neither run, nor load, nor send anything.

Formgrader shows what students wrote from the origin in which whoever marks is logged in. Everything under ``/formgrader``
gets a Content-Security-Policy, under which only the scripts of nbgrader's own templates run: each is marked, as the
template is read and so before anything of a student is in it, with a number that is drawn anew for every page. Texts are
rendered by `safe_html`, whatever course is shown, and mathematics becomes MathML, so MathJax is not loaded from elsewhere.
JupyterLab and everything else on the server stay as they are.

It is enabled by a file that is installed with the grader (``etc/jupyter/jupyter_server_config.d/fnnkit-grader.json``).

References
----------
Content Security Policy Level 3, W3C: nonces, ``unsafe-hashes``, ``sandbox``.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import re
import secrets
from collections.abc import Callable
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from tornado.httputil import HTTPHeaders
from tornado.web import HTTPError, OutputTransform

KEPT = ("frame-ancestors", "report-uri", "report-to")
"""Directives of the server's own policy that stay: who may show Formgrader in a frame, and who is told."""
FILE = re.compile(r"/submissions/(?!components/)[^/]+/(?!(?:next|prev)(?:_incorrect)?/?$).+")
"""Addresses below ``/formgrader`` at which files of submissions are served."""
_nonce: ContextVar[str] = ContextVar("nonce", default="")

# Formgrader waits for MathJax to have begun before it goes to the last score: mathematics is there already.
MATHJAX = """{%- macro mathjax(url="") -%}
<script>
window.MathJax = {loaded: true, Hub: {Startup: {signal: {Interest: function (told) {
  window.addEventListener("load", function () { told("End"); });
}}}}};
</script>
{%- endmacro %}
"""


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "grader.pages.formgrader"}]


def _load_jupyter_server_extension(server: Any) -> None:
    """Guard Formgrader on this server, whether it is loaded before this or after."""
    try:
        from nbgrader.server_extensions.formgrader import handlers
    except ImportError:
        return
    server.web_app.add_transform(policy_of(server.web_app, Path(handlers.template_path)))
    guard_paths(handlers.FormgraderHandler)


def policy_of(application: Any, templates: Path) -> type[Any]:
    """The step of the server that gives every answer of Formgrader its policy."""
    prefix = application.settings.get("base_url", "/").rstrip("/") + "/formgrader"
    attributes = " ".join(hashes(templates))

    class Policy(OutputTransform):
        """Told each request before its handler works, and the head of each answer before it leaves."""

        def __init__(self, request: Any) -> None:
            self.place = request.path[len(prefix) :] if request.path.startswith(prefix) else None
            if self.place is not None:
                self.nonce = secrets.token_urlsafe(18)
                _nonce.set(self.nonce)
                prepare(application.settings)

        def transform_first_chunk(
            self, status_code: int, headers: HTTPHeaders, chunk: bytes, finishing: bool
        ) -> tuple[int, HTTPHeaders, bytes]:
            """Put the policy into the head of an answer."""
            if self.place is not None:
                known = headers.get("Content-Security-Policy", "")
                headers["Content-Security-Policy"] = policy(known, self.nonce, attributes, self.place)
                headers["X-Content-Type-Options"] = "nosniff"
                if FILE.fullmatch(self.place):
                    headers["Content-Disposition"] = "attachment"
            return status_code, headers, chunk

    return Policy


def policy(known: str, nonce: str, attributes: str, place: str) -> str:
    """The policy of an answer.

    Parameters
    ----------
    known : str
        The policy that the server gave it.
    nonce : str
        What the scripts of the page are marked with.
    attributes : str
        Digests of what nbgrader's templates have in attributes such as ``onclick``.
    place : str
        What follows ``/formgrader`` in its address.
    """
    kept = [part for one in known.split(";") if (part := one.strip()).partition(" ")[0] in KEPT]
    made = [
        "default-src 'none'", f"script-src 'nonce-{nonce}'", f"script-src-attr 'unsafe-hashes' {attributes}",
        "style-src 'self' 'unsafe-inline'", "font-src 'self'", "img-src data:", "connect-src 'self'", "base-uri 'none'",
        "form-action 'none'",
    ]  # fmt: skip
    if FILE.fullmatch(place):
        made = ["default-src 'none'", "sandbox"]
    return "; ".join([*kept, *made])


def hashes(templates: Path) -> list[str]:
    """Digests of the scripts in attributes of nbgrader's templates, as a policy names them."""
    texts = {
        script
        for path in templates.rglob("*")
        if path.suffix in (".tpl", ".j2")
        for script in re.findall(r'\bon\w+="([^"{}]*)"', path.read_text(encoding="utf-8"))
    }
    return [
        f"'sha256-{base64.b64encode(hashlib.sha256(t.encode()).digest()).decode()}'" for t in sorted(texts)
    ]


def prepare(settings: dict[str, Any]) -> None:
    """Make templates mark their scripts, and render texts safely; Formgrader may have been loaded only now."""
    from grader.pages.pictures import markdown2html
    from grader.pages.safe_html import highlight_code

    environment = settings.get("nbgrader_jinja2_env")
    if environment is not None:
        mark_scripts(environment)
    exporter = settings.get("nbgrader_exporter")
    if exporter is not None and mark_scripts(exporter.environment):
        exporter._invalidate_template_cache()
        exporter.filters = {**exporter.filters, "highlight_code": highlight_code}
        exporter.register_filter("markdown2html", markdown2html)
    formgrader = settings.get("nbgrader_formgrader")
    if formgrader is not None:
        formgrader.debug = False  # it shows the whole configuration, with the password of the gradebook


def mark_scripts(environment: Any) -> bool:
    """Have an environment of templates mark every script in them; whether it did not do so before."""
    if getattr(environment.loader, "marks_scripts", False):
        return False
    environment.globals["script_nonce"] = _nonce.get
    environment.loader = _marking(environment.loader)
    environment.cache.clear()
    return True


def _marking(loader: Any) -> Any:
    from jinja2 import BaseLoader

    class Marking(BaseLoader):
        """Templates of another loader, with a number in each script's tag that nobody can know before."""

        marks_scripts = True

        def get_source(self, environment: Any, template: str) -> Any:
            """The text of a template."""
            text, name, current = loader.get_source(environment, template)
            if template == "mathjax.html.j2":
                text = MATHJAX
            return re.sub(r"<script\b", '<script nonce="{{ script_nonce() }}"', text), name, current

        def list_templates(self) -> list[str]:
            """Names of all templates."""
            return list(loader.list_templates())

    return Marking()


def guard_paths(handler: Any) -> None:
    """Have Formgrader open no folder inside a course: what is configured there was handed in, and would be run."""
    get: Callable[..., Any] = handler.get
    if getattr(get, "guarded", False):
        return

    @functools.wraps(get)
    def guarded(self: Any, *args: Any, **kwargs: Any) -> Any:
        path = self.get_argument("path", "")
        if path and inside_a_course(Path(path), Path(self.coursedir.root)):
            raise HTTPError(403, "This folder lies inside a course, so it is none of its own.")
        return get(self, *args, **kwargs)

    guarded.guarded = True  # type: ignore[attr-defined]
    handler.get = guarded


def inside_a_course(path: Path, root: Path) -> bool:
    """Whether a folder lies below a course, by its name or by where that leads."""
    for place in {Path(path.absolute()), path.resolve()}:
        if any(above == root or (above / "nbgrader_config.py").is_file() for above in place.parents):
            return True
    return False
