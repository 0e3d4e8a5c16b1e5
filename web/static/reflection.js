// Saves what the reader writes to a private question while they write it. Until
// the program has it, a copy stays on this device, under a name that only this
// reader's pages know.

import { ours, say } from "static/words.js";

const deck = document.getElementById("page_deck");
const form = deck.querySelector("form[data-send]");
const { learner } = document.documentElement.dataset;
const { module, saving, saved, unsaved } = deck.dataset;
const soon = 800; // ms after the last key
const longest = 60_000; // ms between two tries

// A browser may have no room, or be told to keep nothing.
const copies = {
  read(name) {
    try {
      return JSON.parse(localStorage.getItem(name));
    } catch {
      return null;
    }
  },
  write(name, copy) {
    try {
      if (copy) localStorage.setItem(name, JSON.stringify(copy));
      else localStorage.removeItem(name);
    } catch { /* then there is only the page */ }
  },
};

class Field {
  constructor(box) {
    this.text = box.querySelector("textarea");
    this.id = this.text.name.slice(2);
    this.mark = form.elements["w." + this.id];
    this.button = box.querySelector("button[name=save]");
    this.state = ours(box.querySelector(".reflect-state"));
    this.name = `first5.reflection.${learner}.${module}.${this.id}`;
    this.kept = this.text.value; // what the program has
    this.wait = 0;
    this.busy = false;
    this.refused = null; // the text that the program does not take
    this.button.hidden = true;
    this.makeRoom();
    this.restore();
    this.text.addEventListener("input", () => this.typed());
    this.text.addEventListener("blur", () => this.save());
  }

  waits() {
    const { value } = this.text;
    return value.trim() !== this.kept.trim() && value !== this.refused;
  }

  // What two devices wrote may together be longer than a field takes: it can be
  // edited all the same.
  makeRoom() {
    const { maxLength, value } = this.text;
    if (maxLength >= 0) this.text.maxLength = Math.max(maxLength, value.length);
  }

  // A copy that the program did not acknowledge is sent again with the mark of
  // the text that it was made from: so nothing that another device has written
  // since is lost, and neither is this.
  restore() {
    const copy = copies.read(this.name);
    if (!copy || copy.text.trim() === this.kept.trim()) {
      copies.write(this.name, null);
      return;
    }
    this.text.value = copy.text;
    this.mark.value = copy.mark;
    this.makeRoom();
    this.kept = "\0"; // not known: whatever is in the field waits
    this.save();
  }

  typed() {
    copies.write(this.name, { text: this.text.value, mark: this.mark.value });
    this.show("");
    this.later(soon);
  }

  later(ms) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), ms);
  }

  show(words) {
    if (this.state.textContent !== words) this.state.textContent = words;
  }

  async save(leaving = false) {
    clearTimeout(this.timer);
    if (!this.waits() || this.busy && !leaving) return;
    this.busy = !leaving;
    const sent = this.text.value;
    if (!leaving) this.show(saving);
    try {
      const answer = await this.send(sent, leaving);
      this.wait = 0;
      this.acknowledge(sent, answer);
    } catch (error) {
      this.fail(sent, error.cause ?? {});
    }
    this.busy = false;
  }

  async send(text, leaving) {
    const fields = new URLSearchParams();
    for (const name of ["csrf", "page", "lang"]) fields.set(name, form.elements[name].value);
    fields.set("save", this.id);
    fields.set("r." + this.id, text);
    fields.set("w." + this.id, this.mark.value);
    const answer = await fetch(this.button.formAction, {
      method: "POST",
      body: fields,
      headers: { Accept: "application/json" },
      keepalive: leaving,
    });
    if (answer.ok) return answer.json();
    const said = await answer.json().catch(() => ({}));
    throw new Error("not saved", { cause: { ...said, status: answer.status } });
  }

  acknowledge(sent, { text, mark }) {
    const typedMeanwhile = this.text.value !== sent;
    if (text.trim() === sent.trim()) {
      this.mark.value = mark;
    } else if (!typedMeanwhile) {
      this.text.value = text;
      this.mark.value = mark;
    } else if (text.startsWith(sent.trim())) { // what another device wrote follows
      const end = this.text.value.length;
      this.text.setRangeText(text.slice(sent.trim().length), end, end, "preserve");
      this.mark.value = mark;
    } // else the old mark stays, and the program puts both together next time
    this.makeRoom();
    this.kept = text;
    this.refused = null;
    if (!this.waits()) {
      copies.write(this.name, null);
      this.show(saved);
      return;
    }
    this.typed();
  }

  // Fails may pass: no connection, or a program that is busy. Whoever is signed out
  // is led through the sign-in and back here, or comes back from another window.
  // What the program does not take as it is, is sent again when it has been changed.
  fail(sent, { status, title, text, retry }) {
    copies.write(this.name, { text: this.text.value, mark: this.mark.value });
    if (status === 401) {
      say(this.state, "signed-out", { link: "/signin?" + new URLSearchParams({ return: location.pathname + location.search }) });
      return;
    }
    if (retry === false) {
      if (status === 413 || status === 422) this.refused = sent;
      say(this.state, "unsaved", { title, text });
      return;
    }
    this.show(unsaved);
    this.wait = Math.min(longest, this.wait * 2 || 4_000);
    this.later(this.wait);
  }
}

const fields = [...deck.querySelectorAll(".reflect")].map((box) => new Field(box));
addEventListener("online", () => fields.forEach((field) => field.save()));
addEventListener("pagehide", () => fields.forEach((field) => field.save(true)));
document.addEventListener("visibilitychange", () => fields.forEach((field) => field.save(document.hidden)));
