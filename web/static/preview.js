// Keeps a preview's page up with what its author saves. Without it everything
// works, but pages have to be loaded again by hand.
(() => {
  "use strict";

  if (top !== self) { // a link in a frame led here
    top.location.href = location.href;
    return;
  }

  const alive = document.getElementById("page_alive");
  const parts = (page) => [...page.querySelectorAll("[data-part]")];
  const state = (page) => page.querySelector("[data-state]").dataset.state;
  const frames = () => [...document.querySelectorAll("iframe")];
  let shown = state(document);
  let asked = 0;
  let stream;

  function listen() {
    stream = new EventSource("/events");
    stream.onmessage = (event) => {
      say("Live", false);
      if (event.data !== shown) update();
    };
    stream.onerror = () => {
      say("The preview has stopped. This page goes on when it runs again.", true);
      if (stream.readyState === EventSource.CLOSED) setTimeout(() => document.hidden || listen(), 1000);
    };
  }

  // A browser has few connections to one address: pages that nobody sees leave
  // theirs to others, and catch up later.
  function listenWhileSeen() {
    if (stream) stream.close();
    if (!document.hidden) listen();
  }

  function say(words, stopped) {
    alive.classList.toggle("stopped", stopped);
    if (alive.textContent !== words) alive.textContent = words;
  }

  // update fetches the page again and swaps what has changed.
  async function update() {
    const mine = ++asked;
    let page;
    try {
      const answer = await fetch(location.href, { cache: "no-store" });
      page = new DOMParser().parseFromString(await answer.text(), "text/html");
    } catch {
      return; // the stream tells when to try again
    }
    if (mine !== asked) return;
    const fresh = parts(page);
    if (fresh.map((p) => p.id).join() !== parts(document).map((p) => p.id).join()) {
      location.reload();
      return;
    }
    const changed = state(page) !== shown;
    shown = state(page);
    document.title = page.title;
    swap(fresh);
    for (const frame of frames()) {
      const src = page.querySelector(`iframe[name="${frame.name}"]`).getAttribute("src");
      if (src !== frame.getAttribute("src")) {
        frame.setAttribute("src", src);
      } else if (changed) {
        reload(frame);
      }
    }
  }

  function swap(fresh) {
    const focus = document.activeElement && document.activeElement.id;
    for (const part of fresh) {
      const old = document.getElementById(part.id);
      if (old.innerHTML !== part.innerHTML) old.replaceWith(document.adoptNode(part));
    }
    const again = focus && document.getElementById(focus);
    if (again && again !== document.activeElement) again.focus({ preventScroll: true });
  }

  const places = new WeakMap(); // where the reader of a frame was, until it is there again

  function reload(frame) {
    const doc = frame.contentDocument;
    if (!doc) { // the browser's own page, from while the preview had stopped
      frame.setAttribute("src", frame.getAttribute("src"));
      return;
    }
    if (!places.has(frame)) {
      places.set(frame, {
        path: doc.location.pathname,
        top: frame.contentWindow.scrollY,
        open: [...doc.querySelectorAll("details")].map((d) => d.open),
        chosen: [...doc.querySelectorAll("input:checked")].map((i) => [i.name, i.value].join()),
      });
    }
    // The place is ours to find again: the browser's own guess would come after it.
    frame.contentWindow.history.scrollRestoration = "manual";
    doc.location.reload();
  }

  function loaded(frame) {
    const doc = frame.contentDocument;
    if (!doc) return;
    for (const link of doc.querySelectorAll('a[href^="http"], a[href^="mailto:"]')) {
      link.target = "_blank"; // frames show nothing from other sites
      link.rel = "noopener";
    }
    const place = places.get(frame);
    places.delete(frame);
    if (!place || place.path !== doc.location.pathname) return;
    doc.querySelectorAll("details").forEach((d, i) => { d.open = place.open[i] || d.open; });
    for (const input of doc.querySelectorAll("input")) {
      if (place.chosen.includes([input.name, input.value].join())) input.checked = true;
    }
    // Nor may a font that comes late move it.
    doc.documentElement.style.overflowAnchor = "none";
    frame.contentWindow.scrollTo({ top: place.top, behavior: "instant" });
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    if (link.matches("[data-toggle]")) {
      event.preventDefault();
      history.pushState(null, "", link.href);
      update();
    }
    if (link.target === "phone") document.querySelector("iframe").scrollIntoView({ block: "nearest" });
  });

  for (const frame of frames()) {
    frame.addEventListener("load", () => loaded(frame));
    if (frame.contentDocument && frame.contentDocument.readyState === "complete") loaded(frame);
  }
  addEventListener("popstate", update);
  addEventListener("pagehide", () => stream && stream.close());
  addEventListener("pageshow", (event) => event.persisted && listenWhileSeen());
  document.addEventListener("visibilitychange", listenWhileSeen);
  listenWhileSeen();
})();
