/* A drawn signature for a receiver without a sign-in: shown when a name is typed, sent as a PNG in a hidden input. */
"use strict";

(() => {
  const field = document.querySelector("[data-signature]");
  const box = document.querySelector("[data-signature-box]");
  const canvas = document.querySelector("[data-signature-pad]");
  const name = document.querySelector("[name=receiver_name]");
  if (!field || !box || !canvas || !name || !window.SignaturePad) { return; }

  const pad = new window.SignaturePad(canvas, { backgroundColor: "rgb(255, 255, 255)" });
  const show = () => { box.hidden = !name.value.trim(); };
  const keep = () => { field.value = pad.isEmpty() ? "" : pad.toDataURL("image/png"); };
  name.addEventListener("input", show);
  pad.addEventListener("endStroke", keep);
  document.querySelector("[data-signature-clear]").addEventListener("click", () => { pad.clear(); keep(); });
  field.form.addEventListener("submit", keep);
  show();
})();
