// Presenting: the panel fills the window as it stands, so that neither its run nor the focus is lost.

const USUAL = 14; // pixels: the letters of a picture at its own size
const GAP = 14;
const KEYS = { ArrowRight: "step", ArrowLeft: "back", PageDown: "step", PageUp: "back" }; // the last two: a presenter's remote
const OWN_ARROWS = ".tinymlp-points, textarea, input[type=text]";

function button(parent, word, act) {
  const made = parent.appendChild(document.createElement("button"));
  made.type = "button";
  made.className = "jupyter-button widget-button";
  made.textContent = word;
  made.addEventListener("click", act);
  return made;
}

function render({ model, el }) {
  el.classList.add("tinymlp-presenter");
  const present = button(el, "Present", () => (on ? leave() : enter()));
  const reveal = button(el, "Reveal", () => set("revealed", !model.get("revealed")));
  const bare = button(el, "Hide controls", () => strip(!root.classList.contains("tinymlp-bare")));
  const row = el.appendChild(document.createElement("div"));
  row.className = "tinymlp-pictures";
  row.setAttribute("role", "group");
  row.setAttribute("aria-label", "Pictures shown");
  const words = model.get("pictures").map(({ name }, n) => button(row, name.replaceAll("_", " "), () => { first = n; lay(); }));
  const spoken = el.appendChild(document.createElement("div"));
  spoken.className = "tinymlp-spoken";
  spoken.setAttribute("role", "status");
  present.title = "Fill the window with this panel, in large letters";
  reveal.title = "Show what is hidden: the answer, and what comes next";
  reveal.hidden = bare.hidden = row.hidden = true;

  let on = false, first = 0, root;
  const steps = model.get("arrow_keys");

  function set(name, value) {
    model.set(name, value);
    model.save_changes();
  }

  // How many times its usual size a group of pictures can be, side by side or one below the other.
  function scale(group, { width, height }) {
    const sum = (side) => group.reduce((all, tile) => all + tile[side], 0), most = (side) => Math.max(...group.map((tile) => tile[side]));
    const gaps = GAP * (group.length - 1);
    const row = Math.min((width - gaps) / sum("width"), height / most("height"));
    return Math.max(row, Math.min(width / most("width"), (height - gaps) / sum("height")));
  }

  // Show as many pictures as can be large, from the chosen one on; one at least.
  function lay() {
    const picture = root?.querySelector(".tinymlp-picture");
    if (!on || !picture) return;
    const all = model.get("pictures"), room = { width: picture.clientWidth - 16, height: picture.clientHeight - 8 };
    const from = (count) => Math.min(first, all.length - count), group = (count) => all.slice(from(count), from(count) + count);
    const big = parseFloat(getComputedStyle(root).fontSize) / USUAL; // the pictures' letters are to be as large as others
    let count = all.length;
    while (count > 1 && (group(count).some((tile) => tile.table) || scale(group(count), room) < big)) count -= 1;
    const shown = group(count);
    picture.style.setProperty("--scale", scale(shown, room) * 0.995);
    all.forEach((tile, n) => {
      const place = picture.querySelector(`[data-view="${tile.name}"]`), seen = shown.includes(tile);
      place?.classList.toggle("tinymlp-unseen", !seen);
      place?.classList.toggle("tinymlp-hides", tile.answers);
      words[n].setAttribute("aria-pressed", seen);
      words[n].classList.toggle("mod-active", seen);
    });
    row.hidden = count === all.length;
  }

  // Give the controls' room to the pictures, or give it back.
  function strip(whether) {
    root.classList.toggle("tinymlp-bare", whether);
    bare.textContent = whether ? "Show controls" : "Hide controls";
    lay();
  }

  function conceal() {
    const shows = model.get("revealed");
    root?.classList.toggle("tinymlp-concealed", on && !shows);
    reveal.textContent = shows ? "Hide" : "Reveal";
    if (on) spoken.textContent = shows ? "Revealed." : model.get("hides") ? "Answers are hidden." : "";
  }

  function enter() {
    root = el.closest(".tinymlp-panel");
    if (!root || document.querySelector(".tinymlp-presenting")) return;
    const focused = document.activeElement;
    root.parentElement.style.minHeight = `${root.offsetHeight}px`; // the page behind stays as long as it was
    on = true;
    root.classList.add("tinymlp-presenting");
    // The top layer of the page is not cut by what stands around the panel. An older browser does without it.
    if (root.showPopover) {
      root.popover = "manual";
      root.showPopover();
    }
    for (const [name, value] of [["role", "dialog"], ["aria-modal", "true"], ["aria-label", "Presenting a panel"], ["tabindex", "-1"], ["data-lm-suppress-shortcuts", "true"]]) root.setAttribute(name, value);
    present.textContent = "Leave";
    present.title = "Leave this view (Escape)";
    bare.hidden = false;
    reveal.hidden = !model.get("hides");
    set("presenting", true);
    conceal();
    lay();
    focused?.focus({ preventScroll: true });
    spoken.textContent = `Presenting.${steps ? " Right arrow: step. Left arrow: back." : ""} Escape: leave.${model.get("hides") ? " Answers are hidden." : ""}`;
    window.addEventListener("keydown", key, true);
    window.addEventListener("resize", lay);
    document.addEventListener("focusin", stay);
  }

  function leave() {
    if (!on) return;
    on = false;
    const focused = document.activeElement;
    window.removeEventListener("keydown", key, true);
    window.removeEventListener("resize", lay);
    document.removeEventListener("focusin", stay);
    if (root.popover) root.hidePopover();
    for (const name of ["popover", "role", "aria-modal", "aria-label", "tabindex", "data-lm-suppress-shortcuts"]) root.removeAttribute(name);
    strip(false);
    root.classList.remove("tinymlp-presenting", "tinymlp-concealed");
    root.parentElement.style.minHeight = "";
    present.textContent = "Present";
    present.title = "Fill the window with this panel, in large letters";
    reveal.hidden = bare.hidden = row.hidden = true;
    set("presenting", false);
    const kept = root.contains(focused) && focused !== root && focused.checkVisibility?.() !== false;
    (kept ? focused : present).focus({ preventScroll: true });
    spoken.textContent = "No longer presenting.";
  }

  function stops() {
    const all = root.querySelectorAll("button, input, select, textarea, a[href], [tabindex='0']");
    return [...all].filter((each) => !each.disabled && each.getClientRects().length && getComputedStyle(each).visibility === "visible");
  }

  // The page behind is out of reach: the focus goes round within the panel.
  function stay({ target }) {
    if (!root.contains(target)) present.focus();
  }

  function key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const take = () => { event.preventDefault(); event.stopImmediatePropagation(); };
    const inside = root.contains(event.target), go = steps && KEYS[event.key];
    if (event.key === "Escape") {
      take();
      leave();
    } else if (go && !(event.key.startsWith("Arrow") && inside && event.target.closest(OWN_ARROWS))) {
      take();
      model.send({ go });
    } else if (event.key === "Tab") {
      const all = stops(), at = all.indexOf(document.activeElement), back = event.shiftKey;
      if (inside && at >= 0 && at !== (back ? 0 : all.length - 1)) return;
      take();
      all.at(back ? -1 : 0)?.focus();
    } else if (!inside) event.stopImmediatePropagation(); // Jupyter would take it for a command
  }

  model.on("change:revealed", conceal);
  const arrive = () => {
    if (!el.isConnected || !el.closest(".tinymlp-panel")?.querySelector(".tinymlp-picture[data-frame]")) return requestAnimationFrame(arrive);
    if (!el.closest(".jupyter-widgets-disconnected")) enter();
  };
  if (model.get("presenting")) set("presenting", false); // of a page that was loaded anew
  if (model.get("opens")) {
    set("opens", false);
    arrive();
  }
  return () => {
    model.off("change:revealed", conceal);
    leave();
  };
}

export default { render };
