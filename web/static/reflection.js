// Saves what the reader writes to a private question while they write it. Until
// the program has it, a copy stays on this device, under a name that only this
// reader's pages know.

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
    this.state = box.querySelector(".reflect-state");
    this.name = `first5.reflection.${learner}.${module}.${this.id}`;
    this.kept = this.text.value; // what the program has
    this.wait = 0;
    this.busy = false;
    this.button.hidden = true;
    this.restore();
    this.text.addEventListener("input", () => this.typed());
    this.text.addEventListener("blur", () => this.save());
  }

  waits() { return this.text.value.trim() !== this.kept.trim(); }

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
    this.kept = "\0"; // not known: whatever is in the field waits
    this.save();
  }

  typed() {
    copies.write(this.name, { text: this.text.value, mark: this.mark.value });
    this.say("");
    this.later(soon);
  }

  later(ms) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), ms);
  }

  say(words) {
    if (this.state.textContent !== words) this.state.textContent = words;
  }

  async save(leaving = false) {
    clearTimeout(this.timer);
    if (!this.waits() || this.busy && !leaving) return;
    this.busy = !leaving;
    const sent = this.text.value;
    if (!leaving) this.say(saving);
    try {
      const answer = await this.send(sent, leaving);
      this.wait = 0;
      this.acknowledge(sent, answer);
    } catch (error) {
      this.fail(error.cause);
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
    if (!answer.ok) throw new Error("not saved", { cause: answer.status });
    return answer.json();
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
    this.kept = text;
    if (!this.waits()) {
      copies.write(this.name, null);
      this.say(saved);
      return;
    }
    this.typed();
  }

  // Fails may pass: no connection, a program that is busy or signed out. What the
  // program refuses is not sent again by itself.
  fail(status) {
    copies.write(this.name, { text: this.text.value, mark: this.mark.value });
    this.say(unsaved);
    const refused = status >= 400 && status < 500 && status !== 429;
    if (refused) return;
    this.wait = Math.min(longest, this.wait * 2 || 4_000);
    this.later(this.wait);
  }
}

const fields = [...deck.querySelectorAll(".reflect")].map((box) => new Field(box));
addEventListener("online", () => fields.forEach((field) => field.save()));
addEventListener("pagehide", () => fields.forEach((field) => field.save(true)));
document.addEventListener("visibilitychange", () => fields.forEach((field) => field.save(document.hidden)));
