// A button that copies a text. Where the browser does not allow that, the text is shown and marked,
// and the reader's own way of copying does the rest.
const copied = async (text, box) => {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Without https there is no clipboard; the old way may still do.
    box.hidden = false;
    box.focus({ preventScroll: true });
    box.setSelectionRange(0, text.length);
    return document.execCommand("copy");
  }
};

export default ({ data, parentElement }) => {
  const button = parentElement.querySelector("button");
  const box = parentElement.querySelector("textarea");
  const said = parentElement.querySelector("p");
  button.textContent = data.label;
  box.setAttribute("aria-label", data.label);
  if (box.value !== data.text) {
    box.value = data.text;
    box.hidden = true;
    said.textContent = "";
  }
  button.onclick = async () => {
    const done = await copied(data.text, box);
    if (done) {
      box.hidden = true;
      button.focus({ preventScroll: true });
    }
    said.textContent = done ? data.done : data.marked;
  };
};
