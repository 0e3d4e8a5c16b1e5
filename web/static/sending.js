// Sends a module's answers so that none is lost. What is chosen is kept on the
// device; what is sent is put into the outbox first, and stays there until the
// program has acknowledged it.

import "static/outbox.js";
import { say } from "static/words.js";

const learner = document.documentElement.dataset.learner;
const form = document.querySelector('form[data-send="attempt"]');
const state = document.getElementById("page_sending");
const longest = 60; // s between two tries

const hidden = (name) => form.querySelector(`input[type="hidden"][name="${name}"]`);
const address = new URL(form.action).pathname;
const [, , slug] = address.split("/");
const [version] = hidden("page").value.split(".");
const draft = `first5.answers.${learner}.${slug}.${version}`;

let attempt = ""; // the one that waits; empty: none
let here = false; // it was sent from this page, and its reader waits for the result
let tries = 0;
let timer;

const newID = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");
const given = () => [...new FormData(form)].filter(([name]) => name.startsWith("q."));

// Keeps what is chosen. A browser may have no room, or be told to keep nothing:
// then there is only the page.
function keep() {
  try {
    localStorage.setItem(draft, JSON.stringify({ attempt: hidden("attempt").value, fields: given() }));
  } catch { /* see above */ }
}

function forget() {
  try {
    localStorage.removeItem(draft);
  } catch { /* nothing was kept */ }
}

function restore() {
  let kept;
  try {
    kept = JSON.parse(localStorage.getItem(draft));
  } catch { /* nothing can be kept here */ }
  if (!kept) return;
  const chosen = new Set(kept.fields.map((field) => field.join("=")));
  for (const input of form.querySelectorAll('input[name^="q."]')) input.checked = chosen.has(input.name + "=" + input.value);
  form.dispatchEvent(new Event("change", { bubbles: true }));
}

// The buttons stay where they are, and keep the focus: disabled ones would lose it.
function busy(now) {
  for (const button of form.elements) {
    if (button.type !== "submit" || button.hasAttribute("formaction")) continue;
    if (now) button.setAttribute("aria-disabled", "true");
    else button.removeAttribute("aria-disabled");
  }
}

// Puts the answers into the outbox. A page that was kept, or come back to, has the
// id of an attempt that may have been sent: what is sent anew is a new attempt.
async function post() {
  const id = hidden("attempt");
  if (await outbox.get(id.value) || await outbox.sent(id.value)) id.value = newID();
  const fields = ["csrf", "page", "attempt"].map((name) => [name, hidden(name).value]).concat(given());
  await outbox.put({ attempt: id.value, learner, address, fields, at: Date.now() });
  attempt = id.value;
  keep();
}

async function submitted(event) {
  if (event.target !== form || event.defaultPrevented || event.submitter?.hasAttribute("formaction")) return;
  event.preventDefault();
  if (here) return; // a second tap
  here = true;
  busy(true);
  say(state, "sending");
  try {
    await post();
  } catch {
    HTMLFormElement.prototype.submit.call(form); // there is no outbox: as without scripts
    return;
  }
  await send();
  if (attempt) askForLater();
}

// Where a browser can, it sends what waits when there is a connection again, also
// with no page open.
async function askForLater() {
  try {
    const { sync } = await navigator.serviceWorker.ready;
    await sync.register("first5-outbox");
  } catch { /* then at the next page */ }
}

async function send() {
  clearTimeout(timer);
  if (!attempt) return;
  const id = attempt;
  const answer = await outbox.send(id).catch(() => ({ state: "waiting" })); // the device's disk may fail
  if (id !== attempt) return; // this page knows already, and may have been left and come back to
  if (answer.state === "sent") await sent(answer.result);
  if (answer.state === "refused") refused(answer);
  if (answer.state === "gone") settle();
  if (answer.state === "waiting") wait(answer);
}

function settle() {
  attempt = "";
  here = false;
  tries = 0;
  busy(false);
}

async function sent(result) {
  const id = attempt;
  attempt = ""; // whoever comes back to this page begins another one
  forget();
  if (!here) { // it waited since an earlier visit: nobody is taken away from reading
    say(state, "sent", { link: address + "/" + id });
    settle();
    await outbox.told(id);
    return;
  }
  await outbox.told(id);
  location.assign(result);
}

function wait({ reached = false, after = 0 }) {
  const said = say(state, reached ? "late" : "away");
  said.querySelector("[data-do=try]").onclick = () => {
    say(state, "sending");
    send();
  };
  tries++;
  const seconds = Math.max(after, Math.min(longest, 2 ** tries) * (0.5 + Math.random() / 2));
  timer = setTimeout(send, seconds * 1000);
}

// Deletes answers that were refused, and what is chosen if it is still those.
async function discard(id) {
  await outbox.drop(id);
  let kept;
  try {
    kept = JSON.parse(localStorage.getItem(draft));
  } catch { /* nothing can be kept here */ }
  if (kept?.attempt === id) {
    for (const input of form.querySelectorAll('input[name^="q."]')) input.checked = false;
    form.dispatchEvent(new Event("change", { bubbles: true }));
    forget();
  }
  say(state, "discarded");
  [...form.querySelectorAll(".deck-moves button")].findLast((button) => !button.hidden)?.focus();
  await takeUp(); // there may be others
}

// What can't be brought back is asked for twice, in the same place.
function askToDiscard(button, id) {
  button.onclick = () => {
    button.textContent = button.dataset.sure;
    button.onclick = () => discard(id);
  };
}

// What the program does not take as it is stays on the device, and goes to it once
// more as an ordinary form: its own page then says what can be done.
function refused(answer) {
  const id = attempt;
  settle();
  const said = say(state, "refused", answer);
  askToDiscard(said.querySelector("[data-do=discard]"), id);
  said.querySelector("[data-do=open]").onclick = async () => {
    const again = document.createElement("form");
    again.method = "post";
    again.action = address;
    again.hidden = true;
    for (const [name, value] of (await outbox.get(id)).fields) {
      const input = Object.assign(document.createElement("input"), { type: "hidden", name, value });
      again.append(input);
    }
    document.body.append(again);
    again.submit();
  };
}

// Takes up what waits since an earlier visit.
async function takeUp() {
  const waiting = (await outbox.all()).filter((entry) => entry.learner === learner && entry.address === address);
  if (waiting.length === 0 || attempt) return;
  const last = waiting.sort((a, b) => a.at - b.at).at(-1);
  attempt = last.attempt;
  if (last.refused) refused(last.refused);
  else await send();
}

if (learner) {
  restore();
  form.addEventListener("change", keep);
  document.addEventListener("submit", submitted); // after what else the page makes of it
  addEventListener("online", send);
  addEventListener("pageshow", (event) => event.persisted && !attempt && settle());
  document.addEventListener("visibilitychange", () => document.hidden || send());
  new BroadcastChannel("first5-outbox").onmessage = ({ data }) => data === attempt && send();
  takeUp();
}
