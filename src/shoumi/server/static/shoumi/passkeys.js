/* Says on the page when a passkey could not be used; the ceremony itself is in allauth's own script. */
"use strict";

document.addEventListener("allauth.error", (event) => {
  const note = document.querySelector("[data-passkey-error]");
  if (note) {
    event.preventDefault();
    note.hidden = false;
    note.scrollIntoView({ block: "nearest" });
  }
});
