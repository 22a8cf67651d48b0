// The buttons of the sheet for journalists. Everything happens in the reader's browser: the picture
// is drawn there, with the reader's fonts, by a chart library from the page's own server.
let loading;
const library = (path) => {
  if (window.Plotly) return Promise.resolve(window.Plotly);
  loading ??= new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = new URL(path, document.baseURI).href;
    script.onload = () => (window.Plotly ? done(window.Plotly) : failed(new Error("no library")));
    script.onerror = () => failed(new Error("not loaded"));
    document.head.append(script);
  }).catch((error) => {
    loading = undefined; // the next click tries again
    throw error;
  });
  return loading;
};

export default ({ data, parentElement }) => {
  const said = parentElement.querySelector("[role=status]");
  const say = (text) => (said.textContent = text);
  const picture = async (format) => {
    say(data.words.working);
    try {
      const Plotly = await library(data.plotly);
      const { width, height, scale } = data;
      // An SVG has no pixels: it is as large as its numbers say.
      await Plotly.downloadImage(structuredClone(data.figure), {
        format, width, height, filename: data.file, scale: format === "png" ? scale : 1,
      });
      say(data.words.saved.replace("{file}", `${data.file}.${format}`));
    } catch (error) {
      console.warn("the picture could not be drawn:", error);
      say(data.words.failed);
    }
  };
  const act = {
    png: () => picture("png"),
    svg: () => picture("svg"),
    print: () => window.print(),
  };
  for (const button of parentElement.querySelectorAll("button")) {
    button.textContent = data.words[button.name];
    button.onclick = act[button.name];
  }
};
