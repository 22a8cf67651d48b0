
// The figure around the rules: knobs, the sentence, and the bars. The same arithmetic as figure.py.
function figureOf(data) {
  "use strict";
  // -- numbers as people read them (view/words/format.py) --
  function rounded(x, places) {
    if (x === 0) return 0;
    var whole = Math.floor(Math.log10(Math.abs(x))) + 1;
    var digits = Math.max(12, whole + 3);
    var meant = digits <= 15 ? Number(x.toPrecision(digits)) : x;
    var text = meant.toExponential().split("e");
    var shifted = Number(text[0] + "e" + (Number(text[1]) + places));
    return Number(Math.round(shifted) + "e" + -places);
  }
  function decimal(x, most, least) {
    var value = rounded(x, most);
    var parts = value.toFixed(most).split(".");
    var after = parts[1] || "";
    while (after.length > least && after.charAt(after.length - 1) === "0") after = after.slice(0, -1);
    return parts[0].replace(/\B(?=(\d{3})+$)/g, ",") + (after ? "." + after : "");
  }
  function yuan(x) {
    if (!isFinite(x)) return "—";
    var places = 0;
    if (x < 999.995) places = x === 0 ? 2 : Math.min(5, Math.max(2, 1 - Math.floor(Math.log10(x))));
    var whole = places === 0 || rounded(x, places) === rounded(x, 0);
    return "¥" + (whole ? decimal(x, 0, 0) : decimal(x, places, 2));
  }
  // -- what the knobs set --
  function numbers(stops) {
    var found = JSON.parse(JSON.stringify(data.base));
    data.knobs.forEach(function (knob, k) {
      knob.sets[stops[k]].forEach(function (one) {
        var path = one[0];
        var place = found;
        for (var i = 0; i < path.length - 1; i += 1) place = place[path[i]];
        place[path[path.length - 1]] = JSON.parse(JSON.stringify(one[1]));
      });
    });
    return found;
  }
  function ordersOf(s) {
    var all = 0;
    for (var day = 0; day < s.days && all <= 2 * data.most; day += 1) {
      if (s.demand.lastDay !== null && day >= s.demand.lastDay) break;
      all += s.demand.first * (s.demand.kind === "growing" ? Math.exp(Math.log1p(s.demand.growth) * day) : 1);
    }
    return all;
  }
  // -- what is shown --
  function tenth(x) {
    return Math.floor(Number(x.toPrecision(12)) * 10 + 0.5) / 10;
  }
  function shown(stops) {
    var s = numbers(stops);
    if (ordersOf(s) > data.most) return { said: data.words.many, path: null, line: null };
    var run = whoPays(s);
    var spend = 0;
    for (var c = 0; c < s.prices.length; c += 1) spend += s.prices[c] * s.chosen[c];
    var days = run.buyers.length;
    var all = 0;
    var paid = 0;
    var first = -1;
    for (var day = 0; day < days; day += 1) {
      all += run.buyers[day];
      paid += run.received[day];
      if (first < 0 && run.buyers[day] > 0) first = day;
    }
    if (first < 0) return { said: data.words.nobody, path: "", line: tenth(data.height * (1 - 1 / 1.1)) };
    var middle = 0;
    for (var upto = run.buyers[0]; upto < all / 2; upto += run.buyers[middle]) middle += 1;
    var values = {
      back: yuan((100 * paid) / (all * spend)),
      first: yuan(run.received[first] / run.buyers[first]),
      middle: yuan(run.received[middle] / run.buyers[middle]),
      spend: yuan(spend),
    };
    var said = data.words.said.replace(/\{(\w+)\}/g, function (_, name) {
      return values[name];
    });
    var bars = [];
    var top = spend;
    for (var k = 0; k < data.bars; k += 1) {
      var low = Math.floor((k * days) / data.bars);
      var high = Math.max(Math.floor(((k + 1) * days) / data.bars), low + 1);
      var orders = 0;
      var back = 0;
      for (var d = low; d < Math.min(high, days); d += 1) {
        orders += run.buyers[d];
        back += run.received[d];
      }
      bars.push(orders > 0 ? back / orders : 0);
      top = Math.max(top, bars[k]);
    }
    top *= 1.1;
    var step = data.width / data.bars;
    var path = "";
    bars.forEach(function (value, k) {
      var up = tenth((data.height * value) / top);
      if (up > 0) path += "M" + tenth(k * step) + " " + data.height + "v" + -up + "h" + (step - 3) + "V" + data.height + "z";
    });
    return { said: said, path: path, line: tenth(data.height * (1 - spend / top)) };
  }
  return { shown: shown, yuan: yuan, numbers: numbers };
}
(function () {
  "use strict";
  var element = document.getElementById("figure-data");
  if (!element) return;
  var data = JSON.parse(element.textContent);
  var figure = figureOf(data);
  var ranges = data.knobs.map(function (_, k) {
    return document.getElementById("knob-" + k);
  });
  var asked = 0;
  function draw() {
    asked = 0;
    var now = figure.shown(ranges.map(function (range) { return Number(range.value); }));
    document.getElementById("figure-said").textContent = now.said;
    if (now.path === null) return;
    document.getElementById("bars").setAttribute("d", now.path);
    document.getElementById("price").setAttribute("transform", "translate(0 " + now.line + ")");
  }
  ranges.forEach(function (range, k) {
    range.disabled = false;
    range.addEventListener("input", function () {
      var moved = document.getElementById("moved");
      if (moved) moved.hidden = false;
      var text = data.knobs[k].texts[range.value];
      document.getElementById("stop-" + k).textContent = text;
      range.setAttribute("aria-valuetext", text);
      if (!asked) asked = requestAnimationFrame(draw);
    });
  });
})();
