// How the kernel in the page gets its Pyodide: the site's own packages are added to Pyodide's list of packages, so that
// they load with it, at the same time, and an import in a lesson finds them. What `apart` names is loaded only when it
// is imported. The kernel gives the address of packages.json, which all other addresses are relative to.
// What arrives is counted and told to the page, which says it (see page.js).
"use strict";
const page = new BroadcastChannel("tinymlp");

// Count what each answer brings while whoever asked for it reads it, out of `total` bytes. Pyodide goes on without a
// package that did not arrive: the page is told of it here.
function count(total) {
  const fetched = self.fetch;
  let loaded = 0;
  const lost = () => page.postMessage({ lost: true });
  const follow = async (reader) => {
    for (let part; !(part = await reader.read()).done; ) {
      loaded += part.value.length;
      page.postMessage({ loaded, total });
    }
  };
  self.fetch = async (...request) => {
    const asked = fetched(...request);
    asked.then((response) => response.ok ? follow(response.clone().body.getReader()) : lost()).catch(lost);
    return asked;
  };
  return () => { self.fetch = fetched; };
}

async function load(options) {
  const here = options.lockFileURL;
  const read = async (url) => (await fetch(url)).json();
  const site = await read(here);
  const stop = count(site.bytes);
  const index = new URL(site.pyodide, here).href;
  const listed = read(index + "pyodide-lock.json");
  importScripts(index + "pyodide.js"); // it puts Pyodide's own loadPyodide in the place of this one
  const lock = await listed;
  for (const [name, entry] of Object.entries(site.packages))
    lock.packages[name] = { ...entry, file_name: new URL(entry.file_name, here).href };
  const needed = (name) => !site.apart.includes(name);
  for (const entry of Object.values(lock.packages)) entry.depends = entry.depends.filter(needed);
  const pyodide = await self.loadPyodide({
    ...options,
    indexURL: index,
    lockFileURL: URL.createObjectURL(new Blob([JSON.stringify(lock)])),
    packages: options.packages.filter(needed),
  });
  stop();
  page.postMessage({ loaded: site.bytes, total: site.bytes });
  return pyodide;
}

self.loadPyodide = async (options) => {
  try {
    return await load(options);
  } catch (error) {
    page.postMessage(error.name === "NetworkError" ? { lost: true } : { error: String(error.message || error) });
    throw error;
  }
};
