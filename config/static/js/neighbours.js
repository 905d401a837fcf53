// The arrow keys go to the neighbours in the list, unless the focus is where arrows have a meaning of their own.
document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.defaultPrevented) return;
  const relation = { ArrowLeft: "prev", ArrowRight: "next" }[event.key];
  if (!relation || event.target.closest("input, textarea, select, summary, .table-scroll, [contenteditable], [role]")) return;
  document.querySelector(`.member-neighbours a[rel=${relation}]`)?.click();
});
