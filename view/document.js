// Keeps the document in step with the app, which can only reach inside itself:
// the first paint goes when the page is there, with its finding if the first paint
// has one, or when Streamlit has something to say in its place, and <html lang>
// follows the language switch.
"use strict";
(() => {
  const html = document.documentElement;
  const ready = ".wp-ready, [data-testid=stAlert]";
  const instead = "[role=dialog], [data-testid=stException]";
  const patience = 8000; // ms after which a page without its finding is better than none
  const root = document.getElementById("root");
  let since = null;
  // Streamlit's own scripts wait for this name to exist.
  window.prerenderReady = false;
  const look = () => {
    const first = document.getElementById("first-paint");
    if (first) {
      if (since === null && root.querySelector(ready)) {
        since = performance.now();
        setTimeout(look, patience + 100);
      }
      const whole = !first.querySelector(".wp-finding") || root.querySelector(".wp-finding");
      const late = since !== null && performance.now() - since > patience;
      if ((since !== null && (whole || late)) || root.querySelector(instead)) first.remove();
    }
    const lang = root.querySelector(".wp-ready[lang]")?.lang;
    if (lang && html.lang !== lang) html.lang = lang;
  };
  new MutationObserver(look).observe(root, {
    attributeFilter: ["lang"],
    childList: true,
    subtree: true,
  });
  // The way to the stock sliders keeps what the address says.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.(".wp-live-late a");
    if (!link) return;
    event.preventDefault();
    const there = new URL(location.href);
    there.searchParams.set("knobs", "plain");
    location.assign(there);
  });
})();
