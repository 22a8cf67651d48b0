// Copies a text. Where the browser does not allow that, the text is shown and marked, and the reader's
// own way of copying does the rest.
const copied = async (text, box) => {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Without https there is no clipboard; the old way may still do.
    box.hidden = false;
    box.value = text;
    box.focus({ preventScroll: true });
    box.setSelectionRange(0, text.length);
    return document.execCommand("copy");
  }
};
