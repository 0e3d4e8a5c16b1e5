// What every page does: shows dates as they are where its reader is, sends answers
// that waited on this device, and has the device keep what may be read without a
// connection.

import "static/outbox.js";
import { copied } from "static/copy.js";
import { localise } from "static/dates.js";
import { tellPlaces } from "static/place.js";
import { say } from "static/words.js";

const learner = document.documentElement.dataset.learner;
const told = document.getElementById("page_told");
const worker = navigator.serviceWorker; // not there where the connection is not secret

// Says something at the top of the page, beside what was said before.
function tell(name, values) {
  const line = told.querySelector(`[data-line="${name}"]`) ?? document.createElement("p");
  line.dataset.line = name;
  const said = say(line, name, values);
  told.append(line);
  return said;
}

const untell = (name) => told.querySelector(`[data-line="${name}"]`)?.remove();

// Answers go off whoever is signed in, each as those of its learner. Only that
// learner is told.
async function catchUp() {
  const left = await outbox.sendAll();
  if (!learner) return;
  tellPlaces().catch(() => {}); // no connection: at the next page
  for (const { attempt, link } of await outbox.news(learner)) {
    await outbox.told(attempt);
    if (link !== location.pathname) tell("sent", { link });
  }
  const own = (await outbox.all()).some((entry) => entry.learner === learner && !entry.refused);
  if (left && own && !document.getElementById("page_sending")) tell("waiting");
  else untell("waiting");
}

// The result of answers is the proof that they were taken, also if they were sent
// by a form's own means.
async function settleOwn() {
  const [, slug, attempt] = location.pathname.match(/^\/modules\/([^/]+)\/attempts\/([^/]+)$/) ?? [];
  const { responseStatus = 200 } = performance.getEntriesByType("navigation")[0] ?? {};
  if (!attempt || !learner || responseStatus !== 200) return;
  await outbox.taken(attempt);
  for (const name of Object.keys(localStorage)) {
    if (!name.startsWith(`first5.answers.${learner}.${slug}.`)) continue;
    if (JSON.parse(localStorage.getItem(name)).attempt === attempt) localStorage.removeItem(name);
  }
}

async function keepOffline() {
  const known = Boolean(worker.controller);
  await worker.register("/sw.js", { updateViaCache: "none" });
  const { active } = await worker.ready;
  active.postMessage({
    says: "opened",
    path: known ? "" : location.pathname, // who did not see it being loaded asks for it again
    files: performance.getEntriesByType("resource").map((entry) => new URL(entry.name).pathname),
    language: document.documentElement.lang,
  });
}

// A page that comes from what the device keeps says so.
function sayOfWhen(at) {
  if (!at) return;
  const time = tell("kept").querySelector("time");
  time.dateTime = at;
  time.dataset.shown = "moment";
  localise(time);
}

// What a learner has deleted is in no copy of a page either.
async function dropModules() {
  const pages = await caches.open("first5-pages");
  for (const request of await pages.keys()) {
    if (new URL(request.url).pathname.startsWith("/modules/")) await pages.delete(request);
  }
}

// Whoever signs out is told of what they wrote that only this device has. Which
// learner that was, this tab knows: there may be texts of others, which are none
// of theirs.
function tellUnsaved() {
  const own = `first5.reflection.${sessionStorage.getItem("first5.learner")}.`;
  const unsaved = Object.keys(localStorage).filter((name) => name.startsWith(own));
  if (unsaved.length === 0) return;
  tell("unwritten").querySelector("button").onclick = () => {
    unsaved.forEach((name) => localStorage.removeItem(name));
    untell("unwritten");
    tell("deleted");
  };
}

// A browser may be told to keep nothing.
function lookAfterTexts() {
  try {
    if (learner) sessionStorage.setItem("first5.learner", learner);
    if (location.pathname === "/signed-out") tellUnsaved();
  } catch { /* then it keeps none */ }
}

document.querySelectorAll("time[data-shown]").forEach(localise);
if (["/signed-out", "/signout", "/signout/everywhere"].includes(location.pathname)) self.caches?.delete("first5-pages");
if (location.pathname === "/learning/reflections" && location.search.includes("did=deleted")) self.caches && dropModules();
lookAfterTexts();
copied.then(sayOfWhen);
if (worker) {
  if (document.readyState === "complete") keepOffline();
  else addEventListener("load", keepOffline);
}
settleOwn().catch(() => {}).then(catchUp); // a browser may be told to keep nothing
addEventListener("online", catchUp);
document.addEventListener("visibilitychange", () => document.hidden || catchUp());
