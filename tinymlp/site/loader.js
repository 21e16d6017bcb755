// How the kernel in the page gets its Pyodide: the site's own packages are added to Pyodide's list of packages, so that
// they load with it, at the same time, and an import in a lesson finds them. What `apart` names is loaded only when it
// is imported. The kernel gives the address of packages.json, which all other addresses are relative to.
"use strict";
self.loadPyodide = async (options) => {
  const here = options.lockFileURL;
  const read = async (url) => (await fetch(url)).json();
  const site = await read(here);
  const index = new URL(site.pyodide, here).href;
  const listed = read(index + "pyodide-lock.json");
  importScripts(index + "pyodide.js"); // it puts Pyodide's own loadPyodide in the place of this one
  const lock = await listed;
  for (const [name, entry] of Object.entries(site.packages))
    lock.packages[name] = { ...entry, file_name: new URL(entry.file_name, here).href };
  const needed = (name) => !site.apart.includes(name);
  for (const entry of Object.values(lock.packages)) entry.depends = entry.depends.filter(needed);
  return self.loadPyodide({
    ...options,
    indexURL: index,
    lockFileURL: URL.createObjectURL(new Blob([JSON.stringify(lock)])),
    packages: options.packages.filter(needed),
  });
};
