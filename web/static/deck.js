// Shows a module one card at a time, with where the reader is above it and the
// way on below it. Without this script the page is the same, one long text.

import { keepPlace } from "static/place.js";
import { showNote } from "static/note.js";
import { onSwipe, onArrow } from "static/swipe.js";
import { ours } from "static/words.js";

const byID = (id) => document.getElementById(id);
const deck = byID("page_deck");
const form = deck.querySelector("form[data-send]");
const cards = [...byID("deck_cards").querySelectorAll(":scope > .card")];
const questions = cards.filter((card) => card.querySelector("fieldset:not([data-kind=poll])"));
const [back, next, send, count, left, progress, status] =
  ["back", "next", "send", "count", "left", "progress", "status"].map((name) => byID("deck_" + name));
const sendWords = send.textContent;
const { beginsAt, moved } = keepPlace(deck, form);
let at = -1; // the card that is shown

const fill = (text, values) => text.replace(/{(\w+)}/g, (_, name) => values[name]);
const unanswered = () => questions.filter((card) => !card.querySelector("input:checked"));

// The element with an id, wherever on the cards it is, or nothing.
function onCards(id) {
  const element = id && byID(id);
  return element && cards.some((card) => card.contains(element)) ? element : null;
}

const hashID = (hash) => {
  try {
    return decodeURIComponent(hash.slice(1));
  } catch {
    return "";
  }
};

function show(i) {
  deck.dataset.move = at < 0 || i === at ? "" : i > at ? "forward" : "back";
  at = i;
  cards.forEach((card, n) => { card.hidden = n !== i; });
  status.textContent = "";
  showBars();
}

// Puts our own words where a module's direction has their place.
function put(element, words) {
  const inner = ours(document.createElement("bdi"));
  inner.textContent = words;
  element.replaceChildren(inner);
}

function showBars() {
  const last = at === cards.length - 1;
  const seconds = cards.slice(at).reduce((sum, card) => sum + Number(card.dataset.seconds || 0), 0);
  deck.classList.toggle("first", at === 0);
  deck.classList.toggle("last", last);
  back.hidden = at === 0;
  next.hidden = last;
  send.hidden = !last;
  count.hidden = progress.hidden = false;
  put(count, fill(deck.dataset.count, { n: at + 1, of: cards.length }));
  put(left, seconds < 60 ? deck.dataset.nearly : fill(deck.dataset.left, { n: Math.ceil(seconds / 60) }));
  progress.max = cards.length;
  progress.value = at + 1;
  send.textContent = missing() || sendWords;
}

// What is said of the questions without an answer, or nothing if there are none.
function missing() {
  const n = unanswered().length;
  return n ? fill(deck.dataset.open, { n }) : "";
}

// Brings the reader to an element: a card, or something on it.
function arrive(target) {
  for (let fold = target.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  const begins = target === cards[at];
  const heading = byID(target.id + "-title") ?? target;
  if (!heading.matches("a, button, input, textarea, summary")) heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
  // The page's own top is passed by: the card has the screen to itself.
  if (begins) scrollTo({ top: deck.offsetTop, behavior: "instant" });
  else target.scrollIntoView({ block: "start", behavior: "instant" });
}

function go(target) {
  const i = cards.findIndex((card) => card.contains(target));
  if (i !== at) {
    const id = onCards(target.id) ? target.id : cards[i].id;
    history.pushState({ card: cards[i].id }, "", "#" + id);
    moved(cards[i].id);
    show(i);
  }
  arrive(target);
}

const step = (by) => cards[at + by] && go(cards[at + by]);

function goToUnanswered() {
  const words = missing();
  go(unanswered()[0]);
  status.textContent = words;
}

async function begin() {
  const last = await beginsAt();
  const asked = onCards(hashID(location.hash));
  const first = asked ?? onCards(last) ?? cards[0];
  const i = cards.findIndex((card) => card.contains(first));
  history.scrollRestoration = "manual"; // a card begins at its top
  history.replaceState({ card: cards[i].id }, "");
  show(i);
  deck.classList.add("ready");
  if (asked) {
    arrive(asked);
    moved(cards[i].id);
  }
}

function followLinks(event) {
  const link = event.target.closest?.("a[href*='#']");
  if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
  const address = new URL(link.href);
  if (address.origin + address.pathname !== location.origin + location.pathname) return;
  const id = hashID(address.hash);
  const target = onCards(id);
  if (link.matches("[role=doc-noteref]") && showNote(byID(id))) event.preventDefault();
  if (!target) return;
  event.preventDefault();
  byID("deck_note").close();
  go(target);
}

async function start() {
  [send, status].forEach(ours);
  await begin();
  back.addEventListener("click", () => step(-1));
  next.addEventListener("click", () => step(1));
  send.addEventListener("click", (event) => {
    if (unanswered().length === 0) return;
    event.preventDefault();
    goToUnanswered();
  });
  form.addEventListener("change", showBars);
  // A browser can't point to a field on a card that is not shown, and says nothing.
  form.addEventListener("invalid", (event) => {
    event.preventDefault();
    if (unanswered().length && !unanswered()[0].contains(document.activeElement)) goToUnanswered();
  }, true);
  addEventListener("popstate", () => {
    const id = hashID(location.hash);
    const target = id ? onCards(id) : onCards(history.state?.card) ?? cards[0];
    if (!target) return; // elsewhere on the page
    show(cards.findIndex((card) => card.contains(target)));
    arrive(target);
    moved(cards[at].id);
  });
  addEventListener("pageshow", showBars); // a browser may have put answers back
  document.addEventListener("click", followLinks);
  onSwipe(byID("deck_cards"), step);
  onArrow(byID("deck_cards"), step);
}

if (cards.length > 0) start();
