// What our widgets need of the page around them. Each panel, card and table has one minder, which is not seen.
const OURS = ".tinymlp";

// Once for the whole page, for what the stock widgets leave out: each slider and button of ours gets the name that its
// field or its label has, a button that stays down says so, keys in a list stay there, and a decimal comma, which a
// number field would drop, is typed as a point.
function mend() {
  if (document.documentElement.dataset.tinymlp) return;
  document.documentElement.dataset.tinymlp = "mended";
  const name = () => {
    for (const handle of document.querySelectorAll(".noUi-handle:not([aria-label])")) {
      const labels = handle.closest(OURS) && handle.closest(".widget-slider").parentElement.querySelectorAll("label");
      const words = labels && [...labels].map((label) => label.textContent.trim()).filter(Boolean);
      if (words?.length) handle.setAttribute("aria-label", words.at(-1));
    }
    for (const play of document.querySelectorAll(".widget-play")) {
      const words = ["Play", "Stop"];
      if (play.closest(OURS)) [...play.querySelectorAll("button")].forEach((button, n) => button.setAttribute("aria-label", words[n]));
    }
    // Else an arrow key in a list would go to the next cell, and a letter be one of the notebook's shortcuts.
    for (const list of document.querySelectorAll(`${OURS} select:not([data-lm-suppress-shortcuts])`)) list.dataset.lmSuppressShortcuts = "";
    for (const toggle of document.querySelectorAll(`${OURS} .widget-toggle-button:not([aria-pressed])`)) {
      const say = () => toggle.setAttribute("aria-pressed", toggle.classList.contains("mod-active"));
      say();
      new MutationObserver(say).observe(toggle, { attributeFilter: ["class"] });
    }
  };
  let asked;
  new MutationObserver(() => {
    asked ??= setTimeout(() => { asked = undefined; name(); }, 200);
  }).observe(document.body, { childList: true, subtree: true });
  document.addEventListener("beforeinput", (event) => {
    if (event.target.type !== "number" || !event.target.closest(OURS) || !event.data?.includes(",")) return;
    event.preventDefault();
    document.execCommand("insertText", false, event.data.replace(",", "."));
  });
}

// Shift + Enter goes on to the next cell and centres that one before the output is there, so that a tall output ends up
// above the window. Here it is brought back, and held in sight while it grows, until the learner does something.
function bringIntoSight(ours) {
  const cell = ours.closest(".jp-Cell"), scroller = cell?.closest(".jp-WindowedPanel-outer");
  if (!scroller || cell.querySelector(OURS) !== ours) return;
  const active = cell.parentElement.querySelector(":scope > .jp-mod-active");
  if (active !== cell && active !== cell.nextElementSibling) return; // run with many others, or long ago
  const MARGIN = 8;
  const move = () => {
    const [box, sight] = [ours.getBoundingClientRect(), scroller.getBoundingClientRect()];
    const above = box.top - sight.top - MARGIN, below = box.bottom - sight.bottom + MARGIN;
    if (above < 0 || below > above) scroller.scrollTop += above;
    else if (below > 0) scroller.scrollTop += below;
  };
  const grown = new ResizeObserver(move);
  const leave = () => {
    grown.disconnect();
    for (const kind of ["wheel", "pointerdown", "keydown"]) window.removeEventListener(kind, leave, true);
  };
  for (const kind of ["wheel", "pointerdown", "keydown"]) window.addEventListener(kind, leave, true);
  grown.observe(ours);
  setTimeout(leave, 3000);
}

function render({ model, el }) {
  mend();
  let left = false;
  const STALE = "jupyter-widgets-disconnected"; // set by Jupyter as well, for a kernel that restarts
  const arrive = () => {
    if (left) return;
    const ours = el.isConnected && el.closest(OURS);
    if (!ours) requestAnimationFrame(arrive);
    else if (!ours.classList.contains(STALE)) bringIntoSight(ours);
  };
  arrive();
  const kernel = model.widget_manager?.kernel;
  const stop = () => el.closest(OURS)?.classList.add(STALE);
  const watch = (_, state) => state === "dead" && stop();
  kernel?.statusChanged?.connect(watch);
  kernel?.disposed?.connect(stop); // it was shut down
  return () => {
    left = true;
    kernel?.statusChanged?.disconnect(watch);
    kernel?.disposed?.disconnect(stop);
  };
}

export default { render };
