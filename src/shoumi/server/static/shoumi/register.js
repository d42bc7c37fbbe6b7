/* The register's own behaviour: a filter above long lists of boxes, and only the fields that the period needs. */
"use strict";

(() => {
  const LONG = 8; // boxes from which a filter is worth its place

  for (const chooser of document.querySelectorAll("[data-chooser]")) {
    const rows = [...chooser.querySelectorAll("input[type=checkbox]")].map((box) => box.closest("div:has(> label), label, .form-check") || box.parentElement);
    const legend = chooser.querySelector("legend, .form-label");
    if (rows.length <= LONG || !legend) { continue; }
    const field = document.createElement("input");
    field.type = "search";
    field.className = "form-control form-control-sm chooser-filter";
    field.setAttribute("aria-label", `${chooser.dataset.chooser}: ${legend.textContent.trim()}`);
    field.placeholder = chooser.dataset.chooser;
    legend.after(field);
    field.addEventListener("input", () => {
      const wanted = field.value.trim().toLowerCase();
      for (const row of rows) {
        const chosen = row.querySelector("input").checked;
        row.classList.toggle("is-hidden", Boolean(wanted) && !chosen && !row.textContent.toLowerCase().includes(wanted));
      }
    });
    field.addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); } });
  }

  const kinds = document.querySelectorAll("input[type=radio][name=kind]");
  const fields = { span: ["years", "months", "days"], until_date: ["until"], until_publication: ["publication_event"] };
  const show = () => {
    const chosen = [...kinds].find((kind) => kind.checked);
    for (const [kind, names] of Object.entries(fields)) {
      for (const name of names) {
        const input = document.querySelector(`[name=${name}]`);
        const box = input && input.closest(".form-field");
        if (box) { box.hidden = Boolean(chosen) && chosen.value !== kind; }
      }
    }
  };
  if (document.querySelector("[name=publication_event]")) {
    kinds.forEach((kind) => kind.addEventListener("change", show));
    show();
  }
})();
