// One screen of a class room. It is complete without this script; with it, it follows by itself.
(() => {
  "use strict";
  const main = document.getElementById("screen");
  const said = document.getElementById("said");
  const away = document.getElementById("away");
  const role = main.dataset.role;
  const news = main.dataset.news;
  const here = location.pathname + location.search;
  const QUICK = 2000, PATIENCE = 25000;
  let shown = main.innerHTML, heard = Date.now(), source = null, until = 0, waiting = null, asking = false;

  const key = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return btoa(String.fromCharCode(...bytes)).replace(/[+]/g, "-").replace(/[/]/g, "_").replace(/=/g, "");
  };

  // -- what is shown ---------------------------------------------------------------------------
  const clock = () => {
    const at = main.querySelector(".clock");
    until = at ? Date.now() + 1000 * Number(at.dataset.left) : 0;
    tick();
  };
  const tick = () => {
    const at = main.querySelector(".clock");
    if (!at || !until) return;
    const left = Math.max(0, Math.round((until - Date.now()) / 1000));
    const text = Math.floor(left / 60) + ":" + String(left % 60).padStart(2, "0");
    if (at.textContent !== text) at.textContent = text;
  };
  const show = (html) => {
    heard = Date.now();
    away.hidden = true;
    if (html === shown) return;
    const before = heading();
    const focus = document.activeElement && main.contains(document.activeElement) ? document.activeElement.id : "";
    const typed = new Map([...main.querySelectorAll("input[type=text], input:not([type])")].map((one) => [one.name, one.value]));
    const open = [...main.querySelectorAll("details[open]")].map((one) => one.id);
    shown = html;
    main.innerHTML = html;
    for (const one of main.querySelectorAll("details")) if (open.includes(one.id)) one.open = true;
    for (const one of main.querySelectorAll("input[type=text], input:not([type])")) if (typed.has(one.name)) one.value = typed.get(one.name);
    const again = focus && document.getElementById(focus);
    if (again) again.focus({ preventScroll: true });
    clock();
    // One announcement a change, of what is the heading now.
    if (heading() !== before) {
      said.className = "";
      said.textContent = role === "phone" ? heading() : "";
      if (!again && role === "phone") scrollTo(0, 0);
    }
  };
  const heading = () => (main.querySelector("h1") || main).textContent.trim();

  const over = () => location.replace(news.replace(/[/]room[/].*/, "/room?over=1&lang=" + document.documentElement.lang));

  // -- what is new -----------------------------------------------------------------------------
  const ask = async () => {
    if (asking || !news) return;
    asking = true;
    try {
      const answer = await fetch(news.replace("/news", "/screen"), { headers: { "X-Room": "1" }, cache: "no-store" });
      if (answer.status === 404) { over(); return; }
      if (answer.status === 403) { location.reload(); return; }
      if (answer.ok) show(await answer.text());
    } catch {
      away.hidden = false;
    } finally {
      asking = false;
    }
  };
  const listen = () => {
    if (!news || !window.EventSource || (source && source.readyState !== 2)) return;
    source = new EventSource(news);
    source.addEventListener("screen", (event) => show(event.data));
    source.addEventListener("beat", () => { heard = Date.now(); away.hidden = true; });
    source.addEventListener("gone", (event) => { source.close(); if (event.data === "room") over(); else location.reload(); });
  };
  if (news) {
    listen();
    setInterval(() => {
      const lost = !source || source.readyState !== 1 || Date.now() - heard > PATIENCE;
      if (lost) { ask(); listen(); }
    }, QUICK);
    document.addEventListener("visibilitychange", () => { if (!document.hidden) { ask(); listen(); } });
    addEventListener("online", () => { ask(); listen(); });
    addEventListener("pageshow", (event) => { if (event.persisted) { ask(); listen(); } });
  }
  setInterval(tick, 250);
  clock();

  // -- what is done ----------------------------------------------------------------------------
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (form.method !== "post" || !form.closest("#screen") || form.dataset.plain !== undefined) return;
    event.preventDefault();
    if (waiting) return;
    const body = new URLSearchParams(new FormData(form));
    const button = event.submitter;
    if (button && button.name) body.set(button.name, button.value);
    // Made here and once: however often it is sent, it is one act.
    body.set("key", key());
    waiting = body;
    said.textContent = "";
    for (const one of form.querySelectorAll("button")) one.disabled = true;
    for (let tries = 0; waiting === body; tries += 1) {
      try {
        const answer = await fetch(here, { method: "POST", body, headers: { "X-Room": "1" }, credentials: "same-origin" });
        if (answer.status >= 500 && tries < 30) throw new Error(String(answer.status));
        const text = await answer.text();
        waiting = null;
        if (answer.status === 410) { over(); return; }
        if (answer.status === 205) { location.reload(); return; }
        if (answer.ok) {
          if (news) show(text); else location.reload();
        } else {
          said.textContent = text;
          said.className = "problem";
          await ask();
          said.textContent = text;
        }
      } catch {
        away.hidden = false;
        await new Promise((again) => setTimeout(again, 1500));
      }
    }
    for (const one of form.querySelectorAll("button")) one.disabled = false;
  });

  // The teacher's key stands behind the # and is never sent as part of an address.
  if (role === "lead" && location.hash.length > 1 && main.dataset.open === undefined) {
    const lead = location.hash.slice(1);
    if (!main.querySelector("#steps")) {
      fetch(location.pathname + "/open", { method: "POST", body: new URLSearchParams({ key: lead }), credentials: "same-origin" })
        .then((answer) => { if (answer.ok) location.reload(); });
    }
  }
  // A wall does not fall asleep.
  const awake = async () => {
    try { await navigator.wakeLock.request("screen"); } catch { /* where there is none, none */ }
  };
  if (role !== "phone" && navigator.wakeLock) {
    awake();
    document.addEventListener("visibilitychange", () => { if (!document.hidden) awake(); });
  }
})();
