// Keeps the document in step with the app, which can only reach inside itself:
// the first paint goes when the page is there, with its finding if the first paint
// has one, or when Streamlit has something to say in its place, and <html lang>
// follows the language switch. When the connection is lost, one sentence says so; when
// it is back, the page is drawn from its address again, since the server that answers
// may be another one than before, and another sentence says that there was a break.
"use strict";
(() => {
  const html = document.documentElement;
  const ready = ".wp-ready, [data-testid=stAlert]";
  const instead = "[role=dialog], [data-testid=stException]";
  const patience = 8000; // ms after which a page without its finding is better than none
  const root = document.getElementById("root");
  let since = null;
  const paint = document.getElementById("first-paint");
  // What a form gave stands in the address as the page itself writes it (view/check/unscripted.py).
  if (paint.dataset.address) history.replaceState(history.state, "", paint.dataset.address);
  // Whoever types into a form goes on with it: the page waits until it is sent.
  const hold = () => {
    paint.dataset.held = "";
    root.inert = true;
  };
  if ("held" in paint.dataset) hold();
  for (const kind of ["input", "focusin"]) {
    paint.addEventListener(kind, ({ target }) => target.closest("form") && hold());
  }
  // Loading is told of where the scripts can run, and no longer once one of them has failed.
  const loading = paint.querySelector(".wp-loading");
  if (loading && "noModule" in HTMLScriptElement.prototype) {
    loading.hidden = false;
    const failed = ({ target }) => {
      const ours = target === window || target.tagName === "SCRIPT";
      if (ours && paint.isConnected && since === null) loading.hidden = true;
    };
    addEventListener("error", failed, true);
  }
  // Streamlit's own scripts wait for this name to exist.
  window.prerenderReady = false;
  const away = document.getElementById("wp-away");
  const say = (what) => {
    away.textContent =
      away.getAttribute(`data-${what}-${html.lang}`) || away.getAttribute(`data-${what}-en`);
    away.hidden = false;
  };
  let connected = false;
  let lost = false;
  let waiting = 0;
  const connection = () => {
    const state = root.querySelector("[data-test-connection-state]")?.dataset.testConnectionState;
    if (state === "CONNECTED") {
      if (connected) return;
      connected = true;
      if (!lost) return;
      lost = false;
      clearTimeout(waiting);
      // The live panels know by its state that nobody has pressed Back (live.js).
      dispatchEvent(new PopStateEvent("popstate", { state: "wp-back" }));
      // Streamlit's own sliders keep nothing of a move that did not arrive.
      say(root.querySelector(".wp-live") ? "back" : "look");
      waiting = setTimeout(() => (away.hidden = true), 8000);
    } else if (connected) {
      lost = true;
      connected = false;
      clearTimeout(waiting);
      // A break that is over at once is only told of afterwards.
      waiting = setTimeout(() => say("away"), 1000);
    }
  };
  // Another screen opens at its top; a knob that is moved scrolls nothing.
  const parts = ["step", "for", "other", "view", "claim", "case", "programme", "group"];
  const screen = () => {
    const said = new URLSearchParams(location.search);
    return [location.pathname, ...parts.map((part) => said.get(part) ?? "")].join("|");
  };
  let seen = screen();
  const top = () => {
    const now = screen();
    if (now === seen) return;
    seen = now;
    root.querySelector("[data-testid=stMain]")?.scrollTo(0, 0);
  };
  // The address is written last, when nothing changes on the page any more.
  for (const name of ["pushState", "replaceState"]) {
    const written = history[name].bind(history);
    history[name] = (...said) => {
      written(...said);
      top();
    };
  }
  // The page takes the place of its first paint, at the same height.
  const over = (first) => {
    if ("held" in first.dataset) return;
    const at = first.scrollTop;
    first.remove();
    if (at > 0) root.querySelector("[data-testid=stMain]")?.scrollTo(0, at);
  };
  const look = () => {
    top();
    const first = document.getElementById("first-paint");
    if (first) {
      if (since === null && root.querySelector(ready)) {
        since = performance.now();
        setTimeout(look, patience + 100);
      }
      const whole = !first.querySelector(".wp-finding") || root.querySelector(".wp-finding");
      const late = since !== null && performance.now() - since > patience;
      if ((since !== null && (whole || late)) || root.querySelector(instead)) over(first);
    }
    const lang = root.querySelector(".wp-ready[lang]")?.lang;
    if (lang && html.lang !== lang) html.lang = lang;
    connection();
  };
  new MutationObserver(look).observe(root, {
    attributeFilter: ["lang", "data-test-connection-state"],
    childList: true,
    subtree: true,
  });
  // Streamlit has a few words of its own, in English: they are said in the reader's language. What
  // stood there is kept, for when the language changes.
  const stock = JSON.parse(document.getElementById("wp-stock").textContent);
  const named = ["aria-label", "placeholder"];
  const plain = "[data-testid=InputInstructions], [data-testid=stSkipToContent], [role=listbox]";
  const theirs = new WeakMap(); // element or text: { attribute or "text": [Streamlit's, ours] }
  const translated = (said) => {
    const table = stock[html.lang] ?? {};
    if (Object.hasOwn(table, said)) return table[said];
    for (const start of ["Help for ", "Remove "]) {
      const whole = `${start}{name}`;
      if (said.startsWith(start) && whole in table) {
        return table[whole].replace("{name}", () => said.slice(start.length));
      }
    }
    return said;
  };
  const overwrite = (node, what, now, write) => {
    const known = theirs.get(node) ?? {};
    const original = known[what]?.[1] === now ? known[what][0] : now;
    const ours = translated(original);
    if (ours !== original || known[what]) theirs.set(node, { ...known, [what]: [original, ours] });
    if (ours !== now) write(ours);
  };
  const attribute = (element, name) => {
    const now = element.getAttribute(name);
    if (now) overwrite(element, name, now, (ours) => element.setAttribute(name, ours));
  };
  const texts = (holder) => {
    const walker = document.createTreeWalker(holder, NodeFilter.SHOW_TEXT);
    for (let text = walker.nextNode(); text; text = walker.nextNode()) {
      overwrite(text, "text", text.data, (ours) => (text.data = ours));
    }
  };
  const retell = (element) => {
    for (const name of named) {
      if (element.hasAttribute(name)) attribute(element, name);
      for (const each of element.querySelectorAll(`[${name}]`)) attribute(each, name);
    }
    const holder = element.closest(plain);
    if (holder) texts(element);
    else for (const each of element.querySelectorAll(plain)) texts(each);
  };
  let told = html.lang;
  new MutationObserver((changes) => {
    if (told !== html.lang) {
      told = html.lang;
      return retell(document.body);
    }
    if (!stock[told]) return;
    for (const { type, target, attributeName, addedNodes } of changes) {
      if (type === "attributes" && target !== html) attribute(target, attributeName);
      else if (type === "characterData") target.parentElement?.closest(plain) && retell(target.parentElement);
      for (const node of addedNodes) {
        if (node.nodeType === Node.ELEMENT_NODE) retell(node);
        else if (target.closest?.(plain)) retell(target);
      }
    }
  }).observe(html, {
    attributeFilter: ["lang", ...named],
    characterData: true,
    childList: true,
    subtree: true,
  });
  // A thumb that scrolls the page moves no slider: only a movement that is clearly sideways does.
  // Streamlit's sliders hear of a finger once it is; ours see to that themselves (live.js).
  const clear = 8; // px
  const passed = new WeakSet();
  const afterwards = 1000; // ms in which a mouse is the finger's echo
  let finger = null; // on a slider, and nobody knows yet where it goes
  let touched = -afterwards;
  const on = (event) => event.target.closest?.("[data-testid=stSlider] [data-orientation]");
  addEventListener(
    "pointerdown",
    (event) => {
      finger = null;
      if (event.pointerType !== "touch" || passed.has(event) || !on(event)) return;
      event.stopPropagation();
      finger = event;
      touched = performance.now();
    },
    true,
  );
  // The same touch under its other names: a slider listens to all three.
  addEventListener("touchstart", (event) => on(event) && event.stopPropagation(), {
    capture: true,
    passive: true,
  });
  addEventListener(
    "mousedown",
    (event) => {
      if (performance.now() - touched < afterwards && on(event)) event.stopPropagation();
    },
    true,
  );
  addEventListener(
    "pointermove",
    (event) => {
      if (finger === null || event.pointerId !== finger.pointerId) return;
      const across = Math.abs(event.clientX - finger.clientX);
      const along = Math.abs(event.clientY - finger.clientY);
      if (Math.max(across, along) <= clear) return;
      const start = finger;
      finger = null;
      if (across <= along) return;
      const { pointerId, pointerType, isPrimary, clientX, clientY, screenX, screenY } = start;
      const down = new PointerEvent("pointerdown", {
        ...{ pointerId, pointerType, isPrimary, clientX, clientY, screenX, screenY },
        ...{ bubbles: true, cancelable: true, composed: true, button: 0, buttons: 1 },
      });
      passed.add(down);
      start.target.dispatchEvent(down);
    },
    true,
  );
  for (const kind of ["pointerup", "pointercancel"]) {
    addEventListener(kind, () => (finger = null), true);
  }
  // Boxes for numbers (view/parts/boxes.py) open the keypad of digits, which Streamlit has no word for.
  for (const kind of ["pointerdown", "focusin"])
    document.addEventListener(
      kind,
      ({ target }) => {
        const box = target.closest?.('[class*="st-key-wp-typed-"]')?.querySelector("input");
        if (box && box.inputMode !== "decimal") box.inputMode = "decimal";
      },
      true,
    );
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
