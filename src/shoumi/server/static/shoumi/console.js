/* The console's own behaviour, on top of pages that work without it:
   the search key, dialogs, confirmation, announcements after htmx swaps, toasts, choosing rows. */
"use strict";

(() => {
  const announce = (text) => {
    const place = document.getElementById("announcer");
    if (place) { place.textContent = ""; window.setTimeout(() => { place.textContent = text; }, 50); }
  };

  const toast = (text, kind) => {
    const place = document.getElementById("toasts");
    if (!place) { return; }
    const box = document.createElement("div");
    box.className = `alert alert-${kind || "success"} toast-note`;
    box.textContent = text;
    place.append(box);
    window.setTimeout(() => box.remove(), 6000);
  };

  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const box = document.querySelector("[data-shortcut='/']");
      if (box) { event.preventDefault(); box.focus(); box.select(); }
    }
  });

  /* a[data-dialog]: open the page's fragment in the dialog; without script it is a page of its own */
  let opener = null;
  const dialog = () => document.getElementById("dialog");
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target === dialog() && !dialog().open) {
      opener = event.detail.requestConfig.elt;
      dialog().showModal();
    }
  });
  document.addEventListener("click", (event) => {
    const closer = event.target.closest("[data-dialog-close]");
    if (closer && dialog() && dialog().contains(closer)) { event.preventDefault(); dialog().close(); }
    if (event.target === dialog()) { dialog().close(); }
  });
  document.addEventListener("close", (event) => {
    if (event.target === dialog()) { dialog().replaceChildren(); if (opener) { opener.focus(); } opener = null; }
  }, true);

  /* form[data-confirm]: ask once before what cannot be undone */
  document.addEventListener("submit", (event) => {
    const question = (event.submitter && event.submitter.dataset.confirm) || event.target.dataset.confirm;
    if (question && !window.confirm(question)) { event.preventDefault(); event.stopImmediatePropagation(); }
  }, true);

  /* select[data-submit], input[data-submit]: send the form when the value changes */
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-submit]")) { event.target.form.requestSubmit(); }
  });

  /* rows that can be chosen: one box in the head chooses all, the bar shows how many */
  const countChosen = (form) => {
    const boxes = [...form.querySelectorAll("input[name='chosen']")];
    const chosen = boxes.filter((box) => box.checked).length;
    form.classList.toggle("has-chosen", chosen > 0);
    form.querySelectorAll("[data-chosen-count]").forEach((place) => { place.textContent = chosen; });
    const all = form.querySelector("[data-choose-all]");
    if (all) { all.checked = chosen > 0 && chosen === boxes.length; all.indeterminate = chosen > 0 && chosen < boxes.length; }
  };
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-rows]");
    if (!form) { return; }
    if (event.target.matches("[data-choose-all]")) {
      form.querySelectorAll("input[name='chosen']").forEach((box) => { box.checked = event.target.checked; });
    }
    if (event.target.matches("[data-choose-all], input[name='chosen']")) { countChosen(form); }
  });

  /* [data-copy]: copy the text of the named element */
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) { return; }
    const source = document.querySelector(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(source.textContent.trim());
      toast(button.dataset.copied || "✓");
    } catch { window.getSelection().selectAllChildren(source); }
  });

  /* what scrolls can be reached with the keyboard */
  const reachable = () => document.querySelectorAll(".table-scroll, pre").forEach((box) => {
    if (box.scrollWidth > box.clientWidth) { box.tabIndex = 0; }
  });
  document.addEventListener("DOMContentLoaded", reachable);
  document.addEventListener("htmx:afterSettle", reachable);
  window.addEventListener("resize", reachable);

  /* [data-print] prints the page */
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) { event.preventDefault(); window.print(); }
  });

  /* htmx: tell screen readers what changed, show refusals where they happened */
  document.addEventListener("htmx:afterSettle", (event) => {
    const said = event.detail.target && event.detail.target.querySelector("[data-announce]");
    if (said) { announce(said.textContent.trim()); }
  });
  document.addEventListener("htmx:responseError", (event) => {
    const text = event.detail.xhr.getResponseHeader("X-Shoumi-Error");
    toast(text ? decodeURIComponent(text) : `${event.detail.xhr.status}`, "danger");
  });
  document.addEventListener("shoumi:toast", (event) => toast(event.detail.text || event.detail.value, event.detail.kind));

  /* the theme changes at once; the form behind the button keeps it when there is no script */
  document.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (button && button.matches("[data-theme-button]")) { document.documentElement.dataset.bsTheme = button.value; }
  });
})();
