// Tells the program at which card of a module the reader is, so that another
// device can go on there. Until the program knows, the place stays on this device,
// beside the one at which the program had the reader when the device heard of it
// last: what has changed there since was another device, and that one is right.

import { copied } from "static/copy.js";

const learner = document.documentElement.dataset.learner;
const nameOf = (module) => `first5.place.${learner}.${module}`;

// A browser may have no room, or be told to keep nothing.
function read(name) {
  try {
    return JSON.parse(localStorage.getItem(name));
  } catch {
    return null;
  }
}

function write(name, place) {
  try {
    localStorage.setItem(name, JSON.stringify(place));
  } catch { /* then there is only the page */ }
}

// Sends a place, with the proof of a page of the module. What is refused can't be
// mended here: that version of the module has no such card any more.
async function tell(name, { address, form }, card) {
  const fields = { csrf: form.elements.csrf.value, page: form.elements.page.value, card };
  const status = await fetch(address, {
    method: "POST",
    body: new URLSearchParams(fields),
    headers: { Accept: "application/json" },
    keepalive: true,
  }).then((answer) => answer.status, () => 0);
  const last = read(name);
  if (status === 204 && last) write(name, { card: last.card === card ? "" : last.card, seen: card });
  if ([404, 409, 422].includes(status) && last?.card === card) write(name, { ...last, card: "" });
}

// Returns where the reader goes on in a module of which the program says where it
// has them, and forgets what has been overtaken.
function goOnAt(name, there) {
  const last = read(name);
  if (last?.card && last.seen === there) return last.card;
  write(name, { card: "", seen: there });
  return there;
}

// Keeps the place in the module of a page. It returns where the page begins, and
// what is told of each move.
export function keepPlace(deck, form) {
  const address = deck.dataset.place;
  if (!address) return { beginsAt: () => "", moved: () => {} };
  const name = nameOf(deck.dataset.module);
  let waiting = "";
  let timer;
  const send = () => {
    clearTimeout(timer);
    if (waiting) tell(name, { address, form }, waiting);
    waiting = "";
  };
  addEventListener("pagehide", send);
  document.addEventListener("visibilitychange", () => document.hidden && send());
  // Where answers were sent from is no place to go on at.
  form.addEventListener("submit", (event) => {
    if (event.submitter?.hasAttribute("formaction")) return;
    waiting = "";
    write(name, { ...read(name), card: "" });
  });
  return {
    // A copy of the page doesn't know what this device has told the program since.
    async beginsAt() {
      const there = deck.dataset.card ?? "";
      const last = read(name);
      if (last && there !== last.seen && await copied) return last.card || last.seen;
      return goOnAt(name, there);
    },
    moved(card) {
      waiting = card;
      write(name, { ...read(name), card });
      clearTimeout(timer);
      timer = setTimeout(send, 800);
    },
  };
}

// Tells the program the places that it doesn't know yet, in whatever module. Each
// is sent with the proof of the module's page as it is now, which says whether
// another device has moved on meanwhile.
export async function tellPlaces() {
  for (const name of Object.keys(localStorage).filter((key) => key.startsWith(nameOf("")))) {
    if (!read(name)?.card) continue;
    const answer = await fetch("/modules/" + name.slice(nameOf("").length), { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const deck = page.getElementById("page_deck");
    if (!answer.ok || !deck || page.documentElement.dataset.learner !== learner) continue; // signed out, or somebody else
    const there = deck.dataset.card ?? "";
    const card = goOnAt(name, there);
    if (card !== there) await tell(name, { address: deck.dataset.place, form: page.querySelector("form[data-send]") }, card);
  }
}
