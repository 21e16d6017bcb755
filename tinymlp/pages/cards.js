// Predictions on a page without a kernel: choose, lock, look, and only then the truth. Guesses are kept in this browser.
(() => {
  const KEPT = "tinymlp prediction ";
  const answers = {};

  const say = (kind, name) => document.dispatchEvent(new CustomEvent(`tinymlp:${kind}`, { detail: { name } }));

  // A browser may let a page keep nothing: then a guess lasts as long as the page.
  const memory = {};
  function read(name) {
    try {
      const kept = JSON.parse(memory[name] ?? localStorage.getItem(KEPT + name)) ?? {};
      return kept.question === answers[name].question ? kept : {};
    } catch {
      return {};
    }
  }
  function keep(name, state) {
    memory[name] = JSON.stringify({ question: answers[name].question, ...state });
    try {
      localStorage.setItem(KEPT + name, memory[name]);
    } catch {}
  }

  function list(lines) {
    const made = document.createElement("ul");
    for (const line of lines) made.appendChild(document.createElement("li")).textContent = line;
    return made;
  }

  // Let a list of choices show which one was taken, and take no other.
  function settle(fieldset, guess) {
    for (const choice of fieldset?.querySelectorAll("input") ?? []) {
      choice.disabled = guess !== undefined;
      choice.checked = choice.value === guess;
    }
  }

  function begin(card) {
    const name = card.dataset.name, answer = answers[name];
    const [fieldset, outcome, why] = ["fieldset", ".tinymlp-outcome", ".tinymlp-why"].map((part) => card.querySelector(part));
    const button = (act) => card.querySelector(`[data-do=${act}]`);
    const chosen = (from) => from.querySelector("input:checked")?.value;
    const isTold = ({ guess, told }) => guess !== undefined && (told || !answer.do);

    function showWhy(state) {
      why.hidden = !answer.why || !isTold(state);
      why.replaceChildren();
      if (why.hidden) return;
      why.innerHTML = answer.why.asked;
      settle(why.querySelector("fieldset"), state.why);
      if (state.why !== undefined) return why.append(list(answer.why.reasons));
      const ask = why.appendChild(document.createElement("button"));
      ask.type = "button";
      ask.textContent = "Answer";
      ask.addEventListener("click", () => {
        const reason = chosen(why);
        if (reason === undefined) return;
        keep(name, { ...read(name), why: reason });
        show();
        why.querySelector("ul").scrollIntoView({ block: "nearest" });
      });
    }

    function show(state = read(name)) {
      const locked = state.guess !== undefined, told = isTold(state);
      settle(fieldset, state.guess);
      button("lock").disabled = locked;
      button("tell").disabled = !locked || told;
      button("again").disabled = !locked;
      outcome.replaceChildren();
      if (locked) outcome.appendChild(document.createElement("b")).textContent = answer[told ? "told" : "locked"][state.guess];
      if (told && answer.reasons.length) outcome.append(list(answer.reasons));
      showWhy(state);
    }

    // Room for what is told is kept from the lock on, so that the panel below does not jump when the card tells.
    function showLocked() {
      const state = read(name);
      show({ ...state, told: true });
      card.style.minHeight = `${card.offsetHeight}px`;
      show();
    }

    button("lock").addEventListener("click", () => {
      const guess = fieldset ? chosen(fieldset) : "";
      if (guess === undefined) {
        outcome.textContent = "Choose an answer first.";
        return;
      }
      if (read(name).guess === undefined) keep(name, { guess }); // another tab may have locked one meanwhile
      showLocked();
      say("locked", name);
    });
    button("tell").addEventListener("click", () => {
      keep(name, { ...read(name), told: true });
      show();
    });
    button("again").addEventListener("click", () => {
      keep(name, {});
      card.style.minHeight = "";
      show();
    });
    document.addEventListener("tinymlp:seen", ({ detail }) => {
      const state = read(name);
      if (detail.name !== name || state.guess === undefined || isTold(state)) return;
      keep(name, { ...state, told: true });
      show();
    });
    card.querySelector(".tinymlp-buttons").hidden = false;
    if (read(name).guess === undefined) show();
    else showLocked();
  }

  // A recording hears that its guess is locked from the moment on at which it is unpacked.
  function open(recording) {
    const { after } = recording.dataset;
    if (after in answers && read(after).guess !== undefined) say("locked", after);
  }

  document.addEventListener("DOMContentLoaded", () => {
    for (const data of document.querySelectorAll(".tinymlp-answers")) Object.assign(answers, JSON.parse(data.textContent));
    document.querySelectorAll(".tinymlp-card[data-name]").forEach(begin);
    document.querySelectorAll(".tinymlp-recording[data-ready]").forEach(open);
    new MutationObserver((changes) => changes.forEach(({ target }) => open(target)))
      .observe(document.body, { subtree: true, attributeFilter: ["data-ready"] });
  });
})();
