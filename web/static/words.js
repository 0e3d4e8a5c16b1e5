// What scripts say is in the page, in the reader's language.

const words = document.getElementById("page_words").content;

// Marks an element as one of our own words, wherever it stands: a module may be in
// another language, and run the other way.
export function ours(element) {
  element.lang = document.documentElement.lang;
  element.dir = document.documentElement.dir;
  return element;
}

// Puts words into an element, unless they are there already: who hears pages read
// is told once. Values go where the words have a place of that name for them. It
// returns what was put there.
export function say(where, name, values = {}) {
  const before = where.firstElementChild;
  if (before?.dataset.say === name) return before;
  const said = ours(words.querySelector(`[data-say="${name}"]`).cloneNode(true));
  for (const place of said.querySelectorAll("[data-fill]")) {
    const value = values[place.dataset.fill];
    if (place.matches("a")) place.href = value;
    else place.textContent = value;
  }
  where.replaceChildren(said);
  return said;
}
