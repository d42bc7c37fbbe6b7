/* The signature under one's own agreement: drawn on a canvas, sent as a PNG and as the strokes with their times. */
"use strict";

(() => {
  const form = document.querySelector("[data-drawn-signature]");
  if (!form || !window.SignaturePad) { return; }
  const canvas = form.querySelector("[data-pad]");
  const picture = form.querySelector("[name=picture]");
  const strokes = form.querySelector("[name=strokes]");

  const pad = new window.SignaturePad(canvas, { backgroundColor: "rgb(255, 255, 255)", penColor: "rgb(20, 24, 40)" });
  const keep = () => {
    picture.value = pad.isEmpty() ? "" : pad.toDataURL("image/png");
    strokes.value = pad.isEmpty() ? "" : JSON.stringify(pad.toData());
  };
  pad.addEventListener("endStroke", keep);
  form.querySelector("[data-clear]").addEventListener("click", () => { pad.clear(); keep(); });
  form.addEventListener("submit", keep);
})();
