// Drawing a guess with a finger, a mouse or the keyboard, and moving the knob. Everything that is
// said comes with the page; nothing is worked out here.
(function () {
  "use strict";
  var data = JSON.parse(document.getElementById("data").textContent);
  function keep(key, value) {
    var parts = new URL(location.href);
    parts.searchParams.set(key, value);
    history.replaceState(null, "", parts.href);
  }
  var form = document.getElementById("form");
  if (form) draw();
  else play();

  function draw() {
    var svg = document.getElementById("chart"), hand = document.getElementById("hand");
    var circles = [].slice.call(hand.querySelectorAll("circle")), line = hand.querySelector("path");
    var ranges = [].slice.call(document.querySelectorAll("#points input"));
    var done = form.querySelector(".first"), hint = document.getElementById("hint");
    var lead = line.getAttribute("d").split("L").length > circles.length ? line.getAttribute("d").split("L")[0] + "L" : "M";
    var xs = circles.map(function (c) { return +c.getAttribute("cx"); });
    var touched = !hint || hint.hasAttribute("hidden"), last = -1;
    document.getElementById("ends").remove();
    document.getElementById("points").hidden = false;
    hand.removeAttribute("hidden");
    document.body.className = "ready";
    done.disabled = !touched;
    function height(at) { return +ranges[at].value; }
    function up(step) { return data.bottom - (data.bottom - data.top) * step / data.steps; }
    function show() {
      circles.forEach(function (c, at) { c.setAttribute("cy", up(height(at)).toFixed(1)); });
      line.setAttribute("d", lead + xs.map(function (x, at) { return x.toFixed(1) + " " + up(height(at)).toFixed(1); }).join("L"));
      ranges.forEach(function (r) { r.setAttribute("aria-valuetext", data.labels[+r.value]); });
    }
    function moved() {
      touched = true;
      done.disabled = false;
      hint.setAttribute("hidden", "");
      show();
      keep("drawn", ranges.map(function (r) { return r.value; }).join("."));
    }
    function to(at, step) {
      ranges[at].value = step;
      circles[at].classList.add("on");
    }
    function point(event) {
      var box = svg.getBoundingClientRect(), scale = 360 / box.width;
      var x = (event.clientX - box.left) * scale, y = (event.clientY - box.top) * scale, at = 0;
      xs.forEach(function (one, k) { if (Math.abs(one - x) < Math.abs(xs[at] - x)) at = k; });
      var step = Math.max(0, Math.min(data.steps, Math.round((data.bottom - y) / (data.bottom - data.top) * data.steps)));
      // A quick finger passes points between two of its moves.
      if (last >= 0) for (var k = Math.min(last, at) + 1; k < Math.max(last, at); k++) {
        to(k, Math.round(height(last) + (step - height(last)) * (k - last) / (at - last)));
      }
      to(at, step);
      last = at;
      moved();
    }
    svg.addEventListener("pointerdown", function (event) {
      svg.setPointerCapture(event.pointerId);
      last = -1;
      point(event);
    });
    svg.addEventListener("pointermove", function (event) { if (svg.hasPointerCapture(event.pointerId)) point(event); });
    ranges.forEach(function (range, at) {
      range.addEventListener("input", function () { to(at, range.value); moved(); });
      range.addEventListener("focus", function () { circles[at].classList.add("here"); });
      range.addEventListener("blur", function () { circles[at].classList.remove("here"); });
    });
    form.addEventListener("submit", function () {
      var given = document.createElement("input");
      given.type = "hidden";
      given.name = "drawn";
      given.value = ranges.map(function (r) { return r.value; }).join(".");
      form.appendChild(given);
    });
    show();
  }

  function play() {
    var knob = document.getElementById("knob"), label = knob.querySelector("label");
    var range = label.querySelector("input"), value = label.querySelector("output");
    var rules = document.getElementById("rules"), beside = document.getElementById("beside");
    var said = document.getElementById("said"), end = document.getElementById("end-rules");
    var price = document.getElementById("end-beside");
    [].slice.call(knob.querySelectorAll("p")).forEach(function (p) { p.remove(); });
    label.hidden = false;
    range.addEventListener("input", function () {
      var at = +range.value;
      rules.setAttribute("d", data.paths[at]);
      if (beside) {
        beside.setAttribute("d", data.beside[at]);
        price.textContent = data.besides[at];
      }
      end.textContent = data.ends[at];
      value.textContent = data.values[at];
      range.setAttribute("aria-valuetext", data.values[at]);
      said.textContent = data.said[at];
      keep("stop", at);
    });
  }
})();
