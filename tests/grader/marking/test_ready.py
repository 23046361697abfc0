"""What has to get ready for marking is started where something will be marked."""

from __future__ import annotations

import pytest

from grader.marking import judging, ready
from grader.sandbox import modes, warm


@pytest.fixture
def started(monkeypatch):
    found = []
    monkeypatch.setattr(modes, "available", lambda: True)
    monkeypatch.setattr(modes, "mode", lambda: "namespaces")
    monkeypatch.setattr(warm, "begin", lambda: None)
    monkeypatch.setattr(warm, "running", lambda folder, program: found.append("kernels"))
    monkeypatch.setattr(judging, "start", found.append)
    return found


def test_nothing_is_started_where_nothing_is_new_but_everything_is_marked_again(classroom, started):
    course, chapter = classroom.course, classroom.chapter
    ready.begin(course, chapter)
    assert started == []
    ready.begin(course, chapter, anyhow=True)
    assert started == ["kernels", chapter]
    classroom.hand_in("ada")
    ready.begin(course, chapter)
    assert started == ["kernels", chapter] * 2


def test_nothing_is_started_where_there_are_no_namespaces(classroom, started, monkeypatch):
    classroom.hand_in("ada")
    monkeypatch.setattr(modes, "mode", lambda: "landlock")
    ready.begin(classroom.course, classroom.chapter)
    monkeypatch.setattr(modes, "available", lambda: False)
    ready.begin(classroom.course, classroom.chapter)
    assert started == []
