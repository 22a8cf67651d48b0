// A button that copies a text (copied.js).
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
