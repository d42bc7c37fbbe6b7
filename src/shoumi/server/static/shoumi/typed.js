/* Keeps what somebody typed until the server has it: a line that drops, a reload or a closed lid loses no form.

   What is typed stays in this tab's session storage, under the person and the address.  Each form carries a
   random word; the server answers with that word in a cookie once it has taken the form, and only then is the
   kept text forgotten.  Passwords, hidden fields and files are never kept, nor forms marked data-forget. */
"use strict";

(() => {
  const COOKIE = "shoumi_typed", FIELD = "typed", PREFIX = "typed:", WAIT = 250;
  const words = document.getElementById("typed");
  if (!words) { return; }

  const forms = () => [...document.querySelectorAll("main form[method=post]:not([data-forget]), dialog form[method=post]:not([data-forget])")]
    .filter((form) => !form.querySelector("input[type=password]"));
  const keyOf = (form) => PREFIX + [words.dataset.user, window.location.pathname,
    new URL(form.action, window.location.href).pathname, form.id || ""].join("|");
  const fieldsOf = (form) => [...form.elements].filter((field) => field.name && field.name !== FIELD
    && field.matches("input:not([type=hidden]):not([type=file]):not([type=submit]):not([type=button]), textarea, select"));
  const read = (field) => (field.matches("[type=checkbox], [type=radio]") ? field.checked
    : field.multiple ? [...field.selectedOptions].map((option) => option.value) : field.value);
  const write = (field, value) => {
    if (field.matches("[type=checkbox], [type=radio]")) { field.checked = value; }
    else if (field.multiple) { [...field.options].forEach((option) => { option.selected = value.includes(option.value); }); }
    else { field.value = value; }
  };
  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

  const forgetWhatArrived = () => {
    const found = document.cookie.match(new RegExp(`(?:^|; )${COOKIE}=([0-9a-f]+)`));
    if (!found) { return; }
    Object.keys(window.sessionStorage).filter((key) => key.startsWith(PREFIX)).forEach((key) => {
      if (JSON.parse(window.sessionStorage.getItem(key)).word === found[1]) { window.sessionStorage.removeItem(key); }
    });
  };

  const wordOf = (form) => {
    let field = form.querySelector(`input[name=${FIELD}]`);
    if (!field) {
      field = Object.assign(document.createElement("input"), { type: "hidden", name: FIELD });
      field.value = [...window.crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
      form.append(field);
    }
    return field.value;
  };

  const keep = (form) => {
    const kept = fieldsOf(form).map((field) => [field.name, read(field)]);
    window.sessionStorage.setItem(keyOf(form), JSON.stringify({ word: wordOf(form), at: Date.now(), kept }));
    form.dataset.kept = kept.length;
  };

  const say = (form, text, onDiscard) => {
    form.parentElement.querySelectorAll(".typed-note").forEach((note) => note.remove());
    const note = document.createElement("div");
    note.className = "alert alert-info typed-note";
    note.setAttribute("role", "status");
    note.append(Object.assign(document.createElement("div"), { textContent: text }));
    if (onDiscard) {
      const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-sm", textContent: words.dataset.discard });
      button.addEventListener("click", () => { onDiscard(); note.remove(); });
      note.append(button);
    }
    form.before(note);
  };

  const restore = (form) => {
    const text = window.sessionStorage.getItem(keyOf(form));
    if (!text) { return; }
    const { at, kept } = JSON.parse(text);
    const before = fieldsOf(form).map((field) => [field, read(field)]);
    const left = [...kept];
    let changed = false;
    before.forEach(([field, value]) => {
      const place = left.findIndex(([name]) => name === field.name);
      if (place < 0) { return; }
      const [, typed] = left.splice(place, 1)[0];
      if (!same(value, typed)) { write(field, typed); field.dispatchEvent(new Event("change", { bubbles: true })); changed = true; }
    });
    if (!changed) { return; }
    const time = new Date(at).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
    say(form, words.dataset.restored.replace("{time}", time), () => {
      before.forEach(([field, value]) => write(field, value));
      window.sessionStorage.removeItem(keyOf(form));
    });
  };

  const waiting = new Map();
  const typing = (event) => {
    const form = event.target.form;
    if (!event.isTrusted || !form || !forms().includes(form)) { return; }
    window.clearTimeout(waiting.get(form));
    waiting.set(form, window.setTimeout(() => keep(form), WAIT));
  };
  document.addEventListener("input", typing);
  document.addEventListener("change", typing);
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!forms().includes(form)) { return; }
    window.clearTimeout(waiting.get(form));
    if (window.sessionStorage.getItem(keyOf(form)) || waiting.has(form)) { keep(form); }
    if (!navigator.onLine) { event.preventDefault(); say(form, words.dataset.offline); }
  });
  document.addEventListener("DOMContentLoaded", () => { forgetWhatArrived(); forms().forEach(restore); });
  document.addEventListener("htmx:afterRequest", forgetWhatArrived);
  window.addEventListener("pageshow", (event) => { if (event.persisted) { forgetWhatArrived(); } });
})();
