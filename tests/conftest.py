"""Two sizes of the same tests: a sample that a contributor waits for, and everything (``--exhaustive``).

``@pytest.mark.sampled(by=("e",))`` keeps, of the cases of a test, one for each value of these parameters
(``"attack.aim"``: of this attribute of it); without ``by`` one in all. Which one is drawn by the name of the case, so
it is always the same. ``@pytest.mark.exhaustive`` is for tests that are of no use in a sample, and for those that take
long and show again, in another way, what a quicker one shows. A test that repeats itself over seeds takes their number
from `seeds`; one that repeats itself otherwise asks `thorough`.
"""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Generator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

# Workers take every processor already: threads of linear algebra in each of them, and in the kernels and commands that
# they start, would wait for one another, and need up to twice the time.
for library in ("OPENBLAS", "OMP", "MKL"):
    os.environ.setdefault(f"{library}_NUM_THREADS", "1")

# How long an example takes to make, or to run, says something of the machine and what else it does.
settings.register_profile("searching", deadline=None, suppress_health_check=[HealthCheck.too_slow])
# The short run is the same every time; what a search finds anew is found by `--exhaustive`.
settings.register_profile("the same", settings.get_profile("searching"), derandomize=True, database=None)
settings.load_profile("the same")

THINNED = pytest.StashKey[Counter[str]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--exhaustive", action="store_true", help="every case of every test")
    parser.addoption(
        "--rest",
        action="store_true",
        help="only what the short run leaves out: after it, the same as --exhaustive",
    )


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """More workers than there are processors: many tests wait for a browser, a kernel or a deadline, most in the rest."""
    if config.option.numprocesses != "auto" or os.environ.get("PYTEST_XDIST_AUTO_NUM_WORKERS"):
        return None
    more = 2 if config.getoption("--rest") else 1
    return len(os.sched_getaffinity(0)) + more if hasattr(os, "sched_getaffinity") else None


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "sampled(by=()): in the short run one case for each value of these parameters"
    )
    config.addinivalue_line("markers", "exhaustive: left out of the short run")
    config.stash[THINNED] = Counter()
    if config.getoption("--exhaustive") or config.getoption("--rest"):
        settings.load_profile("searching")


def _value(parameter: Any) -> str:
    """What tells the values of a parameter apart: the name that they have, or how they are written."""
    return str(getattr(parameter, "kind", None) or getattr(parameter, "name", None) or parameter)


def _group(item: pytest.Item, by: tuple[str, ...]) -> tuple[str, ...]:
    callspec = getattr(item, "callspec", None)
    parameters = callspec.params if callspec else {}
    values = []
    for name, _, attribute in (name.partition(".") for name in by):
        values.append(_value(getattr(parameters[name], attribute) if attribute else parameters[name]))
    return (item.nodeid.partition("[")[0], *values)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--exhaustive"):
        return
    best: dict[tuple[str, ...], str] = {}
    groups: dict[str, tuple[str, ...]] = {}
    for item in items:
        marker = item.get_closest_marker("sampled")
        if marker and not item.get_closest_marker("exhaustive"):
            group = groups[item.nodeid] = _group(item, tuple(marker.kwargs.get("by", ())))
            best[group] = min(best.get(group, item.nodeid), item.nodeid, key=_order)
    kept, left = [], []
    for item in items:
        out = (
            item.get_closest_marker("exhaustive")
            or best.get(groups.get(item.nodeid, ()), item.nodeid) != item.nodeid
        )
        (left if out else kept).append(item)
    if config.getoption("--rest"):
        # A test that repeats itself, over seeds or otherwise, has met a few only.
        repeats = {"seeds", "thorough"}
        rest = {*left, *(item for item in kept if repeats & {*getattr(item, "fixturenames", ())})}
        config.hook.pytest_deselected(items=[item for item in kept if item not in rest])
        items[:] = [item for item in items if item in rest]
    elif left:
        config.stash[THINNED].update(item.nodeid.partition("[")[0] for item in left)
        config.hook.pytest_deselected(items=left)
        items[:] = kept


def _order(nodeid: str) -> str:
    return hashlib.sha256(nodeid.encode()).hexdigest()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if config.getoption("--exhaustive") or config.getoption("--rest"):
        return
    left = config.stash[THINNED] or Counter(getattr(config, "workeroutput", {}).get("thinned", {}))
    if left:
        terminalreporter.write_line(
            f"thinned: {sum(left.values())} cases of {len(left)} tests were left out; pytest --exhaustive runs them"
        )


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """What a worker has left out is what every worker has left out."""
    node.config.stash[THINNED] = Counter(getattr(node, "workeroutput", {}).get("thinned", {}))


def pytest_sessionfinish(session: pytest.Session) -> None:
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["thinned"] = dict(session.config.stash[THINNED])


def _sendable(data: Any) -> Any:
    """Data of a report, with halves of surrogate pairs written out: a worker that has to send them ends."""
    if isinstance(data, dict):
        return {_sendable(key): _sendable(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return type(data)(map(_sendable, data))
    return data.encode("utf-8", "backslashreplace").decode() if isinstance(data, str) else data


@pytest.hookimpl(wrapper=True)
def pytest_report_to_serializable() -> Generator[None, Any, Any]:
    """What a failed test says reaches the process that tells it, whatever texts the test is about."""
    return _sendable((yield))


@pytest.fixture(scope="session")
def seeds(request: pytest.FixtureRequest) -> range:
    """Seeds over which a test repeats itself: two, or all that are worth the time."""
    many = request.config.getoption("--exhaustive") or request.config.getoption("--rest")
    return range(6 if many else 2)


@pytest.fixture(scope="session")
def thorough(request: pytest.FixtureRequest) -> bool:
    """Whether a test that repeats itself does so as often as is worth the time."""
    return bool(request.config.getoption("--exhaustive") or request.config.getoption("--rest"))
