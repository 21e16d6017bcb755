// The picture of a panel: tiles of two layers each. Frames come from the kernel; clicks and arrow keys go back.

function element(parent, tag, className, attributes = {}) {
  const made = parent.appendChild(document.createElement(tag));
  made.className = className;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

function render({ model, el }) {
  const alarm = element(el, "div", "tinymlp-alarm");
  const status = element(el, "div", "tinymlp-status");
  const root = element(el, "div", "tinymlp-picture", { tabindex: 0, role: "group", "data-lm-suppress-shortcuts": true });
  const keys = model.get("arrow_keys") ? { ArrowRight: "step", ArrowLeft: "back" } : {};
  const hint = model.get("arrow_keys") ? " Right arrow: step. Left arrow: back." : "";
  root.setAttribute("aria-label", `Picture of the run.${hint}`);
  const spoken = element(el, "div", "tinymlp-spoken", { role: "status", "aria-live": "polite" });
  const tiles = {}, leaving = [];
  for (const { name, width, height, table, points } of model.get("tiles")) {
    const tile = element(root, "div", "tinymlp-tile", { "data-view": name, style: `--width:${width}px;--ratio:${width}/${height}` });
    const kind = table ? ["tinymlp-table", {}] : ["tinymlp-figure", { role: "img", style: `aspect-ratio:${width}/${height}` }];
    const figure = element(tile, "div", ...kind);
    const note = element(tile, "div", "tinymlp-note", { role: "alert" });
    tiles[name] = { figure, note, lower: element(figure, "div", "tinymlp-lower"), upper: element(figure, "div", "tinymlp-upper") };
    if (points) point(figure, name);
  }

  // What follows the pointer goes one message at a time: the next one, the newest there is, when the frame that answers
  // the last was painted.
  function follow() {
    let latest, busy = false;
    const send = () => {
      if (busy || !latest) return;
      busy = true;
      model.send(latest);
      latest = undefined;
    };
    const free = () => requestAnimationFrame(() => { busy = false; send(); });
    model.on("change:frame", free);
    leaving.push(() => model.off("change:frame", free));
    return (message) => {
      latest = message;
      send();
      setTimeout(free, 200); // what changes nothing brings no frame
    };
  }

  // A place that is clicked, dragged over or reached by arrow keys.
  function point(figure, tile) {
    const tell = follow();
    const place = (event, end) => {
      const box = figure.getBoundingClientRect();
      const [x, y] = [(event.clientX - box.left) / box.width, 1 - (event.clientY - box.top) / box.height];
      tell({ pointed: { tile, x, y, end } });
    };
    figure.classList.add("tinymlp-points");
    figure.setAttribute("role", "application");
    figure.tabIndex = 0;
    figure.dataset.lmSuppressShortcuts = true; // some JupyterLabs take the arrows up and down from whatever has the focus
    figure.addEventListener("pointerdown", (event) => {
      if (event.target.closest('[id^="pick-"]')) return;
      figure.setPointerCapture(event.pointerId);
      place(event, false);
    });
    figure.addEventListener("pointermove", (event) => figure.hasPointerCapture(event.pointerId) && place(event, false));
    figure.addEventListener("pointerup", (event) => figure.hasPointerCapture(event.pointerId) && place(event, true));
    figure.addEventListener("keydown", (event) => {
      const [right, up] = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key] ?? [];
      if (right === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      event.stopPropagation();
      model.send({ nudged: { tile, right, up } });
    });
  }

  // What the pointer or the focus is over.
  function hover() {
    const tell = follow();
    let over = "";
    const look = (target) => {
      const gid = target?.closest('[id^="pick-"]')?.id ?? "";
      if (gid === over) return;
      over = gid;
      tell({ hovered: gid });
    };
    for (const kind of ["pointerover", "focusin"]) root.addEventListener(kind, (event) => look(event.target));
    for (const kind of ["pointerleave", "focusout"]) root.addEventListener(kind, () => look(null));
  }
  if (model.get("tiles").some((tile) => tile.hovers)) hover();

  let settled, moving = false;
  const speak = () => {
    moving = false;
    root.classList.remove("tinymlp-quick");
    for (const [name, { figure }] of Object.entries(tiles)) figure.setAttribute("aria-label", model.get(`text_${name}`));
    spoken.textContent = `${model.get("alarm")} ${model.get("status")}`;
  };
  const paint = () => {
    for (const [name, tile] of Object.entries(tiles)) {
      for (const layer of ["lower", "upper"]) {
        const place = tile[layer], drawn = model.get(`${layer}_${name}`);
        if (place.drawn !== drawn) place.innerHTML = place.drawn = drawn;
      }
      tile.note.textContent = model.get(`note_${name}`);
    }
    status.textContent = model.get("status");
    alarm.textContent = model.get("alarm");
    alarm.hidden = !model.get("alarm");
    root.classList.toggle("tinymlp-covered", model.get("covered"));
    root.dataset.frame = model.get("frame");
    clearTimeout(settled);
    root.classList.toggle("tinymlp-quick", moving); // frame follows frame
    moving = true;
    if (settled === undefined) speak();
    settled = setTimeout(speak, 600);
    // The frame is on the screen once the browser has finished painting; several may have come before it did.
    if (!reported) requestAnimationFrame(() => setTimeout(report));
    reported = true;
  };
  let reported = false;
  const report = () => {
    reported = false;
    model.send({ painted: model.get("frame") });
  };
  model.on("change:frame", paint);

  root.addEventListener("click", (event) => {
    const picked = event.target.closest('[id^="pick-"]');
    if (picked) model.send({ picked: picked.id });
  });
  root.addEventListener("keydown", (event) => {
    const go = keys[event.key];
    if (!go || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    model.send({ go });
  });

  model.send({ ready: true });
  paint();
  return () => {
    model.off("change:frame", paint);
    leaving.forEach((leave) => leave());
    model.send({ gone: true });
    clearTimeout(settled);
  };
}

export default { render };
