// The service worker: it keeps pages on the device, so that a module that was
// opened once can be read without a connection, and sends answers that wait.
//
// Nobody sees what was kept for another. The program says in each page whose it
// is; what is kept is deleted when somebody signs out and when a page comes for
// somebody else, and is not shown while somebody signs in.

importScripts("static/outbox.js");

const current = ["static files"];
const pages = "first5-pages"; // by path, the one that was opened last at the end
const files = "first5-files"; // by address, which is made from their content
const mark = "/kept-for"; // an entry of the pages that says for whom they are
const most = 40; // pages that are kept
const patience = 4_000; // ms for a page of which there is a copy
const fromCopy = new Map(); // of when the copy is that a window shows

addEventListener("install", (event) => event.waitUntil(install()));
addEventListener("activate", (event) => event.waitUntil(activate()));
addEventListener("fetch", answer);
addEventListener("message", hear);
addEventListener("sync", (event) => event.waitUntil(outbox.sendAll().then((left) => left && Promise.reject())));

async function install() {
  await Promise.all([keepOfflinePage(), ...current.map(load)]);
  await skipWaiting();
}

async function activate() {
  await tidy();
  await clients.claim();
}

function answer(event) {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== location.origin || request.headers.has("Range")) return;
  if (request.mode === "navigate") noticePeople(event, pathname);
  if (request.method !== "GET") return;
  if (/^\/(static|assets)\//.test(pathname)) event.respondWith(file(request));
  else if (request.mode === "navigate" && !isPassing(pathname)) event.respondWith(page(event, pathname));
}

// Ways through a sign-in and downloads are no pages.
const isPassing = (path) => path.startsWith("/signin/") || path.startsWith("/api/") || /\.\w+$/.test(path);

// Who is signed in may be somebody else after these.
function noticePeople(event, path) {
  if (/^\/(signed-out|signout(\/everywhere)?)$/.test(path)) event.waitUntil(caches.delete(pages));
  if (/^\/signin\/[^/]+\/callback$/.test(path)) event.waitUntil(doubt());
}

async function readMark() {
  const cache = await caches.open(pages);
  return await (await cache.match(mark))?.json() ?? {};
}

async function writeMark(state) {
  const cache = await caches.open(pages);
  await cache.put(mark, new Response(JSON.stringify(state)));
}

// From now on nothing that is kept is shown, until a page that was asked for
// after this says who is signed in.
const doubt = async () => writeMark({ ...await readMark(), since: Date.now() });

// Says whether a page that was asked for at a time may be kept for a learner.
async function belongs(learner, asked) {
  const state = await readMark();
  if (state.since > asked) return false;
  if (state.learner && state.learner !== learner) await caches.delete(pages);
  if (state.learner !== learner || state.since) await writeMark({ learner });
  return true;
}

async function copyOf(path) {
  const { learner, since } = await readMark();
  return learner && !since ? (await caches.open(pages)).match(path) : undefined;
}

// The network comes first. Where it does not answer, or only a proxy does, the
// copy stands in, or the page that says so.
async function page(event, path) {
  const fresh = fetchPage(event, path);
  const kept = await copyOf(path);
  if (!kept) return fresh.catch(async () => await caches.match("/offline") ?? Response.error());
  const instead = () => {
    fromCopy.set(event.resultingClientId, new Date(kept.headers.get("Date")).toISOString());
    return kept;
  };
  const answered = fresh.then((response) => [502, 503, 504].includes(response.status) ? instead() : response, instead);
  let timer;
  const late = new Promise((resolve) => { timer = setTimeout(() => resolve(null), patience); });
  const first = await Promise.race([answered, late]);
  clearTimeout(timer);
  return first ?? await copyOf(path).then((still) => still ? instead() : answered);
}

async function fetchPage(event, path) {
  const asked = Date.now();
  const response = await fetch(event.request);
  const copy = response.clone();
  event.waitUntil(keep(path, copy, asked));
  return response;
}

// Keeps a page that the program says may be kept. What leads elsewhere, such as
// to the sign-in, is no page.
async function keep(path, response, asked) {
  const learner = response.headers.get("First5-Learner");
  if (!response.ok || response.redirected || !learner || !await belongs(learner, asked)) return;
  if (!response.headers.has("First5-Keep")) return;
  const cache = await caches.open(pages);
  const text = await response.clone().text();
  await cache.delete(path); // so that it comes last
  await cache.put(path, response);
  await Promise.all(named(text).filter(isLight).map(load));
  const kept = (await cache.keys()).filter((request) => !request.url.endsWith(mark));
  for (const old of kept.slice(0, -most)) await cache.delete(old);
  if (kept.length > most) await tidy();
}

const named = (text) => text.match(/\/(?:static|assets)\/[\w-]+\/[\w.%-]+/g) ?? [];
const isLight = (address) => !/\.(mp4|m4v|mov|webm|mp3|m4a)$/.test(address);

async function file(request) {
  const { pathname } = new URL(request.url);
  return await (await caches.open(files)).match(pathname, { ignoreVary: true }) ?? fetchFile(pathname, request);
}

// Has a file on the device, if it can be had.
async function load(address) {
  if (await (await caches.open(files)).match(address, { ignoreVary: true })) return;
  await fetchFile(address, address).catch(() => {});
}

// A file of another version of the program is given as it is now: it is not the
// one of that address, and is not kept.
async function fetchFile(address, request) {
  const response = await fetch(request);
  const kept = response.status === 200 && response.headers.get("Cache-Control")?.includes("immutable");
  if (kept && isLight(address)) await (await caches.open(files)).put(address, response.clone());
  return response;
}

async function keepOfflinePage() {
  const response = await fetch("/offline", { cache: "no-store" });
  if (!response.ok || response.redirected) throw response.status;
  await (await caches.open(files)).put("/offline", response);
}

// Deletes the files that neither this version of the program nor a kept page
// needs, of whatever version that page is.
async function tidy() {
  const cache = await caches.open(files);
  const kept = await caches.open(pages);
  const needed = new Set(["/offline", ...current]);
  for (const request of await kept.keys()) {
    for (const address of named(await (await kept.match(request)).text())) needed.add(address);
  }
  for (const address of needed) { // what is added on the way is looked at too
    if (!/\.(css|js)$/.test(address)) continue;
    const text = await (await cache.match(address, { ignoreVary: true }))?.text();
    for (const other of named(text ?? "")) needed.add(other);
  }
  for (const request of await cache.keys()) {
    if (!needed.has(new URL(request.url).pathname)) await cache.delete(request);
  }
}

function hear(event) {
  const { says, ...told } = event.data;
  if (says === "kept?") event.ports[0].postMessage(fromCopy.get(event.source.id));
  if (says === "opened") event.waitUntil(opened(told));
}

// A page has been opened: what it is made of is kept, also if it was loaded
// before there was a worker.
async function opened({ path, files: used, language }) {
  const offline = await caches.match("/offline");
  if (offline?.headers.get("Content-Language") !== language) await keepOfflinePage();
  if (!path) return;
  const asked = Date.now();
  const response = await fetch(path, { headers: { Accept: "text/html" } });
  await keep(path, response, asked);
  if (response.headers.has("First5-Keep")) await Promise.all(used.filter((address) => named(address)[0] === address && isLight(address)).map(load));
}
