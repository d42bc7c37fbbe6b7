/* Uploads files while a form is filled in: several at once, with progress, pause, and patience with bad lines.
   Sent by the tus protocol (vendor/tus.min.js); each finished file leaves its id in a hidden input of the form.
   Nothing is remembered in the browser: names of files may be secrets.  Without script the file input serves. */
"use strict";

(() => {
  if (window.shoumiUploads) { return; }
  window.shoumiUploads = true;

  const CHUNK_BYTES = 16 * 1024 * 1024;
  const AT_ONCE = 3;
  const RETRY_MS = [0, 1000, 3000, 5000, 10000, 20000];
  const LOOK_MS = 700;
  const LIVE = new Set(["waiting", "uploading", "paused", "offline", "checking"]);

  const token = () => {
    const cookie = document.cookie.split("; ").find((part) => part.startsWith("csrftoken="));
    const field = document.querySelector("input[name='csrfmiddlewaretoken']");
    return cookie ? decodeURIComponent(cookie.slice(10)) : field ? field.value : "";
  };
  const headers = () => ({ "Tus-Resumable": "1.0.0", "X-CSRFToken": token() });

  const sizeText = (bytes) => {
    const units = ["byte", "kilobyte", "megabyte", "gigabyte"];
    let step = 0;
    let value = bytes;
    while (value >= 1024 && step < units.length - 1) { value /= 1024; step += 1; }
    const digits = step && value < 10 ? 1 : 0;
    const style = { style: "unit", unit: units[step], unitDisplay: "short", maximumFractionDigits: digits };
    return new Intl.NumberFormat(document.documentElement.lang || undefined, style).format(value);
  };

  class Row {
    constructor(widget, file) {
      this.widget = widget;
      this.file = file;
      this.element = widget.part("template").content.firstElementChild.cloneNode(true);
      this.bar = this.part("progress");
      this.part("name").textContent = file.name;
      this.part("size").textContent = sizeText(file.size);
      this.bar.setAttribute("aria-label", file.name);
      for (const name of ["pause", "resume", "remove"]) {
        const button = this.part(name);
        button.setAttribute("aria-label", `${button.textContent} ${file.name}`);
        button.addEventListener("click", () => this[name]());
      }
      this.show("waiting");
    }

    part(name) { return this.element.querySelector(`[data-upload-${name}]`); }

    show(state, text) {
      this.state = state;
      this.element.dataset.state = state === "mismatch" ? "ready" : state;
      this.element.classList.toggle("is-mismatch", state === "mismatch");
      this.said = text || this.widget.text(state);
      this.part("status").textContent = this.said;
      this.part("pause").hidden = state !== "uploading";
      this.part("resume").hidden = !(state === "paused" || state === "offline" || (state === "failed" && this.upload));
      if (!["waiting", "uploading"].includes(state)) { this.widget.announce(`${this.file.name}: ${this.said}`); }
      this.widget.changed();
    }

    progress(done, total) {
      this.bar.value = total ? Math.floor((100 * done) / total) : 100;
      if (this.state === "uploading") {
        this.part("status").textContent = `${this.widget.text("uploading")} · ${sizeText(done)} / ${sizeText(total)}`;
      }
    }

    start() {
      const widget = this.widget;
      this.upload = new window.tus.Upload(this.file, {
        endpoint: widget.element.dataset.endpoint,
        chunkSize: CHUNK_BYTES,
        retryDelays: RETRY_MS,
        storeFingerprintForResuming: false,
        metadata: { filename: this.file.name },
        onBeforeRequest: (request) => request.setHeader("X-CSRFToken", token()),
        onShouldRetry: (error) => {
          const status = error.originalResponse ? error.originalResponse.getStatus() : 0;
          return status ? status === 409 || status === 423 || status >= 500 : navigator.onLine;
        },
        onProgress: (done, total) => this.progress(done, total),
        onSuccess: () => this.check(),
        onError: (error) => this.fail(error),
      });
      this.resume();
    }

    pause() {
      this.show("paused");
      this.upload.abort();
      this.part("resume").focus();
    }

    resume() {
      const had = document.activeElement === this.part("resume");
      this.show("uploading");
      this.upload.start();
      if (had) { this.part("pause").focus(); }
    }

    fail(error) {
      const answer = error.originalResponse;
      const status = answer ? answer.getStatus() : 0;
      if (!status) { this.show("offline"); return; }
      if (status === 401 || status === 403) { this.show("failed", this.widget.text("signedOut")); return; }
      let detail = "";
      try { detail = JSON.parse(answer.getBody()).error.detail; } catch { detail = `${status}`; }
      this.show("failed", `${this.widget.text("failed")}: ${detail}`);
    }

    async check() {
      this.show("checking");
      let state = null;
      while (this.state === "checking") {
        try {
          const answer = await fetch(this.upload.url, { headers: { Accept: "application/json" } });
          if (answer.status === 404) { this.upload = null; this.show("failed"); return; }
          if (answer.ok) { state = await answer.json(); }
        } catch { /* the line is down; ask again */ }
        if (state && state.state !== "uploading") { break; }
        if (state) { this.progress(state.finished_bytes, state.length_bytes); }
        await new Promise((done) => { window.setTimeout(done, LOOK_MS); });
      }
      if (this.state !== "checking") { return; }
      if (state.state !== "ready") { this.upload = null; this.show("failed"); return; }
      const field = document.createElement("input");
      field.type = "hidden";
      field.name = this.widget.element.dataset.name;
      field.value = state.id;
      this.element.append(field);
      this.bar.value = 100;
      this.show(state.name_agrees ? "ready" : "mismatch");
    }

    async remove() {
      const url = this.upload && this.upload.url;
      this.state = "removed";
      this.widget.drop(this);
      if (this.upload) { await this.upload.abort().catch(() => {}); }
      if (url) { fetch(url, { method: "DELETE", headers: headers() }).catch(() => {}); }
    }
  }

  class Widget {
    constructor(element) {
      this.element = element;
      this.rows = [];
      this.input = element.querySelector("input[type='file']");
      this.place = this.part("place");
      this.input.addEventListener("change", () => {
        this.take([...this.input.files]);
        this.input.value = "";
      });
      this.place.addEventListener("dragover", (event) => { event.preventDefault(); this.place.classList.add("is-over"); });
      this.place.addEventListener("dragleave", () => this.place.classList.remove("is-over"));
      this.place.addEventListener("drop", (event) => {
        event.preventDefault();
        this.place.classList.remove("is-over");
        this.take([...event.dataTransfer.files]);
      });
      const form = element.closest("form");
      if (form) {
        form.addEventListener("submit", (event) => {
          if (event.submitter && event.submitter.formNoValidate) { return; }
          if (this.isBusy()) {
            event.preventDefault();
            event.stopImmediatePropagation();
            this.part("busy").textContent = this.text("busy");
            this.part("busy").hidden = false;
            this.part("busy").scrollIntoView({ block: "nearest" });
          }
        }, true);
      }
    }

    part(name) { return this.element.querySelector(`[data-upload-${name}]`); }
    text(state) { return this.element.dataset[`text${state[0].toUpperCase()}${state.slice(1)}`] || state; }
    announce(text) { this.part("announcement").textContent = text; }
    isBusy() { return this.rows.some((row) => LIVE.has(row.state)); }

    take(files) {
      const several = "multiple" in this.element.dataset;
      if (!several) {
        [...this.rows].forEach((row) => row.remove());
        this.part("list").querySelectorAll("input[type='checkbox']").forEach((box) => { box.checked = false; });
      }
      for (const file of several ? files : files.slice(0, 1)) {
        const row = new Row(this, file);
        this.part("list").append(row.element);
        this.rows.push(row);
        if (file.size > Number(this.element.dataset.limitBytes)) { row.show("failed", this.text("tooLarge")); }
        if (file.size === 0) { row.show("failed", this.text("empty")); }
      }
      this.changed();
    }

    drop(row) {
      const next = row.element.nextElementSibling || row.element.previousElementSibling;
      const target = (next && next.querySelector("[data-upload-remove], input")) || this.input;
      this.rows = this.rows.filter((other) => other !== row);
      row.element.remove();
      target.focus();
      this.changed();
    }

    changed() {
      const sending = this.rows.filter((row) => row.state === "uploading").length;
      const waiting = this.rows.filter((row) => row.state === "waiting");
      waiting.slice(0, Math.max(0, AT_ONCE - sending)).forEach((row) => { if (row.state === "waiting") { row.start(); } });
      if (!this.isBusy()) { this.part("busy").hidden = true; }
    }
  }

  const widgets = new Map();
  const begin = () => {
    document.querySelectorAll("[data-upload]").forEach((element) => {
      if (!widgets.has(element)) { widgets.set(element, new Widget(element)); }
    });
    [...widgets.keys()].filter((element) => !element.isConnected).forEach((element) => widgets.delete(element));
  };
  window.addEventListener("online", () => {
    widgets.forEach((widget) => widget.rows.filter((row) => row.state === "offline").forEach((row) => row.resume()));
  });
  window.addEventListener("beforeunload", (event) => {
    if ([...widgets.values()].some((widget) => widget.isBusy())) { event.preventDefault(); }
  });
  document.addEventListener("htmx:load", begin);
  if (document.readyState === "loading") { document.addEventListener("DOMContentLoaded", begin); } else { begin(); }
})();
