"""The message of a failed check goes to the clipboard with one click."""

import pytest
from playwright.sync_api import expect

from fnnkit.judge.copying import LABEL

WRONG = """from fnnkit.exercises import check
def mse(y_pred, y_true):
    return ((y_pred - y_true) ** 2).sum()
print(check("mse", mse))"""
PASTE = "async () => await navigator.clipboard.readText()"


def copied(page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name=LABEL).click()
    expect(page.get_by_role("status").filter(has_text="Copied.")).to_be_visible()
    return page.evaluate(PASTE)


@pytest.mark.sampled
@pytest.mark.parametrize("where", ["lab", "notebook"])
def test_one_click_copies_the_message_as_text(request, open_notebook, complaints_of_axe, where):
    server = request.getfixturevalue("lab" if where == "lab" else "notebook7")
    notebook = open_notebook(server, "wrong.ipynb", where=where, cells=[WRONG])
    page = notebook.page
    notebook.complaints.clear()
    notebook.run_all()
    text = copied(page)
    assert text.startswith("✗ mse: 0 of 1 points\n")
    assert "Likely cause: this is the sum of the squared differences." in text
    assert "<" not in text
    assert complaints_of_axe(page, ".fnnkit-copy") == []
    notebook.run_all()
    expect(page.get_by_role("button", name=LABEL)).to_have_count(1)
    assert notebook.complaints == []


@pytest.mark.exhaustive
def test_where_clipboards_are_refused_the_older_way_is_taken(lab, open_notebook):
    notebook = open_notebook(lab, "wrong.ipynb", cells=[WRONG])
    page = notebook.page
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('no')); }")
    notebook.run_all()
    assert copied(page).startswith("✗ mse: 0 of 1 points\n")


@pytest.mark.exhaustive
def test_in_a_notebook_that_is_not_trusted_the_message_stands_there_and_no_button(lab, page, executed):
    executed(lab.root / "not_trusted.ipynb", WRONG)
    page.goto(lab.url + "/lab/workspaces/other/tree/not_trusted.ipynb?reset")
    expect(page.get_by_text("✗ mse: 0 of 1 points").first).to_be_visible()
    area = page.locator(".jp-OutputArea").first
    expect(area.get_by_text("Likely cause")).to_be_visible()
    expect(area.get_by_role("button", name=LABEL)).to_have_count(0)
    expect(area).not_to_contain_text("JSON.parse")
    expect(area).not_to_contain_text("\\n")
