// What the site adds to JupyterLite's page, in a language that an old browser can read, as it has to say so: how far the
// loading is, the name of the open lesson in the address, and a lesson that is saved before it is out of sight.
"use strict";
(function () {
  const bar = document.getElementById("tinymlp-loading");
  const shown = bar.firstElementChild, spoken = bar.lastElementChild;
  let failed = false, counting;

  // What is shown changes with every megabyte; a screen reader is told of each new stage alone.
  function say(stage, details) {
    if (failed) return;
    shown.textContent = stage + (details || "");
    if (spoken.textContent !== stage) spoken.textContent = stage;
  }

  function fail(words) {
    if (failed) return;
    say(words);
    failed = true;
    clearInterval(counting);
    bar.className = "failed";
    const again = bar.appendChild(document.createElement("button"));
    again.textContent = "Reload the page";
    again.onclick = () => location.reload();
  }

  const lesson = /\.ipynb$/.test(new URL(location.href).searchParams.get("path"));
  const mega = (bytes) => Math.round(bytes / 1e6);
  const unreachable = () => navigator.onLine
    ? "The workbook could not be loaded: a part of it did not arrive. Reload the page to try again."
    : "The workbook could not be loaded: there is no network. Connect, then reload the page.";

  if (typeof WebAssembly !== "object" || typeof structuredClone !== "function" || typeof BroadcastChannel !== "function")
    return fail("This browser is too old for the workbook. Update it, or take a current Firefox, Chrome, Edge or Safari.");

  // A script of JupyterLite's that does not arrive is told to nobody else.
  const missed = (event) => event.target.tagName === "SCRIPT" && fail(unreachable());
  addEventListener("error", missed, true);

  counting = setInterval(() => {
    const bytes = performance.getEntriesByType("resource").reduce((sum, each) => sum + each.encodedBodySize, 0);
    say("Loading the workbook.", ` ${mega(bytes)} MB so far.`);
  }, 500);
  say("Loading the workbook.");

  // The kernel's worker says what it has loaded (see loader.js).
  const kernel = new BroadcastChannel("tinymlp");
  kernel.onmessage = ({ data }) => {
    if (data.lost) fail(unreachable());
    else if (data.error) fail("Python could not be started: " + data.error);
    else if (data.loaded < data.total)
      say("Loading Python, the first time only. You can read meanwhile.", ` ${mega(data.loaded)} of ${mega(data.total)} MB`);
    else say("Starting Python.");
  };

  function wait(ready, then) {
    if (ready()) then();
    else setTimeout(() => wait(ready, then), 200);
  }

  function ready() {
    if (failed) return;
    say("Python is ready.");
    kernel.close();
    setTimeout(() => bar.remove(), 3000);
  }

  function keep(path) {
    const address = new URL(location.href);
    if (path) address.searchParams.set("path", path);
    history.replaceState(history.state, "", address);
  }

  function settle(app) {
    clearInterval(counting);
    removeEventListener("error", missed, true);
    const { shell, commands } = app;
    // JupyterLite takes the lesson's name out of the address and opens the list of files: a reload would lose the lesson,
    // and a panel needs the room.
    shell.currentPathChanged.connect((_, { newValue }) => setTimeout(() => keep(newValue)));
    const close = (_, { id, result }) => {
      if (id !== "docmanager:show-in-file-browser") return;
      commands.commandExecuted.disconnect(close);
      result.then(() => shell.collapseLeft());
    };
    commands.commandExecuted.connect(close);
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) return; // a tablet may throw the page away now, and asks nobody
      for (const { context } of shell.widgets("main")) if (context && context.model.dirty) context.save();
    });
    // JupyterLite's kernel never answers the question which widgets it has, and those saved in a lesson would wait for the
    // answer and not be shown. It is asked of new kernels alone, and these have none.
    const { kernels } = app.serviceManager;
    const connect = kernels.connectTo.bind(kernels);
    kernels.connectTo = (options) =>
      Object.assign(connect(options), { requestCommInfo: async () => ({ content: { status: "ok", comms: {} } }) });
    const status = () => {
      const session = shell.currentWidget && shell.currentWidget.sessionContext && shell.currentWidget.sessionContext.session;
      return session && session.kernel && session.kernel.status;
    };
    if (lesson) wait(() => status() === "idle", ready);
    else app.restored.then(() => bar.remove());
  }

  wait(() => window.jupyterapp && window.jupyterapp.shell, () => settle(window.jupyterapp));
})();
