// Ways to pass a result on: the link of this very state, the phone's own way of sharing, and its
// card, which is a page, a picture and the lines for other people's pages.
export default ({ data, parentElement }) => {
  const part = (name) => parentElement.querySelector(`[name=${name}]`);
  const [copy, share, card, box] = ["copy", "share", "card", "box"].map(part);
  const said = parentElement.querySelector("p");
  copy.textContent = data.copy;
  share.textContent = data.share;
  card.textContent = data.card;
  box.setAttribute("aria-label", data.copy);
  share.hidden = !navigator.share;
  // The address is written after the page: it is read when it is asked for.
  const aim = () => {
    const query = new URLSearchParams(location.search);
    query.set("page", data.page);
    query.set("lang", data.lang);
    card.href = `${data.root}card?${query}`;
  };
  aim();
  for (const kind of ["pointerdown", "focus"]) card.addEventListener(kind, aim);
  copy.onclick = async () => {
    const done = await copied(location.href, box);
    if (done) {
      box.hidden = true;
      copy.focus({ preventScroll: true });
    }
    said.textContent = done ? data.done : data.marked;
  };
  share.onclick = () => navigator.share({ title: data.title, url: location.href }).catch(() => {});
};
