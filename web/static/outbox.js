// Answers that wait on this device until the program has them. Pages load this
// file as a module and the service worker as a plain script, so it is both: it
// exports nothing and leaves one thing to be used, self.outbox.
//
// Two lists are on the device's disk. "waiting" has what is to be sent, and is
// written before anything goes off; "sent" has what the program has acknowledged,
// so that whoever sent it (this page, another one, the service worker) all know.
self.outbox = (() => {
  "use strict";

  const patience = 15_000; // ms that an answer may take
  const memory = 90 * 24 * 3600_000; // ms that what is settled is remembered

  function open() {
    return new Promise((resolve, reject) => {
      const request = indexedDB.open("first5", 1);
      request.onupgradeneeded = () => {
        for (const list of ["waiting", "sent"]) request.result.createObjectStore(list, { keyPath: "attempt" });
      };
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  }

  // Does something to both lists at once. What it has changed is on the disk
  // when this is done.
  async function change(work) {
    const database = await open();
    try {
      return await new Promise((resolve, reject) => {
        const step = database.transaction(["waiting", "sent"], "readwrite", { durability: "strict" });
        const request = work(step.objectStore("waiting"), step.objectStore("sent"));
        step.oncomplete = () => resolve(request?.result);
        step.onabort = () => reject(step.error);
      });
    } finally {
      database.close();
    }
  }

  const put = (entry) => change((waiting) => waiting.put(entry));
  const get = (attempt) => change((waiting) => waiting.get(attempt));
  const sent = (attempt) => change((_, done) => done.get(attempt));
  const all = () => change((waiting) => waiting.getAll());
  const drop = (attempt) => change((waiting) => waiting.delete(attempt));

  // One at a time, in however many windows.
  const alone = (work) => navigator.locks ? navigator.locks.request("first5-outbox", work) : work();

  // Asks the program to take answers. Only what it says itself counts: a hotel's
  // sign-in page that answers in its place, or a proxy, settles nothing.
  async function ask(entry) {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), patience);
    let reached = false;
    let after = 0;
    try {
      const answer = await fetch(entry.address, {
        method: "POST",
        headers: { Accept: "application/json" },
        body: new URLSearchParams(entry.fields),
        cache: "no-store",
        signal: stop.signal,
      });
      reached = true;
      after = Number(answer.headers.get("Retry-After")) || 0;
      const said = await answer.json();
      if (answer.ok && String(said.result).startsWith("/")) return { state: "sent", result: said.result };
      if (said.retry === false) return { state: "refused", title: said.title, text: said.text };
    } catch { /* no connection, or no answer that can be read */ } finally {
      clearTimeout(timer);
    }
    return { state: "waiting", reached, after };
  }

  // Sends what waits under an attempt's id, unless that is done already.
  const send = (attempt) => alone(async () => {
    const entry = await get(attempt);
    if (!entry) {
      const before = await sent(attempt);
      return before ? { state: "sent", result: before.result } : { state: "gone" };
    }
    const answer = await ask(entry);
    if (answer.state === "sent") await settle(entry, answer.result);
    if (answer.state === "refused") await put({ ...entry, refused: { title: answer.title, text: answer.text } });
    return answer;
  });

  async function settle(entry, result) {
    const { attempt, learner, address } = entry;
    await overtake(entry);
    await change((waiting, done) => {
      waiting.delete(attempt);
      return done.put({ attempt, learner, result, link: address + "/" + attempt, at: Date.now(), told: false });
    });
    const channel = new BroadcastChannel("first5-outbox");
    channel.postMessage(attempt);
    channel.close();
  }

  // Forgets answers to a module that were refused before others were taken.
  async function overtake({ attempt, learner, address, at }) {
    for (const old of await all()) {
      const before = old.refused && old.attempt !== attempt && old.at <= at;
      if (before && old.learner === learner && old.address === address) await drop(old.attempt);
    }
  }

  // Forgets answers of which another way has shown that they were taken.
  async function taken(attempt) {
    const entry = await get(attempt);
    if (!entry) return;
    await overtake(entry);
    await drop(attempt);
  }

  // Sends everything that waits, and says whether anything still does. What was
  // refused waits for its learner, and not for a connection.
  async function sendAll() {
    let left = false;
    for (const entry of await all()) {
      if (entry.refused) {
        if (entry.at < Date.now() - memory) await drop(entry.attempt);
        continue;
      }
      const { state } = await send(entry.attempt);
      left ||= state === "waiting";
    }
    return left;
  }

  // What was sent for a learner that they have not been told of.
  async function news(learner) {
    const done = await change((_, list) => list.getAll());
    return done.filter((entry) => entry.learner === learner && !entry.told);
  }

  // Remembers that a learner knows of something, and forgets what is long past.
  const told = (attempt) => change((_, done) => {
    const request = done.getAll();
    request.onsuccess = () => {
      for (const entry of request.result) {
        if (entry.attempt === attempt) done.put({ ...entry, told: true });
        else if (entry.at < Date.now() - memory) done.delete(entry.attempt);
      }
    };
  });

  return { put, get, sent, all, drop, taken, send, sendAll, news, told };
})();
