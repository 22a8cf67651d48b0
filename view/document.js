// Keeps the document in step with the app, which can only reach inside itself:
// the first paint goes when the page is there, or when Streamlit has something to
// say in its place, and <html lang> follows the language switch.
"use strict";
(() => {
  const html = document.documentElement;
  const ready = ".wp-ready, [role=dialog], [data-testid=stException], [data-testid=stAlert]";
  const root = document.getElementById("root");
  // Streamlit's own scripts wait for this name to exist.
  window.prerenderReady = false;
  const look = () => {
    const first = document.getElementById("first-paint");
    if (first && root.querySelector(ready)) first.remove();
    const lang = root.querySelector(".wp-ready[lang]")?.lang;
    if (lang && html.lang !== lang) html.lang = lang;
  };
  new MutationObserver(look).observe(root, {
    attributeFilter: ["lang"],
    childList: true,
    subtree: true,
  });
})();
