/* Entry permissions: only the field that the kind names is shown; without script all of them are. */
"use strict";

(() => {
  const kind = document.querySelector("select[name=kind]");
  const names = ["person", "post", "department"];
  const box = (name) => {
    const field = document.querySelector(`select[name=${name}]`);
    return field && field.closest(".form-field");
  };
  if (!kind || ![...kind.options].every((option) => names.includes(option.value))) { return; }
  const show = () => names.forEach((name) => { if (box(name)) { box(name).hidden = kind.value !== name; } });
  kind.addEventListener("change", show);
  show();
})();
