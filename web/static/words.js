// What scripts say is in the page, in the reader's language.

const words = document.getElementById("page_words").content;

// Puts words into an element, unless they are there already: who hears pages read
// is told once. Values go where the words have a place of that name for them. It
// returns what was put there.
export function say(where, name, values = {}) {
  const before = where.firstElementChild;
  if (before?.dataset.say === name) return before;
  const said = words.querySelector(`[data-say="${name}"]`).cloneNode(true);
  for (const place of said.querySelectorAll("[data-fill]")) {
    const value = values[place.dataset.fill];
    if (place.matches("a")) place.href = value;
    else place.textContent = value;
  }
  where.replaceChildren(said);
  return said;
}
