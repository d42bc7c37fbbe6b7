/* Follows which stretches of a lesson's video are played, and tells the server every few seconds.
   The server checks each report against the time that has passed, and decides what counts as seen. */
"use strict";

(() => {
  const video = document.querySelector("[data-watched]");
  if (!video) { return; }

  const EVERY_MS = 8000;
  const JUMP_S = 1.5;  // a greater step between two looks is no playing
  const share = document.querySelector("[data-watched-share]");
  const said = document.querySelector("[data-watched-said]");
  const token = document.querySelector("input[name='csrfmiddlewaretoken']").value;
  const waiting = [];
  let start = null;
  let last = null;
  let sending = false;

  const cut = () => {
    if (start !== null && last - start > 0.05) { waiting.push([Math.round(start * 1000), Math.round(last * 1000)]); }
    start = null;
    last = null;
  };

  const look = (over) => {
    if (video.seeking || (video.paused && !(over && start !== null))) { return; }
    const now = video.currentTime;
    const step = now - (last === null ? now : last);
    if (step < 0 || step > JUMP_S * Math.max(1, video.playbackRate)) { cut(); }
    if (start === null) { start = now; }
    last = now;
  };

  const send = async () => {
    if (start !== null) {
      const from = last;
      const playing = !video.paused && !video.ended;
      cut();
      if (playing) { start = from; last = from; }
    }
    if (sending || !waiting.length) { return; }
    sending = true;
    const [first, end] = waiting[0];
    const body = new URLSearchParams({ start: first, end, sha256: video.dataset.sha256 });
    try {
      const answer = await fetch(video.dataset.watched, {
        method: "POST", body, headers: { "X-CSRFToken": token }, keepalive: true,
      });
      if (answer.ok || (answer.status >= 400 && answer.status < 500)) { waiting.shift(); }
      const told = await answer.json();
      if (answer.ok) { share.value = told.percent; } else if (told.said) { said.textContent = told.said; }
      if (told.done) { said.textContent = ""; }
    } catch {
      /* the line is down: the next look sends it again */
    }
    sending = false;
  };

  video.addEventListener("playing", () => { if (start === null) { start = video.currentTime; last = start; } });
  video.addEventListener("timeupdate", () => look(false));
  video.addEventListener("seeking", cut);
  for (const event of ["pause", "ended"]) { video.addEventListener(event, () => { look(true); send(); }); }
  document.addEventListener("visibilitychange", () => { if (document.hidden) { send(); } });
  window.setInterval(send, EVERY_MS);
})();
