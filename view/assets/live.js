// The live panels: knobs that speak while they are moved, and three charts that follow.
//
// While a hand moves, the server is asked for the new panels alone: one question is on its way at
// any time, and what goes next is always the newest, so that there is no backlog. At rest Streamlit
// is told, the page follows, and the server writes the address. Until the address has a move, it is
// kept here, and said again when the connection broke or the document was loaded anew.

/** Quiet for so long after the last change, and the page may follow (ms). */
const REST = 300;
/** What nobody has answered for so long is given up (ms). */
const LOST = 5000;
/** How often it is looked whether the page is there (ms). */
const LOOK = 100;
/** A finger that has gone so far has said where it goes (px). */
const CLEAR = 8;
/** The width of a slider's own thumb, and of a step that a finger can tell from the next (px). */
const THUMB = 16;
const FINGER = 4;
/** Where a moving hand is answered. */
const MOVE = new URL("move", import.meta.url).href;
/** This page's name for the server, so that two of one house are two; forgotten with the page. */
const NAME = Math.random().toString(36).slice(2);
/** The server's answers that are no panels: nothing to show, and a sentence why there are none. */
const NOTHING = 204;
const BUSY = 503;

/** Moves that the address does not have yet, from one document of this tab to the next. */
const KEPT = "wp-moves";
const store = (moves) => {
  try {
    if (moves) sessionStorage.setItem(KEPT, JSON.stringify(moves));
    else sessionStorage.removeItem(KEPT);
  } catch {} // a browser that keeps nothing
};
const stored = () => {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT));
  } catch {
    return null;
  }
};

/** Whether Streamlit has run the page to its end, and is there. */
const finished = () => {
  const app = document.querySelector("[data-testid=stApp]")?.dataset;
  return app?.testScriptState === "notRunning" && app.testConnectionState === "CONNECTED";
};

/** The chart library starts to load with this file, not with the first chart. */
const plotly = new Promise((found, failed) => {
  const script = document.createElement("script");
  script.src = new URL("PLOTLY_FILE", import.meta.url).href;
  script.onload = () =>
    window.Plotly ? found(window.Plotly) : failed(new Error("no chart library"));
  script.onerror = () => failed(new Error("the chart library cannot be loaded"));
  document.head.append(script);
});
plotly.catch(() => {}); // whoever draws hears of it

/** Every buyer a dot (view/pictures/field.py), and a button that lets the orders come in again. */
const everybody = (shown, element = make("div", { class: "wp-everybody" })) => {
  element.hidden = !shown.field;
  if (element.told === shown.field) return element;
  element.told = shown.field;
  element.innerHTML = shown.field;
  if (!shown.field) return element;
  const play = make("button", { type: "button", class: "wp-play" }, shown.play);
  play.addEventListener("click", () => {
    const figure = element.querySelector(".wp-field");
    figure.classList.remove("wp-plays");
    void figure.offsetWidth; // so that it begins again
    figure.classList.add("wp-plays");
  });
  element.append(play);
  return element;
};

/**
 * The charts of the first paint: what the document says of them is drawn before Streamlit is there,
 * and taken over by the panels. Only in light, which is what the document has.
 */
let early = [];
const paint = (first, told) => {
  const shown = JSON.parse(told.textContent);
  const charts = shown.panels.map((panel) => {
    const figure = JSON.parse(panel.figure);
    const chart = make("div", { class: "wp-chart", role: "figure", "aria-label": panel.alt });
    chart.style.height = `${figure.layout.height}px`;
    return { panel, figure, chart };
  });
  const sections = charts.map(({ panel, chart }) =>
    make("section", {}, make("h2", { class: "wp-panel" }, panel.title), chart),
  );
  const people = everybody(shown);
  first.after(make("div", { class: "wp-live" }, people, make("div", { class: "wp-three" }, ...sections)));
  const settings = JSON.stringify(shown.config);
  plotly
    .then((Plotly) => {
      for (const { panel, figure, chart } of charts) {
        if (!chart.isConnected) return;
        const width = chart.clientWidth;
        Plotly.newPlot(chart, figure.data, { ...figure.layout, width }, shown.config);
        early.push({ chart, width, settings, shown: panel.figure, drawn: true });
      }
    })
    .catch((error) => console.warn(error));
};
if (!matchMedia("(prefers-color-scheme: dark)").matches) {
  // This file may be there before the document is read to its end.
  const watch = new MutationObserver(() => look());
  const look = () => {
    const told = document.getElementById("wp-panels");
    const end = document.getElementById("root");
    if (!told && !end) return;
    watch.disconnect();
    const first = document.querySelector("#first-paint .wp-finding");
    if (told && first) paint(first, told);
  };
  watch.observe(document, { childList: true, subtree: true });
  look();
}

let messages = 0; // numbered through all instances of this page
const instances = new WeakMap();

/** Streamlit calls this with every answer; the first one builds the panels. */
export default function (component) {
  const parent = component.parentElement;
  let live = instances.get(parent);
  if (!live) {
    live = new Live(parent);
    instances.set(parent, live);
  }
  try {
    live.take(component);
  } catch (error) {
    console.warn("the live panels cannot be shown:", error);
    component.setTriggerValue("failed", true);
  }
  return () => {
    live.end();
    instances.delete(parent);
  };
}

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

/** Write only what differs: a text set anew is laid out anew. */
function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** A finding; what stands on lines below its first is said in a lower voice. */
function say(element, text) {
  if (element.said === text) return;
  element.said = text;
  const [first, ...rest] = text.split("\n");
  element.replaceChildren(first);
  if (rest.length) element.append("\n", make("span", { class: "wp-second" }, rest.join(" ")));
}

function mark(element, name, value) {
  if (value === null || value === false) element.removeAttribute(name);
  else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, value);
}

const digits = new Intl.NumberFormat("en", { maximumFractionDigits: 8 });

/** A number as the box shows it; empty for none. */
const written = (value) => (value === null ? "" : digits.format(value));

class Knob {
  constructor(live, place, about) {
    this.live = live;
    this.key = about.key;
    this.choice = !about.box;
    const id = `wp-knob-${place}`;
    this.label = make("label", { for: id });
    this.tip = make("span", { class: "wp-tip", role: "tooltip", id: `${id}-help` });
    this.help = make("button", { type: "button", class: "wp-ask" }, "?");
    this.help.setAttribute("aria-describedby", `${id}-help`);
    this.help.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.help.blur();
    });
    const head = make("div", { class: "wp-knob-head" }, this.label, this.help, this.tip);
    this.said = make("p", { class: "wp-refused", id: `${id}-said`, role: "alert" });
    if (this.choice) {
      this.input = make("select", { id });
      this.input.addEventListener("change", () => {
        this.value = this.about.values[this.input.selectedIndex];
        live.set(this);
      });
      this.element = make("div", { class: "wp-knob" }, head, this.input, this.said);
    } else {
      this.input = make("input", { type: "range", id, min: 0, step: 1 });
      this.input.addEventListener("input", () => this.slid());
      this.input.addEventListener("change", () => live.changed());
      this.input.addEventListener("pointerdown", () => live.hold(true));
      this.box = make("input", {
        type: "text",
        inputmode: "decimal",
        autocomplete: "off",
        spellcheck: "false",
        "aria-describedby": `${id}-said`,
      });
      this.box.addEventListener("input", () => (this.typing = true));
      this.box.addEventListener("blur", () => (this.typing = false));
      this.box.addEventListener("change", () => this.typed());
      this.box.addEventListener("keydown", (event) => {
        if (event.key !== "Escape") return;
        this.fill();
        this.refuse();
      });
      this.unit = make("span", { "aria-hidden": "true" });
      const boxed = make("span", { class: "wp-box" }, this.box, this.unit);
      this.element = make(
        "div",
        { class: "wp-knob" },
        head,
        make("div", { class: "wp-knob-row" }, this.underThumb(), boxed),
        this.said,
      );
    }
  }

  /**
   * The slider under a cover for fingers: a thumb that scrolls the page moves nothing, only what is
   * clearly sideways does. A mouse and the keyboard reach the slider itself.
   */
  underThumb() {
    const cover = make("span", { class: "wp-cover", "aria-hidden": "true" });
    let start = null; // where the finger came down
    let slides = false;
    cover.addEventListener("pointerdown", (event) => {
      start = event;
      slides = event.pointerType !== "touch";
      if (slides) this.slide(cover, event);
    });
    cover.addEventListener("pointermove", (event) => {
      if (start === null || event.pointerId !== start.pointerId) return;
      const across = Math.abs(event.clientX - start.clientX);
      const along = Math.abs(event.clientY - start.clientY);
      if (!slides && along > CLEAR && along >= across) start = null;
      else if (slides || across > CLEAR) {
        slides = true;
        this.slide(cover, event);
      }
    });
    const end = () => {
      if (start !== null && slides) this.input.dispatchEvent(new Event("change"));
      start = null;
    };
    cover.addEventListener("pointerup", end);
    cover.addEventListener("pointercancel", end);
    return make("span", { class: "wp-slide" }, this.input, cover);
  }

  /** To where the finger is, in steps that a finger can tell apart. */
  slide(cover, event) {
    if (!cover.hasPointerCapture(event.pointerId)) {
      cover.setPointerCapture(event.pointerId);
      this.live.hold(true);
    }
    const room = this.input.getBoundingClientRect();
    const part = (event.clientX - room.left - THUMB / 2) / (room.width - THUMB);
    const wanted = Math.min(Math.max(part, 0), 1) * (this.about.values.length - 1);
    const places = stops(this.about.values, room.width);
    const place = places.reduce((a, b) => (Math.abs(b - wanted) < Math.abs(a - wanted) ? b : a));
    if (place === Number(this.input.value)) return;
    this.input.value = place;
    this.input.dispatchEvent(new Event("input"));
  }

  /** Show a knob as the server has it. */
  show(about, words, refused) {
    // What was refused and not mended stays, whatever else is moved meanwhile.
    if (about.value === this.value && about.label === this.about.label) refused ||= this.wrong;
    this.about = about;
    this.value = about.value;
    write(this.label, about.label);
    write(this.tip, about.help);
    this.help.hidden = this.tip.hidden = !about.help;
    mark(this.help, "aria-label", words.help.replace("{label}", about.label));
    const place = about.values.indexOf(about.value);
    if (this.choice) {
      const options = about.texts.join("\n");
      if (options !== this.options) {
        this.input.replaceChildren(...about.texts.map((text) => make("option", {}, text)));
        this.options = options;
      }
      this.input.selectedIndex = place;
    } else {
      this.input.max = about.values.length - 1;
      const longest = Math.max(...about.values.map((value) => written(value).length), 4);
      this.box.style.width = `calc(${longest}ch + 0.625rem)`;
      this.input.value = place;
      mark(this.box, "aria-label", about.box.label);
      mark(this.box, "placeholder", about.box.none);
      write(this.unit, about.box.unit);
      this.say(place);
      // What cannot be used stays to be mended.
      if (!this.typing && !refused) this.fill();
    }
    this.refuse(refused);
  }

  /** The value in words, for those who listen and in the box. */
  say(place) {
    mark(this.input, "aria-valuetext", this.about.texts[place]);
  }

  fill() {
    this.box.value = written(this.value);
    this.unit.hidden = this.value === null;
  }

  slid() {
    const place = Number(this.input.value);
    this.value = this.about.values[place];
    this.say(place);
    this.fill();
    this.refuse();
    this.live.moved(this);
  }

  typed() {
    this.typing = false;
    const text = this.box.value.trim();
    this.refuse();
    // The server reads it, as it reads every box; the knob keeps its value until it has.
    this.live.set(this, text);
  }

  refuse(sentence = "") {
    this.wrong = sentence;
    write(this.said, sentence);
    mark(this.box ?? this.input, "aria-invalid", sentence ? "true" : null);
  }
}

/** Places of a slider so wide that a finger can tell apart: round values, and both ends. */
function stops(values, width) {
  const last = values.length - 1;
  const all = values.map((_, place) => place);
  const needed = (last * FINGER) / width;
  const stride = [1, 2, 5, 10, 20, 50, 100].find((by) => by >= needed) ?? last;
  const step = values[1] - values[0];
  const even = values.every((v, k) => Math.abs(v - (values[0] + k * step)) < 1e-9);
  const count = (place) => (even ? Math.round(values[place] / step) : place);
  return all.filter((place) => place === 0 || place === last || count(place) % stride === 0);
}

class Live {
  constructor(parent) {
    this.parent = parent;
    this.knobs = new Map();
    this.dirty = new Map(); // moved since the page was last at rest: key -> value
    this.moves = new Map(); // moved, and the address may not have it yet: key -> value
    this.again = 0; // they are to be said again once the page is there: looks for it so far
    this.asking = false; // a question is on its way
    this.waiting = false; // there is something newer to ask about
    this.resting = 0; // number of the message at rest that is not answered yet
    this.seen = 0; // number of the newest answer shown
    this.epoch = 0; // another address: answers to older questions do not count
    this.held = false; // by a finger or a mouse button
    this.ended = false;
    const left = () => this.hold(false);
    const back = (event) => (event.state === "wp-back" ? this.returned() : this.forget());
    const leave = () => this.keep();
    // Whoever goes on to something else has come to rest, and that should hold for what follows.
    const elsewhere = (event) => {
      if (!this.restTimer || this.row.contains(event.target)) return;
      this.calm();
      this.rest();
    };
    window.addEventListener("pointerup", left);
    window.addEventListener("pointercancel", left);
    window.addEventListener("popstate", back);
    window.addEventListener("pagehide", leave);
    document.addEventListener("pointerdown", elsewhere, true);
    document.addEventListener("focusin", elsewhere, true);
    this.end = () => {
      this.ended = true;
      window.removeEventListener("pagehide", leave);
      document.removeEventListener("pointerdown", elsewhere, true);
      document.removeEventListener("focusin", elsewhere, true);
      this.calm();
      clearTimeout(this.lostTimer);
      window.removeEventListener("pointerup", left);
      window.removeEventListener("pointercancel", left);
      window.removeEventListener("popstate", back);
      this.sizes.disconnect();
      for (const { chart } of this.panels) window.Plotly?.purge(chart);
    };
    this.build();
  }

  build() {
    this.finding = make("p", { class: "wp-finding" });
    this.assume = make("p", { class: "wp-assume" });
    this.note = make("p", { class: "wp-note" });
    this.words = make("div", { class: "wp-words" }, this.note, this.finding, this.assume);
    this.row = make("div", { class: "wp-knobs", role: "group" });
    this.status = make("p", { class: "wp-said", role: "status" });
    this.besides = make("p", { class: "wp-besides" });
    this.everybody = make("div", { class: "wp-everybody", hidden: true });
    const drawn = early.length === 3 ? early : [];
    early = [];
    this.settings = drawn[0]?.settings;
    this.panels = [0, 1, 2].map((place) => {
      const title = make("h2", { class: "wp-panel" });
      const chart = drawn[place]?.chart ?? make("div", { class: "wp-chart" });
      return { shown: null, ...drawn[place], title, chart, element: make("section", {}, title, chart) };
    });
    this.sizes = new ResizeObserver((entries) => this.sized(entries));
    this.room = new Map();
    for (const text of [this.words, this.besides, ...this.panels.map((panel) => panel.title)]) {
      this.room.set(text, { width: 0, height: 0 });
      this.sizes.observe(text);
    }
    for (const { chart } of this.panels) this.sizes.observe(chart);
    this.root = make(
      "div",
      { class: "wp-live" },
      this.words,
      this.status,
      this.row,
      this.everybody,
      make("div", { class: "wp-three" }, ...this.panels.map((panel) => panel.element)),
      this.besides,
    );
    for (const late of this.parent.querySelectorAll(".wp-live-late")) late.remove();
    this.parent.append(this.root);
  }

  // -- what the hand does ---------------------------------------------------------------------

  hold(held) {
    this.held = held;
    this.arrange();
  }

  /** A hand is moving a knob. */
  moved(knob) {
    this.calm();
    this.dirty.set(knob.key, knob.value);
    this.moves.set(knob.key, knob.value);
    this.waiting = true;
    this.ask();
  }

  /** A knob has a value at once: the page may follow. */
  set(knob, value = knob.value) {
    this.calm();
    this.dirty.set(knob.key, value);
    this.moves.set(knob.key, value);
    this.rest();
  }

  /** The hand has let go of a slider, or a key has moved it a step. */
  changed() {
    this.calm();
    this.restTimer = setTimeout(() => {
      this.restTimer = null;
      this.rest();
    }, REST);
  }

  calm() {
    clearTimeout(this.restTimer);
    this.restTimer = null;
  }

  /** The address has changed: what it says counts, and nothing that was about to be sent. */
  forget() {
    this.calm();
    clearTimeout(this.lostTimer);
    this.dirty.clear();
    this.moves.clear();
    this.again = 0;
    this.waiting = false;
    this.resting = 0;
    this.epoch += 1;
  }

  /** The connection is back: the page is being drawn from its address, which may lack moves. */
  returned() {
    this.resting = 0;
    // Those that the address has already change nothing when they are said again.
    this.dirty = new Map(this.moves);
    this.drawn = false;
    this.repeat();
  }

  /** Say all that may have been lost, as soon as the page is there and the hand at rest. */
  repeat() {
    clearTimeout(this.lostTimer);
    if (!this.moves.size || this.ended) return;
    this.again += 1;
    this.lostTimer = setTimeout(() => {
      if (!this.again) return;
      const there = this.drawn || this.again * LOOK > LOST;
      if (!there || !finished() || this.held || this.restTimer) {
        this.repeat();
        return;
      }
      this.again = 0;
      this.rest();
    }, LOOK);
  }

  /** Once the page has followed to its end, the address has what was moved. */
  confirm() {
    clearTimeout(this.doneTimer);
    if (!this.moves.size) return;
    this.doneTimer = setTimeout(() => {
      if (this.ended || this.busy()) return; // the next answer asks again
      if (finished()) this.moves.clear();
      else this.confirm();
    }, LOOK);
  }

  /** The document goes: the next one of this tab and address may have to say the moves again. */
  keep() {
    const values = Object.fromEntries(this.moves);
    store(this.moves.size && { from: location.search, scheme: this.scheme, values });
  }

  /** What the document before this one did not get said. */
  recall() {
    const moves = stored();
    store(null);
    if (moves?.from !== location.search || moves.scheme !== this.scheme) return;
    for (const [key, value] of Object.entries(moves.values)) {
      this.dirty.set(key, value);
      this.moves.set(key, value);
    }
    this.repeat();
  }

  /** Ask for the panels as the knobs stand now. */
  ask() {
    if (this.asking || !this.waiting || this.ended) return;
    this.waiting = false;
    this.asking = true;
    const epoch = this.epoch;
    const done = () => {
      this.asking = false;
      this.ask(); // before drawing: the server works meanwhile
    };
    fetch(MOVE, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Page": NAME },
      body: JSON.stringify({ ...this.move(), page: this.latest.page }),
      signal: AbortSignal.timeout?.(LOST),
    })
      .then((answer) => {
        if (answer.status === NOTHING) return null;
        const said = answer.headers.get("Content-Type")?.startsWith("text/plain");
        if (answer.status === BUSY && said) return answer.text(); // and not a proxy's own page
        return answer.ok ? answer.json() : Promise.reject(new Error(answer.status));
      })
      .then(
        (shown) => {
          done();
          if (!this.ended && epoch === this.epoch) {
            if (typeof shown === "string") this.wait(shown);
            else if (shown?.seq > this.seen) this.follow(shown);
          }
          this.arrange();
        },
        (error) => {
          console.warn("no answer to a moved knob:", error); // the page still follows at rest
          done();
          this.arrange();
        },
      );
  }

  /** Tell Streamlit where the knobs stand; the page follows. */
  rest() {
    if (this.again) return; // will be said then
    this.waiting = false;
    const move = this.move();
    this.resting = move.seq;
    this.component.setTriggerValue("move", move);
    clearTimeout(this.lostTimer);
    this.lostTimer = setTimeout(() => this.resting === move.seq && this.rest(), LOST);
  }

  move() {
    messages += 1;
    return { seq: messages, scheme: this.scheme, values: Object.fromEntries(this.dirty) };
  }

  // -- what the server says -------------------------------------------------------------------

  /** The page has been drawn: all there is to show. */
  take(component) {
    this.component = component;
    if (!component.data || this.bytes === component.data) return;
    this.bytes = component.data;
    const shown = JSON.parse(new TextDecoder().decode(this.bytes));
    if (this.resting && shown.seq >= this.resting) {
      clearTimeout(this.lostTimer);
      this.resting = 0;
    }
    const first = !this.latest;
    if (this.scheme !== shown.scheme) this.forget();
    // Drawn for another reason, after the page had followed: what it shows now counts.
    else if (shown.visit === this.latest.visit && shown.seq === this.latest.seq && !this.busy())
      this.moves.clear();
    this.latest = shown;
    this.drawn = true;
    mark(this.root, "lang", shown.lang);
    // The hand may have moved on since.
    if (!this.busy() || shown.seq >= this.seen) this.follow(shown);
    this.arrange();
    if (first) this.recall();
    this.confirm();
  }

  /** Whether the knobs stand where the page has not followed yet. */
  busy() {
    const { held, asking, waiting, restTimer, resting, again } = this;
    return held || asking || waiting || restTimer || resting || again;
  }

  follow(shown) {
    this.seen = shown.seq;
    // Charts first: they measure their words, and would lay out other changed text every time.
    this.draw(shown.panels);
    this.show(shown);
    for (const [key, sentence] of Object.entries(shown.refused)) {
      this.knobs.get(key)?.refuse(sentence); // also while a hand moves it
    }
  }

  /** No panels this time, and why; the page still follows at rest. */
  wait(sentence) {
    write(this.note, sentence.trim());
    this.note.hidden = false;
  }

  show(shown) {
    say(this.finding, shown.finding);
    write(this.assume, shown.assume);
    write(this.note, shown.note);
    this.note.hidden = !shown.note;
    write(this.besides, shown.besides);
    this.besides.hidden = !shown.besides;
    everybody(shown, this.everybody);
    for (const [place, panel] of shown.panels.entries()) write(this.panels[place].title, panel.title);
  }

  /** Show the knobs as the server has them, unless a hand is moving them: then they are its own. */
  arrange() {
    const shown = this.latest;
    if (!shown || this.arranged === shown) return;
    if (this.busy() && this.scheme === shown.scheme) return;
    if (this.arranged) write(this.status, shown.finding); // said aloud at rest only
    if (this.scheme !== shown.scheme) this.loosen();
    this.arranged = shown;
    this.scheme = shown.scheme;
    this.dirty.clear();
    mark(this.row, "aria-label", shown.words.knobs);
    const wanted = shown.knobs.map((about) => {
      let knob = this.knobs.get(about.key);
      if (!knob || knob.choice !== !about.box) {
        knob?.element.remove();
        knob = new Knob(this, (this.made = (this.made ?? 0) + 1), about);
        this.knobs.set(about.key, knob);
      }
      knob.show(about, shown.words, shown.refused[about.key]);
      return knob;
    });
    for (const [key, knob] of this.knobs) {
      if (wanted.includes(knob)) continue;
      knob.element.remove();
      this.knobs.delete(key);
    }
    wanted.forEach((knob, place) => {
      const there = this.row.children[place];
      if (there !== knob.element) this.row.insertBefore(knob.element, there ?? null);
    });
  }

  // -- sizes: nothing jumps under a hand ------------------------------------------------------

  /** A sentence that was longer once keeps its room, and a chart follows its column. */
  sized(entries) {
    for (const { target, contentRect } of entries) {
      const { width, height } = contentRect;
      const mine = this.panels.find((panel) => panel.chart === target);
      if (mine) {
        if (!width || Math.round(width) === mine.width) continue;
        mine.width = Math.round(width);
        if (mine.drawn) window.Plotly.relayout(target, { width: mine.width });
        continue;
      }
      const room = this.room.get(target);
      if (room.width !== width) {
        target.style.minHeight = "";
        this.room.set(target, { width, height: 0 });
      } else if (height > room.height + 0.5) {
        room.height = height;
        target.style.minHeight = `${height}px`;
      }
    }
  }

  /** Another scheme says other sentences. */
  loosen() {
    for (const [target, room] of this.room) {
      room.height = 0;
      target.style.minHeight = "";
    }
  }

  draw(panels) {
    const Plotly = window.Plotly;
    if (!Plotly) {
      const first = !this.asked;
      this.asked = panels;
      if (first) {
        plotly.then(
          () => this.ended || this.draw(this.asked),
          (error) => {
            console.warn(error);
            this.component.setTriggerValue("failed", true);
          },
        );
        for (const [place, { chart }] of this.panels.entries()) {
          const layout = JSON.parse(panels[place].figure).layout;
          chart.style.height = `${layout.height}px`; // so that nothing jumps
        }
      }
      return;
    }
    for (const mine of this.panels) mine.width ??= mine.chart.clientWidth;
    const { config } = this.latest;
    const settings = JSON.stringify(config);
    const other = settings !== this.settings; // zoom, or another language
    this.settings = settings;
    for (const [place, panel] of panels.entries()) {
      const mine = this.panels[place];
      mark(mine.chart, "role", "figure");
      mark(mine.chart, "aria-label", panel.alt);
      if (mine.shown === panel.figure && !other) continue;
      mine.shown = panel.figure;
      const figure = JSON.parse(panel.figure);
      mine.chart.style.height = `${figure.layout.height}px`;
      // A width that is known saves measuring the page anew for every chart, and settings that
      // are the same need not be taken up again.
      figure.layout.width = mine.width;
      if (mine.drawn && !other) Plotly.react(mine.chart, figure.data, figure.layout);
      else Plotly.react(mine.chart, figure.data, figure.layout, config);
      mine.drawn = true;
    }
  }
}
