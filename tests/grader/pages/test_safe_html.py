import re
from html.parser import HTMLParser

import pytest

from grader.pages.safe_html import highlight_code, markdown2html


@pytest.mark.parametrize(
    "written",
    [
        "<script>fetch('x')</script>",
        '<img src="x" onerror="fetch(1)">',
        '<iframe srcdoc="x"></iframe>',
        '<svg onload="fetch(1)"></svg>',
        '<p onclick="fetch(1)">text</p>',
        '<details open ontoggle="fetch(1)">text</details>',
        "[text](javascript:fetch())",
        '<a href="JavaScript:fetch()">text</a>',
        '<form action="x"><input name="y"></form>',
        '<style>p { background: url("x") }</style>',
        '<p style="background:url(x)">text</p>',
    ],
)
def test_nothing_that_runs_loads_or_sends_is_left(written):
    left = []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, attributes: left.append((tag, dict(attributes)))
    parser.feed(markdown2html(written))
    assert {tag for tag, _ in left} <= {"p", "a", "details"}
    assert all(attributes in ({}, {"style": ""}) for _, attributes in left)


@pytest.mark.parametrize("tag", ["p", "div", "span", "h1", "td", "a", "code"])
def test_what_formgrader_finds_its_buttons_and_fields_by_cannot_be_written(tag):
    html = markdown2html(f'<{tag} class="full-credit" id="check_mse" name="x">text</{tag}>')
    assert "class=" not in html
    assert "id=" not in html
    assert "name=" not in html
    assert "text" in html


def test_text_tables_code_and_mathematics_stay():
    source = "# Why\n\n**not** $a_1 < b$ `x < y`\n\n| a |\n|--:|\n| 1 |\n\n[book](https://example.org)\n"
    html = markdown2html(source, links=True)
    for part in (
        "<h1>Why</h1>",
        "<strong>not</strong>",
        "<math><msub><mi>a</mi><mn>1</mn></msub><mo>&lt;</mo><mi>b</mi></math>",
        "<code>x &lt; y</code>",
        "text-align:right",
    ):
        assert part in html
    assert '<a href="https://example.org">book</a>' in html
    # Where the reader is logged in to the server, the address is there to be read.
    assert "<p>book (https://example.org)</p>" in markdown2html(source)


@pytest.mark.parametrize(
    "target",
    ["derivation.html", "../x", "/api/contents", "//host/x", "http:x", "https:x.html", "http:/x", "https://", "#a", "?q", "",
     "http:///x", "\\\\host", "https:\\\\host", "data:text/html,x", "file:///etc/passwd", "javascript:x", "h\nttps://x", "ftp://host/x"],
)  # fmt: skip
@pytest.mark.parametrize("form", ["[a]({})", "<a href='{}'>a</a>", "[a][r]\n\n[r]: {}", "[a](<{}>)"])
def test_links_without_a_host_lead_nowhere(target, form):
    for links in (True, False):
        assert not re.search(r"<a[^>]* href=", markdown2html(form.format(target), links=links))


def test_code_is_shown_with_all_that_is_not_seen():
    html = highlight_code("if x:\n    a = 'b\u202ec\u200b\x9b'\n")
    assert "\\u202e" in html
    assert "\\u200b" in html
    assert "\\x9b" in html
    assert not set("\u202e\u200b\x9b") & set(html)
