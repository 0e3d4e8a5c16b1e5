// Shows a footnote in a panel over the card, which stays where it is. The browser
// closes the panel with Escape and gives the focus back to the mark.

const panel = document.getElementById("deck_note");

// Shows a note, and says whether there is one.
export function showNote(note) {
  if (!note || !panel?.showModal) return false;
  const text = note.cloneNode(true);
  for (const link of text.querySelectorAll("[role=doc-backlink]")) link.remove();
  for (const named of text.querySelectorAll("[id]")) named.removeAttribute("id");
  panel.firstElementChild.replaceChildren(...text.childNodes);
  panel.showModal();
  panel.querySelector("button").focus();
  return true;
}

panel?.addEventListener("click", (event) => {
  if (event.target === panel) panel.close(); // beside it
});
