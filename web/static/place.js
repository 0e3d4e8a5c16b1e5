// Tells the program at which card the reader is, so that another device can go
// on there. It waits a moment for the next move. Whatever fails, the reader need
// not know: the place is told again at the next move.

export function keepPlace(deck, form) {
  const address = deck.dataset.place;
  if (!address) return () => {};
  let waiting = "";
  let timer;
  const send = () => {
    clearTimeout(timer);
    if (!waiting) return;
    const fields = { csrf: form.elements.csrf.value, page: form.elements.page.value, card: waiting };
    waiting = "";
    fetch(address, {
      method: "POST",
      body: new URLSearchParams(fields),
      headers: { Accept: "application/json" },
      keepalive: true,
    }).catch(() => {});
  };
  addEventListener("pagehide", send);
  document.addEventListener("visibilitychange", () => document.hidden && send());
  return (card) => {
    waiting = card;
    clearTimeout(timer);
    timer = setTimeout(send, 800);
  };
}
