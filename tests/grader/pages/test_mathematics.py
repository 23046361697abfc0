"""Mathematics on pages: what the course writes is drawn, and nothing that is hostile gets through."""

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import jupytext
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.pages import safe_html
from grader.pages.mathematics import ATTRIBUTES, ELEMENTS, MAX_FORMULAS, MAX_LENGTH, markdown2html, mathml

ROOT = Path(__file__).resolve().parents[3]
SOURCES = sorted((ROOT / "solutions").glob("ch*.py"))


class Tree(HTMLParser):
    """Elements with attributes, and the text, of a piece of HTML."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.text, self.open = [], "", []
        self.feed(text)
        self.close()
        assert self.open == [], f"not closed: {self.open}"

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in ("br", "hr", "img"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


def is_harmless(text):
    for tag, attributes in Tree(text).elements:
        assert tag in ELEMENTS or tag == "code"
        assert set(attributes) <= {*ATTRIBUTES, "style"}
        assert not re.search(r"url|expression|position|script:|//", " ".join(map(str, attributes.values())))
    return True


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: p.stem)
def test_every_formula_of_the_course_becomes_mathml(path):
    cells = [c.source for c in jupytext.read(path, fmt="py:percent").cells if c.cell_type == "markdown"]
    made = [safe_html.markdown2html(source) for source in cells]
    assert sum(text.count("<math") for text in made) > 5
    assert [text for text in made if re.search(r"\$|\\[a-z]{2}", re.sub(r"<code>.*?</code>", "", text))] == []
    assert [code for text in made for code in re.findall(r"<code>\$.*?</code>", text)] == []


@pytest.mark.parametrize(
    ("tex", "text", "tags"),
    [
        (r"\frac{1}{n}", "1n", ["mfrac", "mn", "mi"]),
        (r"\mathbf{W}^\top", "𝐖⊤", ["msup"]),
        (r"\boldsymbol{\theta}", "𝜽", ["mi"]),
        (r"\bigl\lVert x \bigr\rVert", "‖x‖", ["mo"]),
        (r"\begin{aligned} a &= b \\ c &= d \end{aligned}", "a=bc=d", ["mtable", "mtr", "mtd"]),
        (r"\begin{cases} 1 & x > 0 \\ 0 & \text{else} \end{cases}", "{1x>00else", ["mtable", "mtext"]),
        (r"\begin{pmatrix} 1 & 2 \end{pmatrix}", "(12)", ["mtable"]),
        ("a < b", "a<b", ["mo"]),
        (r"\max\{0,\ z\}", "max{0,z}", ["mi"]),
    ],
)
def test_a_formula_has_the_elements_and_the_text_that_it_should(tex, text, tags):
    tree = Tree(mathml(tex))
    assert re.sub(r"\s|\u2061|\u2063", "", tree.text) == text  # without invisible operators
    assert {tag for tag, _ in tree.elements} >= {"math", *tags}


def test_a_formula_on_a_line_of_its_own_is_a_block():
    assert Tree(mathml("x", display=True)).elements[0] == ("math", {"display": "block"})
    made = markdown2html("text\n\n$$\n\\sum_{i=1}^n x_i\n$$\n\n\\begin{align}a&=b\\end{align}\n")
    assert made.count('<math display="block">') == 2
    assert "<munderover>" in made


HOSTILE = [
    r"\href{javascript:alert(1)}{x}",
    r"\url{javascript:alert(1)}",
    r"\text{<script>alert(1)</script>}",
    r"\text{</mtext></math><img src=x onerror=alert(1)>}",
    r"\text{&lt;script&gt;alert(1)&lt;/script&gt;}",
    r"\mathrm{<svg onload=alert(1)>}",
    r"\class{full-credit}{x}",
    r"\style{background:url(//example.org)}{x}",
    r"\cssId{check_mse}{x}",
    r"\color{red;background:url(//example.org)}x",
    r"\textcolor{white}{x}",
    r"\rule{9999em}{9999em}",
    r"\hspace{-9999em}x",
    r"\unicode{x3c}script>",
    r"\require{html}\data{a=b}{x}",
    r"\includegraphics{//example.org/x.png}",
    r"\input{/etc/passwd}",
    r"\begin{array}{c}\text{\begin{document}}\end{array}",
    r"\newcommand{\x}{\x\x}\x",
    r"\def\x{\x\x}\x",
    r"\label{check_mse}\ref{check_mse}",
    r"\tag{<b>}",
    "<!--", "-->", "]]>", "<![CDATA[", "\x00", "\ufffe", "&", "&#x3c;script&#x3e;", "%", "#", "\\",
    "{" * 300, "}" * 300, "$", r"\frac", "x^", r"\left(", r"\right)", r"\begin{matrix}", "&" * 200, r"\\" * 200,
]  # fmt: skip


@pytest.mark.parametrize("tex", HOSTILE)
def test_hostile_tex_is_text_or_harmless(tex):
    for display in (False, True):
        assert is_harmless(mathml(tex, display))


@given(st.text(alphabet=r"\{}^_&$<>'\"=/ abxhref:;()1#%" + "\n", max_size=60), st.booleans())
def test_whatever_is_typed_as_tex_is_harmless(tex, display):
    assert is_harmless(mathml(tex, display))


@given(st.text(alphabet=r"\{}^_&$<>'\"=/ abtil[]()!`*|-" + "\n", max_size=80))
def test_whatever_a_student_types_around_mathematics_stays_harmless(source):
    for tag, attributes in Tree(safe_html.markdown2html(source)).elements:
        assert tag in ELEMENTS | safe_html.TAGS
        assert "onerror" not in attributes


def test_mathematics_cannot_break_out_of_an_attribute():
    made = safe_html.markdown2html(
        '<a title="$x$" href="https://example.org">y</a> <b title=\'$"><i>$\'>z</b>'
    )
    elements = Tree(made).elements
    assert "y (https://example.org)" in made  # a link is text: nobody follows one by mistake
    assert ("b", {"title": '$"><i>$'}) in elements
    assert not [tag for tag, _ in elements if tag == "i"]
    assert "<math" not in made


@pytest.mark.parametrize(
    "source",
    [
        "<math><mi>x</mi></math>",
        '<math href="javascript:alert(1)">x</math>',
        "<math><mtext><style><!--</style></math>",
    ],
)
def test_mathml_that_a_student_writes_himself_is_no_markup(source):
    assert "<math" not in safe_html.markdown2html(source)


# Each in a process of its own: a stack that overflows in the converter would take this one along.
NESTED = {
    "braces": '"{" * n + "}" * n',
    "roots": r'r"\sqrt{" * n + "}" * n',
    "powers": '"x^{" * n + "}" * n',
    "hats": r'r"\hat" * n + "x"',
    "fences": r'r"\left(" * n + r"\right)" * n',
    "fractions": r'r"\frac" * n + "x" * n',
    "tables": r'r"\begin{matrix}" * n + r"\end{matrix}" * n',
    "macros": r'r"\newcommand{\a}{" + r"\hat" * 400 + r"}" + r"\a" * n + "x"',
}


@pytest.mark.sampled
@pytest.mark.parametrize("kind", NESTED)
def test_no_nesting_ends_the_process(kind):
    code = (
        "from grader.pages.mathematics import MAX_LENGTH, markdown2html, mathml\n"
        "for n in (5, 20, 50, 90, 200, 400, 990, 20_000, 200_000):\n"
        f"    tex = {NESTED[kind]}\n"
        "    assert mathml(tex).startswith(('<math', '<code'))\n"
        "    assert mathml(tex[:MAX_LENGTH]).startswith(('<math', '<code'))\n"
        "    markdown2html(f'${tex}$')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-500:]


def test_long_formulas_and_very_many_of_them_stay_source():
    assert mathml("x" * MAX_LENGTH).startswith("<math")
    assert mathml("x" * (MAX_LENGTH + 1)).startswith("<code>$xxx")
    made = markdown2html("$x$ " * (MAX_FORMULAS + 50))
    assert made.count("<math") == MAX_FORMULAS
    assert made.count("<code>x</code>") == 50


def test_formulas_do_not_know_of_each_other():
    assert mathml(r"\begin{align}a\end{align}") == mathml(r"\begin{align}a\end{align}")
    assert mathml(r"\newcommand{\a}{b} x").startswith(("<math", "<code"))
    assert mathml(r"\a") == r"<code>$\a$</code>"


def test_the_same_text_gives_the_same_page():
    source = "so $a < b$, and\n\n$$c$$\n"
    assert markdown2html(source) == markdown2html(source)
