// The admin's search boxes (select2) are called by their value alone, an empty one by nothing: add the field's label.
// jQuery's own queue: the boxes are made in it by a script further up.
window.django?.jQuery?.(() => {
  for (const box of document.querySelectorAll(".select2-selection--single[aria-labelledby]")) {
    const label = box.closest(".select2-container").previousElementSibling?.labels?.[0];
    const value = box.querySelector(".select2-selection__rendered");
    if (!label || !value) continue;
    label.id ||= `${label.htmlFor}_label`;
    box.setAttribute("aria-labelledby", `${label.id} ${value.id}`);
    value.setAttribute("aria-labelledby", label.id);
  }
  // of several values: the field in which one types has no name at all
  for (const typed of document.querySelectorAll(".select2-selection--multiple .select2-search__field")) {
    const label = typed.closest(".select2-container").previousElementSibling?.labels?.[0];
    if (label) typed.setAttribute("aria-label", label.textContent.trim());
  }
});
