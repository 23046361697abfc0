"use strict";
// Sorting, searching, and choosing columns. A cell sorts by its number, else by its text; "·" and "–" come first.
for (const tools of document.querySelectorAll("[hidden].tools")) tools.hidden = false;

const value = cell => {
  const text = (cell ? cell.textContent : "").trim();
  const number = parseFloat(text.replace("−", "-").replace("¼", ".25").replace("½", ".5").replace("¾", ".75"));
  return Number.isNaN(number) ? (text === "·" ? -1 : text === "–" || text === "" ? -2 : text) : number;
};
const compare = (a, b) => typeof a === "number" && typeof b === "number" ? a - b
  : typeof a === "number" ? -1 : typeof b === "number" ? 1 : a.localeCompare(b);

for (const table of document.querySelectorAll("table.sorted")) {
  const heads = [...table.tHead.rows[table.tHead.rows.length - 1].cells];
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.onclick = () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const body = table.tBodies[0];
      const rows = [...body.rows].map((row, place) => [value(row.cells[column]), place, row]);
      rows.sort((a, b) => (down ? -1 : 1) * compare(a[0], b[0]) || a[1] - b[1]);
      body.append(...rows.map(row => row[2]));
    };
  });
}

for (const search of document.querySelectorAll("input[data-for]")) {
  const table = document.getElementById(search.dataset.for);
  const said = document.getElementById(search.dataset.for + "-found");
  const texts = new Map();
  search.oninput = () => {
    const wanted = search.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    let found = 0;
    for (const row of table.tBodies[0].rows) {
      if (!texts.has(row)) texts.set(row, (row.dataset.words || row.textContent).toLocaleLowerCase());
      row.hidden = !wanted.every(word => texts.get(row).includes(word));
      found += !row.hidden;
    }
    said.textContent = wanted.length ? found + " of " + table.tBodies[0].rows.length : "";
  };
}

for (const choice of document.querySelectorAll("select[data-for]")) {
  const table = document.getElementById(choice.dataset.for);
  const show = () => {
    table.className = table.className.replace(/ ?\bshow\S*/g, "") + " show-" + choice.value;
    for (const wide of document.querySelectorAll(".wide")) hint(wide);
  };
  choice.onchange = show;
  show();
}

// A table that is wider than its place says so.
function hint(wide) {
  const line = wide.previousElementSibling;
  if (!line || !line.classList.contains("more")) return;
  const beyond = wide.scrollWidth - wide.clientWidth - wide.scrollLeft > 4;
  line.classList.toggle("none", wide.scrollWidth - wide.clientWidth <= 4);
  wide.classList.toggle("beyond", beyond);
}
for (const wide of document.querySelectorAll(".wide")) {
  wide.addEventListener("scroll", () => hint(wide), { passive: true });
  hint(wide);
}
addEventListener("resize", () => { for (const wide of document.querySelectorAll(".wide")) hint(wide); });
