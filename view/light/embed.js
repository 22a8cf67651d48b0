"use strict";
// Tells the page around this one how high it is, in the ways that newsrooms already listen to.
(function () {
  var host = window.parent;
  if (host === window) return;
  var said = 0;
  var asked = /[?&#]secret=([\w-]{1,32})/.exec(location.href);
  function tell() {
    var height = Math.ceil(document.getElementById("card").getBoundingClientRect().height);
    if (height === said) return;
    said = height;
    var id = /[?&]id=([\w-]{1,64})/.exec(location.search);
    var messages = [
      { sender: "who-pays", height: height },
      { "datawrapper-height": { "who-pays": height } },
      "pymxPYMx" + (id ? id[1] : "who-pays") + "xPYMxheightxPYMx" + height,
      { sentinel: "amp", type: "embed-size", height: height },
      { context: "iframe.resize", height: height, src: location.href },
    ];
    if (asked) messages.push({ message: "height", value: height, secret: asked[1] });
    for (var k = 0; k < messages.length; k += 1) host.postMessage(messages[k], "*");
    // Embedly and Flourish read text.
    host.postMessage(JSON.stringify({ context: "iframe.resize", height: height, src: location.href }), "*");
  }
  if (window.ResizeObserver) new ResizeObserver(tell).observe(document.getElementById("card"));
  addEventListener("resize", tell);
  addEventListener("load", tell);
  tell();
})();
