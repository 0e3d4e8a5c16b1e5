// Shows days and moments as they are where the reader is: in the page's language,
// as the reader's own region writes it, or else as the program does.

const written = { en: "en-GB" }; // the day before the month, as the pages have it
const language = document.documentElement.lang;
const base = (tag) => tag.split("-")[0].toLowerCase();
const own = navigator.languages.find((tag) => base(tag) === base(language)) ?? language;
const day = { day: "numeric", month: "long", year: "numeric" };
const shown = { day, moment: { ...day, hour: "2-digit", minute: "2-digit" } };

export function localise(time) {
  const format = new Intl.DateTimeFormat(written[own] ?? own, shown[time.dataset.shown]);
  time.textContent = format.format(new Date(time.dateTime));
}
