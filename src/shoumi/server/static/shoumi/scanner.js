/* Counting with the camera of a phone: QR codes are read in the browser, by the browser's own detector where there
   is one, else by vendor/qr/decode.js.  A scan that cannot be sent is kept here and sent again; each has an id of
   its own, so that nothing counts twice.  A handheld scanner types into the field and presses Enter. */
"use strict";

const root = document.querySelector("[data-scanner]");
const part = (name) => root.querySelector(`[data-${name}]`);
const KEY = `shoumi-scans-${root.dataset.inventory}`;
const LOOK_MS = 150;
const AGAIN_MS = 4000; // the same code is not taken twice within this time
const RETRY_MS = 5000;
const AT_ONCE = 100;
const SHOWN = 30;
const WIDEST = 800; // pixels that are looked through

/* ---- the queue ---- */

const queue = {
  read() { try { return JSON.parse(localStorage.getItem(KEY)) || []; } catch { return []; } },
  write(rows) { localStorage.setItem(KEY, JSON.stringify(rows)); part("queued").textContent = rows.length; },
  add(row) { this.write([...this.read(), row]); },
  drop(ids) { this.write(this.read().filter((row) => !ids.has(row.id))); },
};

const token = () => document.querySelector("input[name=csrfmiddlewaretoken]")?.value
  || decodeURIComponent((document.cookie.split("; ").find((one) => one.startsWith("csrftoken=")) || "=").slice(10));

const draw = (row, words, bad) => {
  let line = document.getElementById(`scan-${row.id}`);
  if (!line) {
    line = document.createElement("li");
    line.id = `scan-${row.id}`;
    line.append(document.createElement("span"), document.createElement("span"));
    line.firstChild.className = "mono breakable";
    part("log").prepend(line);
    while (part("log").children.length > SHOWN) { part("log").lastChild.remove(); }
  }
  line.firstChild.textContent = row.number || row.code;
  line.lastChild.textContent = words;
  line.lastChild.className = `state ${bad ? "state-bad" : "state-good"}`;
};

let sending = false;
const send = async () => {
  const rows = queue.read();
  if (sending || !rows.length) { return; }
  sending = true;
  const zone = rows[0].zone;
  const batch = rows.filter((row) => row.zone === zone).slice(0, AT_ONCE);
  try {
    const response = await fetch(root.dataset.url, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
      body: JSON.stringify({ zone, scans: batch.map(({ id, code, unmarked }) => ({ id, code, unmarked })) }),
    });
    const answer = await response.json();
    if (!response.ok) { part("said").textContent = answer.error || ""; return; }
    for (const reading of answer.readings) {
      draw(reading, reading.repeated ? root.dataset.repeated : reading.words, reading.result !== "found");
    }
    queue.drop(new Set(batch.map((row) => row.id)));
    part("scanned").textContent = answer.progress.scanned;
    part("bar").value = answer.progress.percent;
    part("said").textContent = root.dataset.sent;
    navigator.vibrate?.(60);
  } catch {
    part("said").textContent = root.dataset.waiting;
  } finally {
    sending = false;
  }
  if (queue.read().length) { setTimeout(send, 0); }
};

const uuid = () => crypto.randomUUID?.() || ([1e7] + -1e3 + -4e3 + -8e3 + -1e11).replace(/[018]/g, (digit) =>
  (digit ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (digit / 4)))).toString(16));

const seen = new Map();
const take = (code, { typed = false } = {}) => {
  const now = Date.now();
  if (!typed && now - (seen.get(code) || 0) < AGAIN_MS) { seen.set(code, now); return; }
  seen.set(code, now);
  const row = { id: uuid(), code, zone: part("zone").value, unmarked: part("unmarked").checked };
  part("unmarked").checked = false;
  queue.add(row);
  draw(row, root.dataset.waiting, true);
  send();
};

/* ---- the camera ---- */

const decoder = async () => {
  if ("BarcodeDetector" in window && (await window.BarcodeDetector.getSupportedFormats()).includes("qr_code")) {
    const detector = new window.BarcodeDetector({ formats: ["qr_code"] });
    return async (video) => (await detector.detect(video)).map((one) => one.rawValue);
  }
  const { default: decode } = await import(root.dataset.decoder);
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true });
  return async (video) => {
    const scale = Math.min(1, WIDEST / video.videoWidth);
    canvas.width = Math.round(video.videoWidth * scale);
    canvas.height = Math.round(video.videoHeight * scale);
    context.drawImage(video, 0, 0, canvas.width, canvas.height);
    try { return [decode(context.getImageData(0, 0, canvas.width, canvas.height))]; } catch { return []; }
  };
};

let stream = null;
let timer = 0;
const stop = () => {
  clearTimeout(timer);
  stream?.getTracks().forEach((track) => track.stop());
  stream = null;
  part("video").hidden = true;
  part("hint").hidden = false;
  part("stop").hidden = true;
  part("start").hidden = false;
};
const start = async () => {
  if (!navigator.mediaDevices?.getUserMedia) { part("hint").textContent = root.dataset.noCamera; return; }
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
  } catch {
    part("hint").textContent = root.dataset.refused;
    return;
  }
  const video = part("video");
  video.srcObject = stream;
  await video.play();
  video.hidden = false;
  part("hint").hidden = true;
  part("start").hidden = true;
  part("stop").hidden = false;
  const read = await decoder();
  const look = async () => {
    if (!stream) { return; }
    if (video.videoWidth) { for (const code of await read(video)) { if (code) { take(code); } } }
    timer = setTimeout(look, LOOK_MS);
  };
  look();
};

part("start").addEventListener("click", start);
part("stop").addEventListener("click", stop);
part("manual").addEventListener("submit", (event) => {
  event.preventDefault();
  const code = part("code").value.trim();
  if (code) { take(code, { typed: true }); part("code").value = ""; }
});
window.addEventListener("online", send);
setInterval(send, RETRY_MS);
queue.write(queue.read());
send();
