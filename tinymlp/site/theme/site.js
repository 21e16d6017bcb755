// What the theme leaves to us.
(() => {
  // Its switch is also that of our panels and cards.
  const dark = matchMedia("(prefers-color-scheme: dark)");
  function follow() {
    const { theme } = document.body.dataset;
    const isDark = theme === "dark" || (theme !== "light" && dark.matches);
    document.documentElement.setAttribute("data-jp-theme-light", !isDark);
  }

  // What is wider than its place can be scrolled with the keyboard as well.
  function reach() {
    for (const wide of document.querySelectorAll("article :is(pre, .tinymlp-table, .tinymlp-grid, .table-wrapper, div.math)"))
      if (wide.scrollWidth > wide.clientWidth) wide.tabIndex = 0;
  }

  document.addEventListener("DOMContentLoaded", () => {
    new MutationObserver(follow).observe(document.body, { attributeFilter: ["data-theme"] });
    dark.addEventListener("change", follow);
    follow();
    window.addEventListener("resize", reach);
    reach();
  });
})();
