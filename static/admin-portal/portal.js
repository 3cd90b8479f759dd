// What the stock admin leaves out. Every form works without it.

// Typing in a closed choice opens it with what was typed, as it does in a field for several.
document.addEventListener("keydown", (event) => {
  const box = event.target.closest?.(".select2-selection--single");
  if (!box || event.key.length !== 1 || event.key === " " || event.ctrlKey || event.altKey || event.metaKey) return;
  const select = box.closest(".select2-container").previousElementSibling;
  django.jQuery(select).select2("open");
  document.querySelector(".select2-container--open .select2-search__field")?.focus();
});

// A jump to the buttons without a new address: the browser would carry it through the save, past what the page says then.
document.addEventListener("click", (event) => {
  if (!event.target.closest?.('.skip-to-content-link[href="#steps"]')) return;
  event.preventDefault();
  document.querySelector("#steps button, #steps a")?.focus();
});

// A form that came back with mistakes begins at the first of them.
function goToMistake() {
  const box = document.querySelector('[aria-invalid="true"]:not([type=hidden])');
  for (let part = box?.closest("details"); part; part = part.parentElement.closest("details")) part.open = true;
  box?.focus();
}
window.addEventListener("load", goToMistake);

// Boxes that scripts build take the name of the field they stand for.
function nameOf(field) {
  const label = field?.id ? document.querySelector(`label[for="${CSS.escape(field.id)}"]`) : null;
  return field?.getAttribute("aria-label") || label?.textContent.trim().replace(/:$/, "");
}

function nameBoxes() {
  for (const box of document.querySelectorAll(".tiptap:not([aria-label])")) {
    const name = nameOf(box.closest(".prose-editor")?.parentElement.querySelector("textarea[id]"));
    if (name) box.setAttribute("aria-label", name);
  }
  for (const box of document.querySelectorAll(".select2-container:not([data-named])")) {
    const name = nameOf(box.previousElementSibling);
    const single = box.querySelector(".select2-selection--single");
    if (!name) continue;
    box.dataset.named = name;
    if (single) {
      single.removeAttribute("aria-labelledby");
      for (const part of [single, single.querySelector("[role=textbox]")]) part?.setAttribute("aria-label", name);
    }
  }
  for (const search of document.querySelectorAll(".select2-search__field:not([aria-label])")) {
    const open = document.querySelector(".select2-container--open[data-named]");
    const name = search.closest("[data-named]")?.dataset.named || open?.dataset.named;
    if (name) search.setAttribute("aria-label", name);
  }
}
new MutationObserver(nameBoxes).observe(document.body, { childList: true, subtree: true });
nameBoxes();
