// Moves by a finger or the arrow keys. Where text runs from right to left, so do
// the cards.

const towardsEnd = (element) => (getComputedStyle(element).direction === "rtl" ? -1 : 1);

// What needs fingers and arrow keys for itself.
const own = "input, textarea, select, video, audio, dialog, [contenteditable]";
const scrolls = (element) => {
  const table = element.closest("table, pre");
  return table !== null && table.scrollWidth > table.clientWidth;
};
const keepsToItself = (element) => !element.closest || element.closest(own) !== null || scrolls(element);

export function onSwipe(area, step) {
  let from = null;
  area.addEventListener("pointerdown", (event) => {
    const finger = event.isPrimary && event.pointerType !== "mouse";
    from = finger && !keepsToItself(event.target) ? event : null;
  });
  area.addEventListener("pointercancel", () => { from = null; });
  addEventListener("pointerup", (event) => {
    if (!from || event.pointerId !== from.pointerId) return;
    const across = event.clientX - from.clientX;
    const down = event.clientY - from.clientY;
    const quick = event.timeStamp - from.timeStamp < 800;
    from = null;
    if (!quick || Math.abs(across) < 56 || Math.abs(across) < 2 * Math.abs(down)) return;
    if (!getSelection().isCollapsed) return;
    step(Math.sign(-across) * towardsEnd(area));
  });
}

export function onArrow(area, step) {
  const ways = { ArrowRight: 1, ArrowLeft: -1 };
  document.addEventListener("keydown", (event) => {
    const way = ways[event.key];
    if (!way || event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (keepsToItself(event.target) || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    step(way * towardsEnd(area));
  });
}
