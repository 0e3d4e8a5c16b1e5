// Shows days and moments as they are where the reader is, in the page's language
// and as the program writes them.

const written = { en: "en-GB" }; // the day before the month, as the pages have it
const language = document.documentElement.lang;
const day = { day: "numeric", month: "long", year: "numeric" };
const shown = { day, moment: { ...day, hour: "2-digit", minute: "2-digit" } };

export function localise(time) {
  const format = new Intl.DateTimeFormat(written[language] ?? language, shown[time.dataset.shown]);
  time.textContent = format.format(new Date(time.dateTime));
}
