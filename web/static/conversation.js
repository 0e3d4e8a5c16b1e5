// Makes a conversation go on like one: what was said stays as the reader's own
// words, the answer appears beneath, and the other replies fold away until the
// reader wants to try one of them. Without this script the replies unfold by
// themselves.

import { ours } from "static/words.js";

const deck = document.getElementById("page_deck");
const said = ours(document.getElementById("deck_said"));
const homes = new Map(); // branches that a link has brought to it, and where they were
let chosen = null; // the reply that was pressed last

function words(tag, className, text) {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return ours(element);
}

const group = (reply) => reply.closest(".replies");

function refresh(replies) {
  const some = [...replies.children].some((reply) => reply.open || reply.classList.contains("said"));
  replies.classList.toggle("spoken", some);
}

// Shows the branch that a reply leads to, and tells those who don't see it.
function answer(reply, text, branch) {
  said.textContent = deck.dataset.you + ": " + text;
  branch.tabIndex = -1;
  branch.focus({ preventScroll: true });
  const low = branch.getBoundingClientRect().bottom > innerHeight - 96;
  if (low) reply.scrollIntoView({ block: "start" });
}

function takeBack(reply) {
  if (reply.open) reply.open = false;
  for (const inner of reply.parentElement.querySelectorAll("details.reply[open]")) inner.open = false;
  for (const link of [...reply.parentElement.querySelectorAll("a.reply.said")]) sendHome(link);
  refresh(group(reply));
  said.textContent = "";
  (reply.querySelector(":scope > summary") ?? reply).focus({ preventScroll: true });
}

function anotherButton(reply) {
  const button = words("button", "another", deck.dataset.another);
  button.type = "button";
  button.addEventListener("click", () => takeBack(reply));
  return button;
}

// A branch may be met in several places, and is on the page once. A link brings
// it to where it was said, and what is written in it stays.
function bring(link, branch) {
  if (branch.contains(link)) { // back to where this began
    const first = branch.querySelector("details.reply[open], a.reply.said");
    if (first) takeBack(first);
    branch.tabIndex = -1;
    branch.focus();
    return;
  }
  const place = document.createComment(branch.id);
  branch.replaceWith(place);
  homes.set(link, { branch, place });
  link.classList.add("said");
  link.after(anotherButton(link), branch);
  refresh(group(link));
  answer(link, textOf(link), branch);
}

function sendHome(link) {
  const home = homes.get(link);
  homes.delete(link);
  link.classList.remove("said");
  link.nextElementSibling.remove(); // the button
  home.place.replaceWith(home.branch);
  refresh(group(link));
}

function textOf(reply) {
  const copy = reply.cloneNode(true);
  copy.querySelector(".you")?.remove();
  return copy.textContent.trim();
}

for (const reply of deck.querySelectorAll(".replies > .reply")) {
  const line = reply.querySelector(":scope > summary") ?? reply;
  line.prepend(words("span", "you", deck.dataset.you));
  if (line === reply) {
    const branch = document.getElementById(new URL(reply.href).hash.slice(1));
    if (!branch?.classList.contains("branch")) continue; // the deck moves
    reply.addEventListener("click", (event) => {
      event.preventDefault();
      if (!reply.classList.contains("said")) bring(reply, branch);
    });
    continue;
  }
  line.after(anotherButton(reply));
  line.addEventListener("click", () => { chosen = reply; });
  reply.addEventListener("toggle", () => {
    refresh(group(reply));
    const branch = reply.querySelector(":scope > .branch");
    if (chosen !== reply) return; // another one folded it, or an address opened it
    chosen = null;
    if (reply.open && branch) answer(reply, textOf(line), branch);
  });
}
deck.classList.add("talks");
