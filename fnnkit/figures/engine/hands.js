// What a figure does in the browser: it moves, asks and shows. It computes nothing: every value comes from the kernel.
// The picture, the sliders and the buttons around are widgets of ipywidgets; without this script they work as they are.
const SVG = "http://www.w3.org/2000/svg";
const NARROW = 600;
const KEYS = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1]};
const LOOK = `
.fnnkit-hands {position: absolute; left: 0; top: 0; width: calc(100% - 14px); touch-action: pan-y; overflow: visible}
.fnnkit-picture {padding-right: 14px; box-sizing: border-box}  /* half of a handle at the right end */
.fnnkit-steps {position: absolute; left: 0; top: 0; width: calc(100% - 14px); height: auto; pointer-events: none}
.fnnkit-hands g {cursor: grab; outline: none; touch-action: none}
.fnnkit-hands g.fnnkit-held {cursor: grabbing}
.fnnkit-hands .halo {fill: none; stroke: white; stroke-width: 5.5; stroke-opacity: .9}
.fnnkit-hands .mark {fill: white; fill-opacity: .25; stroke-width: 2.5}
.fnnkit-hands g:hover .mark {fill-opacity: .6}
.fnnkit-hands g:focus .halo {stroke: black; stroke-width: 9; stroke-opacity: 1}
.fnnkit-hands g:focus .mark {stroke: white; stroke-width: 3.5}
.fnnkit-hands[aria-busy] * {cursor: progress}
.fnnkit-figure .noUi-handle:focus, .fnnkit-figure button:focus-visible, .fnnkit-figure select:focus-visible
  {outline: 3px solid #0072B2; outline-offset: 1px}
[data-jp-theme-light=false] .fnnkit-figure :is(.noUi-handle:focus, button:focus-visible, select:focus-visible)
  {outline-color: #7cc4f8}
.fnnkit-guess button {max-width: 100%; height: auto; min-height: 28px; white-space: normal; line-height: 1.35}
.fnnkit-figure .noUi-handle::before {content: ""; position: absolute; inset: -6px}
`;

function made(tag, to, attributes) {
  const e = to.appendChild(document.createElementNS(SVG, tag));
  for (const [name, value] of Object.entries(attributes)) e.setAttribute(name, value);
  return e;
}

function set(e, name, value) {
  if (e.getAttribute(name) !== String(value)) e.setAttribute(name, value);
}

function outline(g, kind, shape) {
  const square = {x: -8, y: -8, width: 16, height: 16}, path = d => made("path", g, {class: kind, d});
  if (shape === "square") return made("rect", g, {class: kind, ...square});
  if (shape === "triangle") return path("M0 -10 L9.5 7 L-9.5 7 Z");
  if (shape === "diamond") return path("M0 -11 L11 0 L0 11 L-11 0 Z");
  if (shape === "bar") return made("rect", g, {class: kind, x: -15, y: -5, width: 30, height: 10, rx: 5});
  if (shape === "vertical") return made("rect", g, {class: kind, x: -5, y: -15, width: 10, height: 30, rx: 5});
  return made("circle", g, {class: kind, r: 9});
}

// One question as good as two of a kind, if there is one: the newest place wins, steps by key along one way are added up,
// pieces of a line by hand are joined.
function joined(old, q) {
  if (old.do !== q.do || old.index !== q.index || old.stroke !== q.stroke) return null;
  if (q.do === "draw") return {...q, points: [...old.points, ...q.points]};
  if (q.do !== "step") return q;
  return (old.dx === 0) === (q.dx === 0) ? {...q, dx: q.dx + old.dx, dy: q.dy + old.dy} : null;
}

// One question is on its way at a time. What comes meanwhile is joined to what waits, or waits behind it if it is of
// another kind; a look gives way to everything.
function asker(model, busy) {
  const view = Math.random().toString(36).slice(2);  // the same figure may stand in two places of the page
  let sent = 0, waiting = [], under_way = false, slow = 0, lost = 0;
  function next() {
    if (under_way || !waiting.length) return;
    under_way = true;
    slow = setTimeout(() => busy(true), 150);
    lost = setTimeout(() => free(), 10000);  // the kernel was started anew, perhaps
    model.send({...waiting.shift(), view, seq: ++sent});
  }
  function free() {
    under_way = false;
    clearTimeout(slow); clearTimeout(lost);
    busy(false);
    next();
  }
  return {
    want(q) {
      waiting = waiting.filter(w => w.do !== "look");
      if (q.do === "look" && waiting.length) return;
      const both = waiting.length && joined(waiting.at(-1), q);
      if (both) waiting[waiting.length - 1] = both; else waiting.push(q);
      next();
    },
    tell: q => model.send(q),
    waits: index => waiting.some(w => w.index === index),
    answered(a) { if (a.view === view && a.seq === sent) free(); },
    stop() { clearTimeout(slow); clearTimeout(lost); },
  };
}

// All that widgets are told in one step comes as one message: one layout and one frame instead of up to five. The pixels that a
// step changes follow, for each view of the figure.
const painters = new Map();  // by the id of the figure's model: the views that paint steps

function together(model) {
  const {widget_manager: manager} = model, id = model.get("spec").id, known = new Map();
  painters.set(id, new Set());
  async function apply({states = [], steps = []}, buffers) {
    for (const [other] of states) if (!known.has(other)) known.set(other, await manager.get_model(other));
    // The picture first, where it is known what it is painted over: words and table take as long again.
    const views = [...painters.get(id) || []], early = steps.every(step => views.every(view => view.fits(step)));
    const paint = () => steps.forEach((step, i) => { for (const view of views) view.paint(step, buffers[i]); });
    if (early) paint();
    // One after the other, as the kernel lists them, and each after what its model is still busy with: a slider that was
    // overtaken by the echo of an older value would send that back. The answer, which lets the next question go, is the last.
    for (const [other, state] of states) {
      const to = known.get(other);
      await (to.state_change = to.state_change.then(() => to.set_state(state)));
    }
    if (!early) paint();
  }
  let before = Promise.resolve();
  function told(message, buffers) {
    if (message.states || message.steps)
      before = before.then(() => apply(message, buffers)).catch(error => console.error(error));
  }
  model.on("msg:custom", told);
  model.send({do: "here"});
  return () => { painters.delete(id); model.off("msg:custom", told); };
}

// What a step changes is painted on a canvas over the image, which holds the same pixels; once the image shows them too, the
// canvas goes. Pictures have numbers: a step is painted over the one that it was made for and over no other.
function steps(model, picture, ask) {
  const canvas = document.createElement("canvas");
  // Opaque: what lies under it is neither drawn nor mixed with it, a fifth of the compositor's time.
  const context = canvas.getContext("2d", {willReadFrequently: true, alpha: false});
  canvas.className = "fnnkit-steps";
  canvas.setAttribute("aria-hidden", "true");
  canvas.hidden = true;
  picture.append(canvas);
  let pixels = null, words = null, number = 0, whole = 0, loading = null;
  const image = () => picture.querySelector("img");
  function load(img) {  // the image's own pixels
    [canvas.width, canvas.height] = [img.naturalWidth, img.naturalHeight];
    canvas.style.maxWidth = model.get("spec").width + "px";
    context.drawImage(img, 0, 0);
    pixels = context.getImageData(0, 0, canvas.width, canvas.height);
    words = new Uint32Array(pixels.data.buffer);
    number = whole;
  }
  function change(step, view) {
    const count = view.byteLength / 10, {width} = canvas;
    const own = view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength);
    const starts = new Uint32Array(own, 0, count), colours = new Uint32Array(own, 4 * count, count);
    const lengths = new Uint16Array(own, 8 * count, count);
    for (let i = 0; i < count; i++) words.fill(colours[i], starts[i], starts[i] + lengths[i]);
    if (count) {
      const top = Math.floor(starts[0] / width), end = starts[count - 1] + lengths[count - 1];
      context.putImageData(pixels, 0, 0, 0, top, width, Math.ceil(end / width) - top);
    }
    ({number} = step);
    canvas.hidden = false;
    image()?.setAttribute("alt", step.alt);
    canvas.dataset.number = number;
  }
  function paint(step, view) {
    if (loading) { loading.push([step, view]); return; }
    if (step.base === number && words) { change(step, view); return; }
    const img = image();
    if (step.base !== whole || !img) { ask.tell({do: "whole"}); return; }
    if (img.complete && img.naturalWidth) { load(img); change(step, view); return; }
    const waiting = loading = [[step, view]];
    img.decode().catch(() => {}).then(() => { loading = null; for (const [s, v] of waiting) paint(s, v); });
  }
  // Another image stands there: the canvas covers it until it is decoded.
  function follow(now) {
    if (now === whole) return;
    whole = now;
    const img = image();
    const uncover = () => { if (whole === now && number <= now) canvas.hidden = true; };
    if (img && whole) img.decode().then(uncover, uncover); else canvas.hidden = true;
  }
  const fits = step => !loading && words !== null && step.base === number;
  return {paint, fits, follow, end() { canvas.remove(); }};
}

// What ipywidgets leaves out: sliders and their numbers get the text beside them as their name, and an attribute that
// keeps arrow keys, Enter and the space bar from Notebook 7, which takes them for itself otherwise.
function named(root) {
  for (const control of root.querySelectorAll(".widget-inline-hbox, .widget-inline-vbox")) {
    const label = control.querySelector(".widget-label"), text = label ? label.textContent.trim() : "";
    if (!text) continue;
    for (const e of control.querySelectorAll("[role=slider]")) set(e, "aria-label", text);
    for (const e of control.querySelectorAll("[role=progressbar], .progress")) set(e, "aria-label", text);
    for (const e of control.querySelectorAll(".widget-readout[contenteditable]")) {
      set(e, "role", "textbox");
      set(e, "aria-label", text + ", number");
    }
  }
  for (const e of root.querySelectorAll("[role=slider], [contenteditable], button, select, input, textarea"))
    set(e, "data-lm-suppress-shortcuts", "true");
}

// Text below a picture may grow a line, and then stays so high: what is under the mouse does not move.
function steady(root) {
  const width = root.clientWidth;
  for (const e of root.querySelectorAll(".fnnkit-steady")) {
    if (e.dataset.width !== String(width)) { e.style.minHeight = ""; e.dataset.width = width; }
    const high = e.offsetHeight;
    if (high > (parseFloat(e.style.minHeight) || 0)) e.style.minHeight = high + "px";
  }
}

function handles(model, root, picture, ask, svg) {
  const {handles} = model.get("spec");
  let held = null, across = 0;
  const place = e => {
    const r = svg.getBoundingClientRect();
    return [(e.clientX - r.left) / r.width, (e.clientY - r.top) / r.height];
  };
  const all = handles.map((h, index) => {
    const g = made("g", svg, {tabindex: 0, role: "slider", "aria-label": h.label, "aria-roledescription": "handle",
      "aria-orientation": h.free === "y" ? "vertical" : "horizontal", "data-lm-suppress-shortcuts": "true"});
    made("title", g, {}).textContent = h.label;
    const room = made("circle", g, {r: 22, fill: "transparent"});  // a finger needs 44 pixels
    outline(g, "halo", h.shape);
    outline(g, "mark", h.shape).setAttribute("stroke", h.colour);
    const me = {index, g, x: 0, y: 0, reach: [0, 1, 0, 1],
      draw() {
        const {width, height} = model.get("spec"), shown = across || width;
        const zoom = Math.max(1, 0.7 * width / shown);  // no smaller than a finger on a phone
        set(g, "transform", `translate(${me.x * width} ${me.y * height}) scale(${zoom})`);
        // At the right end it lies to the left, so that nothing scrolls.
        set(room, "cx", Math.min(0, ((1 - me.x) * width + 14 * width / shown) / zoom - 22));
      },
      show([x, y, now, low, high, words, reach]) {
        [me.x, me.y, me.reach] = [x, y, reach];
        set(g, "aria-valuemin", low); set(g, "aria-valuemax", high);
        set(g, "aria-valuenow", now); set(g, "aria-valuetext", words);
        g.style.display = x < -0.01 || x > 1.01 || y < -0.01 || y > 1.01 ? "none" : "";
        me.draw();
      }};
    g.addEventListener("pointerdown", e => {
      e.preventDefault(); e.stopPropagation();
      g.focus({preventScroll: true}); g.setPointerCapture(e.pointerId); g.classList.add("fnnkit-held");
      held = me;
    });
    g.addEventListener("pointermove", e => {
      if (held !== me) return;
      const [x, y] = place(e), [left, right, top, bottom] = me.reach;
      if (h.free !== "y") me.x = Math.min(right, Math.max(left, x));
      if (h.free !== "x") me.y = Math.min(bottom, Math.max(top, y));
      me.draw();  // the handle stays under the finger; the picture follows
      ask.want({do: "move", index, x: me.x, y: me.y});
    });
    for (const end of ["pointerup", "pointercancel"]) g.addEventListener(end, () => {
      if (held !== me) return;
      held = null; g.classList.remove("fnnkit-held");
      ask.want({do: "move", index, x: me.x, y: me.y});
    });
    g.addEventListener("keydown", e => {
      const way = KEYS[e.key];
      if (!way || e.altKey || e.ctrlKey || e.metaKey) return;
      e.preventDefault(); e.stopPropagation();
      const far = e.shiftKey ? 10 : 1;
      ask.want({do: "step", index, dx: far * way[0], dy: far * way[1]});
    });
    g.addEventListener("focus", () => { if (!held) ask.want({do: "look", x: me.x, y: me.y}); });
    return me;
  });
  return {
    show(at) { at.forEach((a, i) => { if (all[i] && all[i] !== held && !ask.waits(i)) all[i].show(a); }); },
    redraw() {
      across = svg.clientWidth;  // not asked at every step: the page would be laid out for it, for each handle
      for (const h of all) h.draw();
    },
    get held() { return held; },
    place,
  };
}

function start(model, root, picture) {
  const spec = model.get("spec");
  const svg = made("svg", picture, {viewBox: `0 0 ${spec.width} ${spec.height}`, class: "fnnkit-hands",
    style: `max-width:${spec.width}px`});
  svg.setAttribute("role", "group");
  svg.setAttribute("aria-label", spec.handles.length ? "handles in the picture" : "picture");
  picture.style.position = "relative";
  picture.style.maxWidth = "100%";
  made("style", svg, {}).textContent = LOOK;
  const ask = asker(model, on => on ? svg.setAttribute("aria-busy", "true") : svg.removeAttribute("aria-busy"));
  const hands = handles(model, root, picture, ask, svg);
  const screen = steps(model, picture, ask);
  painters.get(spec.id)?.add(screen);
  const ends = [screen.end, () => painters.get(spec.id)?.delete(screen)];
  const listen = (to, name, what, options) => {
    to.addEventListener(name, what, options);
    ends.push(() => to.removeEventListener(name, what, options));
  };
  if (spec.reads) listen(svg, "pointermove", e => {
    const [x, y] = hands.place(e);
    if (!hands.held && !e.buttons) ask.want({do: "look", x, y});
  });
  if (spec.presses) listen(svg, "click", e => {
    if (e.target.closest("g")) return;
    const [x, y] = hands.place(e);
    ask.want({do: "press", x, y});
  });
  if (spec.freehand) {
    let last = null, stroke = 0;
    svg.style.touchAction = "none";
    const draw = e => {
      const here = hands.place(e);
      ask.want({do: "draw", stroke, points: last ? [last, here] : [here]});
      last = here;
    };
    listen(svg, "pointerdown", e => {
      if (e.target.closest("g") || e.button) return;
      svg.setPointerCapture(e.pointerId);
      stroke += 1;
      draw(e);
    });
    listen(svg, "pointermove", e => { if (last) draw(e); });
    for (const end of ["pointerup", "pointercancel"]) listen(svg, end, () => { last = null; });
  }
  function answered() {
    const a = model.get("answer");
    if (a.at) hands.show(a.at);
    screen.follow(a.whole);
    ask.answered(a);
  }
  model.on("change:answer", answered);
  ends.push(() => model.off("change:answer", answered));
  function copied(message) {
    if (message.copy && navigator.clipboard) navigator.clipboard.writeText(message.copy).catch(() => {});
  }
  model.on("msg:custom", copied);
  ends.push(() => model.off("msg:custom", copied));

  const light = () => document.body.dataset.jpThemeLight !== "false";
  let was = true;
  const themed = () => { if (light() !== was) { was = light(); ask.tell({do: "theme", dark: !was}); } };
  const theme = new MutationObserver(themed);
  theme.observe(document.body, {attributes: true, attributeFilter: ["data-jp-theme-light"]});
  // Once a frame; what changes words alone brings no new control.
  let due = 0, controls = true;
  const tidy = () => {
    due = 0;
    if (controls) named(root);
    controls = false;
    steady(root);
  };
  const changes = new MutationObserver(all => {
    const words = e => e.closest(".widget-html") && !e.querySelector("button, select, input, textarea");
    controls ||= !all.every(change => words(change.target));
    due ||= requestAnimationFrame(tidy);
  });
  changes.observe(root, {childList: true, subtree: true});
  ends.push(() => cancelAnimationFrame(due));
  // On a narrow page panels stand one below the other.
  let narrow = false;
  const fit = () => {
    const now = root.clientWidth > 0 && root.clientWidth < NARROW;
    if (root.clientWidth > 0 && now !== narrow) { narrow = now; ask.tell({do: "narrow", narrow}); }
  };
  const framed = () => {
    const {width, height} = model.get("spec");
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    svg.style.maxWidth = width + "px";
    hands.redraw();
  };
  model.on("change:spec", framed);
  ends.push(() => model.off("change:spec", framed));
  const size = new ResizeObserver(() => { fit(); hands.redraw(); steady(root); });
  size.observe(svg); size.observe(root);
  answered(); themed(); tidy(); fit();
  root.dataset.fnnkitAlive = "yes";
  return () => {
    for (const end of ends) end();
    theme.disconnect(); changes.disconnect(); size.disconnect();
    ask.stop();
    svg.remove();
  };
}

export default {
  initialize({model}) {
    if (model.widget_manager?.get_model) return together(model);
  },
  render({model, el}) {
    let alive = true, tries = 1200, end = () => {};
    (function wait() {
      if (!alive) return;
      const root = el.closest(".fnnkit-figure"), picture = root && root.querySelector(".fnnkit-picture");
      if (picture) end = start(model, root, picture);
      else if (tries--) setTimeout(wait, 25);
    })();
    return () => { alive = false; end(); };
  },
};
