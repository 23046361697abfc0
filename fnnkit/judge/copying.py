"""The message of a failed check as text on the clipboard, with one click.

A script that stands behind the message makes the button, so where no script runs (a notebook that is not trusted, a page
of feedback) there is the message, and no button that does nothing.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from fnnkit.judge.verdict import Verdict

LABEL = "Copy this message"

# Clipboards are for pages that came over https or from this machine; elsewhere the text is selected and copied the older way.
# A cell that is run again brings its script again: a message that has its button is left alone.
SCRIPT = """
(() => {
  const older = text => {
    const area = document.createElement("textarea");
    area.value = text;
    area.style.position = "fixed";
    area.style.opacity = 0;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  };
  for (const place of document.querySelectorAll(".fnnkit-copy:not([data-alive])")) {
    place.dataset.alive = "yes";
    const text = JSON.parse(place.querySelector("script").textContent);
    const button = document.createElement("button"), said = document.createElement("span");
    button.type = "button";
    button.textContent = LABEL;
    button.style.cssText = "font:inherit;font-size:.9em;padding:.15em .7em;border:1px solid currentColor;" +
      "border-radius:3px;background:transparent;color:inherit;cursor:pointer";
    said.setAttribute("role", "status");
    said.style.cssText = "font-size:.9em;margin-left:.7em";
    button.onclick = async () => {
      let done = false;
      try { await navigator.clipboard.writeText(text); done = true; } catch { done = older(text); }
      button.focus();
      said.textContent = done ? "Copied." : "This browser does not let a page copy: select the text by hand.";
      setTimeout(() => { said.textContent = ""; }, 4000);
    };
    place.append(button, said);
  }
})();
""".replace("LABEL", json.dumps(LABEL))


@dataclass(frozen=True)
class Copyable:
    """A verdict as a notebook shows it; a failed one has a button that copies its text."""

    verdict: Verdict

    def __repr__(self) -> str:
        return str(self.verdict)

    def _repr_html_(self) -> str:
        shown = self.verdict._repr_html_()
        if self.verdict.solved or not self.verdict.attempted:
            return shown
        # "<" would end the script early if a message held "</script>".
        text = json.dumps(str(self.verdict)).replace("<", "\\u003c")
        data = f'<script type="application/json">{text}</script>'
        return f'{shown}<div class="fnnkit-copy" style="margin:.3em 0">{data}</div><script>{SCRIPT}</script>'
