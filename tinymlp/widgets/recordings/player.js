// Plays recordings of panels: what a kernel would send comes from a table of frames. It stands below picture.js.

const PACE = 500; // milliseconds from one frame to the next while it plays

async function unpacked(script) {
  const bytes = Uint8Array.from(atob(script.textContent.trim()), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).json();
}

// Where a recording stands: its place on each axis, and the text of each part of that frame.
class Place {
  constructor(recording) {
    this.recording = recording;
    this.at = Object.fromEntries(recording.axes.map((axis) => [axis.name, axis.start]));
    this.wanted = this.at.t;
  }
  axis(name) { return this.recording.axes.find((axis) => axis.name === name); }
  number(at = this.at) { return this.recording.axes.reduce((sum, { name, places }) => sum * places.length + at[name], 0); }
  exists(at) { return this.recording.columns.status[this.number(at)] >= 0; }
  text(part) {
    const { columns, texts, pieces } = this.recording;
    return texts[columns[part][this.number()]].map((piece) => pieces[piece]).join("");
  }
  get end() {
    let t = this.axis("t").places.length - 1;
    while (t > 0 && !this.exists({ ...this.at, t })) t--;
    return t;
  }
  move(name, place) {
    const { places } = this.axis(name);
    this.at[name] = Math.min(Math.max(place, 0), places.length - 1);
    if (name === "t") {
      this.wanted = this.at.t;
      if ("stage" in this.at) this.at.stage = 0; // nothing of another iteration is computed yet
    }
    this.at.t = Math.min(this.wanted, this.end);
  }
}

function play(place, recording) {
  const here = new Place(recording), listeners = new Set(), shown = [];
  const panel = element(place, "div", "tinymlp-panel tinymlp-player");
  const buttons = element(panel, "div", "tinymlp-row"), settings = element(panel, "div", "tinymlp-row");
  let frame = 0, timer, waits = "after" in place.dataset;

  const get = (name) => {
    if (name === "tiles") return recording.tiles;
    if (name === "arrow_keys") return here.axis("t").places.length > 1;
    if (name === "covered") return waits;
    if (name === "frame") return frame;
    if (waits && name === "status") return "The recording opens when your prediction is locked, in the card above.";
    if (waits && name.startsWith("text_")) return "Covered until your prediction is locked.";
    return here.text(name);
  };
  const show = () => {
    frame += 1;
    shown.forEach((update) => update());
    listeners.forEach((listener) => listener());
    const { after } = place.dataset;
    if (after && !waits && recording.seen[here.number()])
      document.dispatchEvent(new CustomEvent("tinymlp:seen", { detail: { name: after } }));
  };
  const move = (name, to) => {
    if (waits || !here.axis(name)) return;
    here.move(name, to);
    show();
  };
  const stop = () => { clearInterval(timer); timer = undefined; };
  const step = (by) => { stop(); move("t", here.at.t + by); };
  const send = ({ go, picked }) => {
    if (go) step(go === "step" ? 1 : -1);
    else if (picked in recording.picks) move("chosen", recording.picks[picked]);
    else if (picked) told.textContent = "Choosing another weight was not recorded.";
  };
  const model = { get, send, on: (_, listener) => listeners.add(listener), off: (_, listener) => listeners.delete(listener) };

  function button(words, title, act, off = () => false) {
    const made = element(buttons, "button", "", { type: "button", title });
    made.addEventListener("click", act);
    shown.push(() => {
      made.textContent = typeof words === "string" ? words : words();
      made.disabled = waits || off();
    });
  }
  // A slider through the places of an axis, which says where it is.
  function slider(parent, name, words, said, last = () => here.axis(name).places.length - 1) {
    const row = element(parent, "label", "");
    const text = element(row, "span", "tinymlp-said");
    const range = element(row, "input", "", { type: "range", min: 0, step: 1, "aria-label": words });
    range.addEventListener("input", () => { stop(); move(name, Number(range.value)); });
    shown.push(() => {
      range.max = last();
      range.value = here.at[name];
      range.disabled = waits || last() === 0;
      text.textContent = said();
      range.setAttribute("aria-valuetext", said());
    });
  }
  function list(name, words) {
    const row = element(settings, "label", "");
    element(row, "span", "").textContent = words;
    const select = element(row, "select", "", { "aria-label": words });
    here.axis(name).places.forEach((place) => { element(select, "option", "").textContent = place; });
    select.addEventListener("change", () => move(name, select.selectedIndex));
    shown.push(() => {
      select.selectedIndex = here.at[name];
      select.disabled = waits;
    });
  }

  if (here.axis("t").places.length > 1) {
    const atEnd = () => here.at.t >= here.end;
    button("Back", "Go one iteration back (left arrow)", () => step(-1), () => here.at.t === 0);
    button("Step", "Take one step (right arrow)", () => step(1), atEnd);
    button("10 steps", "Take ten steps", () => step(10), atEnd);
    button(() => (timer ? "Pause" : "Play"), "Play the iterations one after the other, or stop", () => {
      if (timer) return stop(), show();
      timer = setInterval(() => {
        if (!place.isConnected || atEnd()) stop(), show();
        else move("t", here.at.t + 1);
      }, PACE);
      move("t", atEnd() ? 0 : here.at.t + 1);
    });
    slider(buttons, "t", "iteration t", () => `t = ${here.at.t} of ${here.end}`, () => here.end);
  }
  if (here.axis("stop")) {
    const { words, places } = here.axis("stop");
    slider(settings, "stop", words, () => `${words} = ${places[here.at.stop]}`);
  }
  if (here.axis("stage")) slider(settings, "stage", "stage", () => `stage ${here.axis("stage").places[here.at.stage]}`);
  if (here.axis("chosen")) list("chosen", "weight");
  if (here.axis("sample")) list("sample", "sample");
  const told = element(panel, "div", "tinymlp-unrecorded", { role: "status" });
  listeners.add(() => { told.textContent = ""; });

  const picture = element(panel, "div", "");
  shown.forEach((update) => update());
  render({ model, el: picture });
  if (recording.missing.length) {
    const off = element(panel, "fieldset", "tinymlp-off", { disabled: "" });
    element(off, "legend", "").textContent = "Not recorded; in the live panel only:";
    for (const words of recording.missing) element(off, "button", "", { type: "button" }).textContent = words;
  }
  const words = element(panel, "details", "");
  element(words, "summary", "").textContent = "In words";
  const text = element(words, "pre", "", { tabindex: 0, "aria-label": "The panel in words" });
  const say = () => { text.textContent = waits ? get("text_") : here.text("words"); };
  listeners.add(say);
  say();

  const keys = (event) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by || event.altKey || event.ctrlKey || event.metaKey || event.target.matches?.("input, select, pre")) return;
    event.preventDefault();
    step(by);
  };
  (place.hasAttribute("data-alone") ? document : place).addEventListener("keydown", keys);
  document.addEventListener("tinymlp:locked", ({ detail }) => {
    if (detail.name === place.dataset.after && waits) {
      waits = false;
      show();
    }
  });
}

for (const place of document.querySelectorAll(".tinymlp-recording")) {
  unpacked(place.querySelector("script"))
    .then((recording) => {
      place.querySelector(".tinymlp-loading")?.remove();
      play(place, recording);
      place.dataset.ready = "";
    })
    .catch((error) => {
      place.querySelector(".tinymlp-loading").textContent =
        `This recording needs a browser of 2023 or later (${error.name}). What it shows first, in words:\n` + place.dataset.words;
    });
}
