"""Where an answer is looked for: first its own cell, then other answer cells, then whatever else a student has written."""

from __future__ import annotations

import pytest

from fnnkit.judge.answers import (
    Cell,
    cells_of,
    defines,
    definitions,
    find,
    is_stub,
    look,
    means,
    without_magics,
)

STUB = 'def f(x):\n    """What it does."""\n    raise NotImplementedError  # here'
F = "def f(x):\n    return x"
G = "def g(x):\n    return 2 * x"


def own(name, text, kind="code"):
    return Cell(kind, text, name)


def loose(text, kind="code"):
    return Cell(kind, text)


def found(*cells, ids=("f", "g"), **more):
    return find(cells, ids, ids, **more)


def test_the_own_cell_comes_first():
    answer = found(own("f", F), loose("def f(x):\n    return 7"), own("g", F + "\n\n" + G))["f"]
    assert answer.parts == (F,)
    assert answer.notes == (
        "`f` is defined again in the cell of `g`; judged is what its own answer cell left.",
    )


def test_the_stub_is_nothing_then_another_answer_cell_then_any_other():
    other = found(own("f", STUB), own("g", F + "\n\n" + G), loose(F))["f"]
    assert (other.parts, other.within) == ((), "g")
    assert "found in the cell of `g`" in other.notes[0]
    any_other = found(own("f", STUB), own("g", G), loose("x = 1"), loose(F))["f"]
    assert (any_other.parts, any_other.within) == ((F,), "")
    assert "the one that begins with `def f(x):`" in any_other.notes[0]


def test_of_several_other_cells_the_last_one_counts():
    assert found(own("f", STUB), loose("def f(x):\n    return 7"), loose(F))["f"].parts == (F,)


def test_where_nothing_is_found_the_stub_stays_without_a_note():
    answer = found(own("f", STUB), own("g", G), loose("print(1)"))["f"]
    assert (answer.parts, answer.notes) == ((STUB,), ())
    assert found(own("g", G))["f"].parts == ()


def test_what_was_handed_out_is_nothing_of_the_students():
    assert found(own("f", STUB), Cell("code", F, "given_1"), handed_out=[F])["f"].parts == (STUB,)
    assert found(own("f", STUB), Cell("code", F, "given_1"), handed_out=[])["f"].parts == (F,)


@pytest.mark.parametrize(
    "text",
    [
        "f(3)",
        "f = 3",
        "f = g(f)",
        "f = [1, 2]",
        "for f in range(3):\n    print(f)",
        "x = f + 1",
        "f += 1",
        "def f(x):\n    pass",
        STUB,
        "import f",
        "def h():\n    def f(x):\n        return x",
    ],
)
def test_using_a_name_or_naming_a_number_so_is_no_definition(text):
    assert not means(text, "f")
    assert found(own("f", STUB), loose(text))["f"].parts == (STUB,)


@pytest.mark.parametrize(
    "text",
    [
        F,
        "f = lambda x: x",
        "f = np.vectorize(lambda x: x)",
        "from functools import partial as f",
        "if True:\n    def f(x):\n        return x",
        "try:\n    def f(x):\n        return x\nexcept ValueError:\n    pass",
        "@np.vectorize\ndef f(x):\n    return x",
        "async def f(x):\n    return x",
        "class f:\n    pass",
        "f = h",
        "f: object = lambda x: x",
        "%matplotlib inline\ndef f(x):\n    return x",
        "%%time\ndef f(x):\n    return x",
        "!ls\nx = !pwd\nf?\ndef f(x):\n    return x",
    ],
)
def test_functions_are_found_in_whatever_way_they_are_written(text):
    assert means(text, "f")
    assert found(own("f", STUB), loose(text))["f"].parts == (text,)


def test_all_cells_of_one_grade_id_belong_together_but_for_stubs_and_copies():
    helper = "def h(x):\n    return x"
    answer = found(own("f", helper), own("f", STUB), own("f", F), own("f", F))["f"]
    assert answer.parts == (helper, F)
    assert answer.text == f"{helper}\n\n{F}"
    assert answer.notes == ("2 cells belong to this exercise; they were taken together, in their order.",)


def test_a_changed_type_is_put_back_and_remarks_stay_remarks():
    assert found(own("f", F, "markdown"))["f"].parts == (F,)
    assert "Markdown" in found(own("f", F, "markdown"))["f"].notes[0]
    assert found(own("f", STUB), own("f", F, "raw"))["f"].parts == (F,)
    assert found(own("f", F), own("f", "It *works*.", "markdown"))["f"].parts == (F,)
    assert found(own("f", F), own("f", "It *works*.", "markdown"))["f"].notes == ()


def test_what_an_answer_uses_comes_along_from_other_cells_and_what_that_uses():
    a, b, c = "import math as m", "def b(x):\n    return m.exp(x)", "unused = 1"
    text = "def f(x):\n    return np.sum(b(x)) + len(x)"
    answer = found(own("f", text), loose(a), loose(c), loose(b), given=["import numpy as np"])["f"]
    assert answer.parts == (a, b, text)
    assert answer.notes == (
        "`m` stands in another cell, the one that begins with `import math as m`; that cell was run as well.",
        "`b` stands in another cell, the one that begins with `def b(x):`; that cell was run as well.",
    )


def test_what_given_cells_other_answers_and_python_define_is_not_looked_for():
    text = "def f(x):\n    return np.sum(g(x)) + len(x)"
    cells = [own("f", text), own("g", G), loose("np = 1"), loose("def g(x):\n    return 3"), loose("len = 5")]
    assert found(*cells, given=["import numpy as np"])["f"].parts == (text,)


def test_a_name_that_is_local_is_not_looked_for():
    text = "def f(K):\n    total = 0\n    for K in range(3):\n        total += K\n    return total"
    assert found(own("f", text), loose("K = 1"), loose("total = 2"))["f"].parts == (text,)


def test_a_cell_that_is_no_python_defines_nothing_and_is_kept_to_be_shown():
    broken = "def f(x):\n    print(“x”)"
    assert not look(broken).compiles
    assert found(own("f", broken))["f"].parts == (broken,)
    assert found(own("f", broken), loose(F))["f"].parts == (broken, F)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 5000,
        "f = " + "[" * 100_000,
        "x = '\0'",
        "\ud800".encode("utf-8", "replace").decode(),
        "-" * 50_000 + "1",
    ],
)
def test_texts_that_nobody_writes_are_read_in_no_time(text):
    look.cache_clear()
    assert "f" not in look(text).functions
    assert found(own("f", text))["f"].parts == (text,)


def test_magics_are_left_out_and_lines_stay_where_they_are():
    text = "%%time\n%matplotlib inline\nif x:\n    !ls\ny = %timeit -o z\nhelp?\ntext = '''\nkept\n'''"
    assert without_magics(text) == "\npass\nif x:\n    pass\ny = None\npass\ntext = '''\nkept\n'''"


def test_a_modulo_at_the_start_of_a_line_is_no_magic():
    text = "def f(x):\n    return (x\n% 3)"
    assert defines(text, "f")
    assert definitions(text) == "def f(x):\n    return x % 3"


def test_definitions_are_a_cell_without_what_it_does():
    text = (
        "import time\nLIMIT = 3\nnames = ['a', 'b']\n"
        + F
        + "\nresult = f(5)\ntime.sleep(60)\nh = lambda z: z\nclass A:\n    pass\nlong = [i for i in range(10**9)]"
    )
    kept = definitions(text).splitlines()
    assert kept[:3] == ["import time", "LIMIT = 3", "names = ['a', 'b']"]
    assert "time.sleep" not in definitions(text)
    assert "result" not in definitions(text)
    assert "h = lambda z: z" in kept
    assert "long" not in definitions(text)


def test_a_stub_is_a_function_without_code():
    assert is_stub(STUB, "f")
    assert is_stub("def f(x):\n    ...", "f")
    assert is_stub("", "f")
    assert not is_stub(STUB + "\nx = 1", "f")
    assert not is_stub(F, "f")
    assert not is_stub("def f(x):\n    y = 2 * x\n    raise NotImplementedError", "f")


def test_whatever_is_wrong_with_cells_they_are_read():
    odd = [
        {},
        3,
        None,
        {"cell_type": "code", "source": 5, "metadata": []},
        {"metadata": {"nbgrader": {"grade_id": ["f"]}, "tags": "x"}},
    ]
    odd.append(
        {"cell_type": "code", "source": ["a\n", 3, "b"], "metadata": {"nbgrader": "f", "tags": ["given", 1]}}
    )
    cells = cells_of({"cells": odd})
    assert [c.source for c in cells] == ["", "", "", "a\nb"]
    assert cells[-1].tags == ("given",)
    assert cells_of({"cells": "none"}) == cells_of({}) == []
