// Watches a page from inside: when its text and charts first appear, how long a key press takes to
// change every chart, and what is shown while a slider is dragged. Added before anything else runs.
"use strict";
(() => {
  const load = { text: null, finding: null, charts: null };
  const wire = []; // [moment, bytes]: what went through the socket since the key press
  let received = 0; // bytes
  let lastChange = performance.now();
  let run = null;
  let drag = null;

  const Socket = window.WebSocket;
  window.WebSocket = class extends Socket {
    constructor(...args) {
      super(...args);
      this.addEventListener("message", (event) => {
        const size = event.data.size ?? event.data.byteLength ?? event.data.length ?? 0;
        received += size;
        if (run?.start != null) wire.push([performance.now(), size]);
      });
    }
    send(data) {
      if (run?.start != null) run.sent ??= performance.now();
      super.send(data);
    }
  };

  // A moving knob may be answered beside the socket.
  const fetched = window.fetch;
  window.fetch = (address, options) => {
    if (run?.start != null) run.sent ??= performance.now();
    return fetched(address, options);
  };
  const read = Response.prototype.json;
  Response.prototype.json = async function () {
    const started = run;
    const found = await read.call(this);
    if (started !== null && started === run) {
      wire.push([performance.now(), Number(this.headers.get("content-length") ?? 0)]);
    }
    return found;
  };

  const plots = () => [...document.querySelectorAll(".js-plotly-plot")];
  const drawn = (gd) => gd._fullLayout && gd.querySelector(".main-svg .trace");
  // What a chart shows: its marks and the numbers at its axes. New data that are not drawn yet do
  // not count.
  const sign = (gd) => gd.querySelector(".cartesianlayer")?.innerHTML;
  const shows = (selector) => document.querySelector(selector)?.textContent.trim();

  const lookAtLoad = (now) => {
    if (load.text === null && shows("#first-paint h1, #first-paint main, h1")) load.text = now;
    if (load.finding === null && shows(".wp-finding, .wp-answer")) load.finding = now;
    const wanted = window.benchCharts ?? 0;
    if (load.charts === null && wanted) {
      const found = plots();
      if (found.length >= wanted && found.every(drawn)) load.charts = now;
    }
  };

  const lookAtRun = (now) => {
    plots().forEach((gd, i) => {
      if (i >= run.changed.length || run.changed[i] !== null) return;
      // A redraw hands the chart new objects; compare their contents only then.
      if (gd.data === run.data[i] && gd.layout === run.layout[i]) return;
      [run.data[i], run.layout[i]] = [gd.data, gd.layout];
      if (sign(gd) !== run.before[i]) run.changed[i] = now;
    });
    if (run.done || run.changed.some((at) => at === null)) return;
    run.done = now;
    const current = run;
    painted((at) => {
      current.painted = at;
      current.resolve();
    });
  };

  const painted = (then) =>
    requestAnimationFrame(() => {
      const after = new MessageChannel();
      after.port1.onmessage = () => then(performance.now());
      after.port2.postMessage(0);
    });

  // A state counts when all charts show something else than in the one before.
  const lookAtDrag = (now) => {
    const signs = plots().map(sign);
    if (signs.every((now, i) => now === drag.seen[i])) return;
    drag.seen = signs;
    if (drag.up !== null) painted((at) => (drag.painted = at));
    if (!signs.every((now, i) => now !== drag.counted[i])) return;
    drag.counted = signs;
    if (drag.down !== null && drag.up === null) drag.states.push(now);
  };

  new MutationObserver(() => {
    const now = (lastChange = performance.now());
    lookAtLoad(now);
    if (drag) lookAtDrag(now);
    if (run && run.start !== null) lookAtRun(now);
  }).observe(document, {
    attributes: true,
    characterData: true,
    childList: true,
    subtree: true,
  });
  window.addEventListener(
    "keydown",
    () => {
      if (run && run.start === null) run.start = performance.now();
    },
    true,
  );

  for (const [event, name] of [
    ["pointerdown", "down"],
    ["pointerup", "up"],
  ]) {
    window.addEventListener(
      event,
      () => {
        if (drag && drag[name] === null) drag[name] = performance.now();
      },
      true,
    );
  }

  window.bench = {
    // From here on what is shown while a slider is held, and how far the slider itself moves.
    follow: (slider) => {
      const seen = plots().map(sign);
      drag = { seen, counted: seen, states: [], down: null, up: null, painted: null, slider };
      drag.top = slider.getBoundingClientRect().top;
      drag.moved = 0;
    },
    followed: () => {
      const { states, down, up, painted, moved } = drag;
      drag = null;
      const gaps = states.map((at, i) => at - (states[i - 1] ?? down));
      return {
        states: states.length / ((up - down) / 1000),
        longest: Math.max(0, ...gaps),
        last: painted === null ? 0 : painted - up,
        moved,
      };
    },
    jumped: () => {
      const by = Math.abs(drag.slider.getBoundingClientRect().top - drag.top);
      drag.moved = Math.max(drag.moved, by);
    },
    // Resolves once all charts asked for are there: true, or false when it takes too long.
    drawn: (patience) =>
      new Promise((resolve) => {
        const begin = performance.now();
        const look = () => {
          if (load.charts !== null || performance.now() - begin > patience) {
            resolve(load.charts !== null);
          } else setTimeout(look, 20);
        };
        look();
      }),
    load: () => ({ ...load, socket: received }),
    panels: () =>
      plots().map((gd) => ({
        kind: gd.data[0].type ?? "scatter",
        traces: gd.data.length,
        points: Math.max(...gd._fullData.map((trace) => trace._length ?? trace.x?.length ?? 0)),
        width: Math.round(gd.getBoundingClientRect().width),
        height: Math.round(gd.getBoundingClientRect().height),
      })),
    arm: () => {
      const found = plots();
      wire.length = 0;
      run = {
        before: found.map(sign),
        changed: found.map(() => null),
        data: found.map((gd) => gd.data),
        done: null,
        layout: found.map((gd) => gd.layout),
        painted: null,
        sent: null,
        start: null,
      };
      run.finished = new Promise((resolve) => (run.resolve = resolve));
      return found.length;
    },
    result: (patience) => {
      const late = new Promise((_, reject) =>
        setTimeout(
          () => reject(new Error(`changed after ${patience} ms: ${JSON.stringify(run.changed)}`)),
          patience,
        ),
      );
      return Promise.race([run.finished, late]).then(() => {
        const before = wire.filter(([at]) => at <= run.done);
        const figures = {
          changed: run.done - run.start,
          painted: run.painted - run.start,
          first: Math.min(...run.changed) - run.start,
          sent: run.sent - run.start,
          answered: (before[before.length - 1]?.[0] ?? run.sent) - run.start,
          bytes: wire.reduce((sum, [, size]) => sum + size, 0),
          messages: wire.length,
        };
        run = null;
        return figures;
      });
    },
    // Resolves once nothing has changed for so many milliseconds.
    quiet: (still, patience) =>
      new Promise((resolve) => {
        const begin = performance.now();
        const look = () => {
          const now = performance.now();
          const state = document
            .querySelector("[data-testid=stApp]")
            ?.getAttribute("data-test-script-state");
          const rest = state === "notRunning" && now - lastChange >= still;
          if (rest || now - begin > patience) resolve(rest);
          else setTimeout(look, 20);
        };
        look();
      }),
  };
})();
