/* Draws zones on a floor plan: corners by pointer or touch on the picture, or as numbers in the table.
   What is drawn stands in one hidden field of the form; the server judges whether it is a polygon. */
"use strict";

(() => {
  const form = document.querySelector("[data-drawing]");
  if (!form) { return; }
  const SVG = "http://www.w3.org/2000/svg";
  const part = (name) => form.querySelector(`[data-${name}]`);
  const { width, height, scale } = Object.fromEntries(["width", "height", "scale"].map((name) => [name, Number(form.dataset[name])]));
  const canvas = part("canvas");
  const shapes = part("shapes");
  const select = part("zone");
  const field = part("outlines");
  const drawn = JSON.parse(field.value || "{}");
  const corner = Math.max(width, height) / 90;
  let dragged = null;
  let moved = false;

  const points = () => { drawn[select.value] = drawn[select.value] || []; return drawn[select.value]; };
  const limited = (value) => Math.min(scale, Math.max(0, Math.round(value)));
  const made = (name, attributes) => {
    const element = document.createElementNS(SVG, name);
    Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, value));
    return element;
  };
  const inPixels = ([x, y]) => [x * width / scale, y * height / scale];
  const place = (event) => {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(canvas.getScreenCTM().inverse());
    return [limited(point.x * scale / width), limited(point.y * scale / height)];
  };

  const keep = () => {
    const whole = Object.fromEntries(Object.entries(drawn).filter(([, list]) => list.length));
    field.value = JSON.stringify(whole);
  };

  const paint = () => {
    shapes.replaceChildren();
    for (const option of select.options) {
      const list = drawn[option.value] || [];
      if (!list.length) { continue; }
      const chosen = option.value === select.value;
      const quiet = chosen ? "" : " is-quiet";
      shapes.append(made(list.length > 2 ? "polygon" : "polyline", {
        class: `zone-shape zone-${option.dataset.kind} zone-level-${option.dataset.level}${quiet}`,
        points: list.map((point) => inPixels(point).join(",")).join(" "),
      }));
      if (!chosen) { continue; }
      list.forEach((point, index) => {
        const [cx, cy] = inPixels(point);
        shapes.append(made("circle", { class: "corner", cx, cy, r: corner, "data-index": index }));
      });
    }
    keep();
  };

  const say = () => {
    const count = points().length;
    part("said").textContent = count ? `${count} ${form.dataset.count}` : form.dataset.empty;
  };

  const number = (index, axis, label) => {
    const input = document.createElement("input");
    Object.assign(input, { type: "number", min: "0", max: "100", step: "0.01", className: "form-control form-control-sm" });
    input.value = (points()[index][axis] * 100 / scale).toFixed(2);
    input.setAttribute("aria-label", `${form.dataset.corner} ${index + 1}: ${label}`);
    input.dataset.axis = axis;
    input.addEventListener("input", () => {
      if (input.value === "") { return; }
      points()[index][axis] = limited(Number(input.value) * scale / 100);
      paint();
    });
    return input;
  };

  const row = (_point, index) => {
    const line = document.createElement("tr");
    const head = document.createElement("th");
    head.scope = "row";
    head.textContent = String(index + 1);
    const remove = document.createElement("button");
    Object.assign(remove, { type: "button", className: "btn btn-sm btn-ghost", textContent: form.dataset.remove });
    remove.setAttribute("aria-label", `${form.dataset.remove}: ${form.dataset.corner} ${index + 1}`);
    remove.addEventListener("click", () => {
      points().splice(index, 1);
      table();
      const rows = part("corners").querySelectorAll("button");
      (rows[Math.min(index, rows.length - 1)] || part("add")).focus();
    });
    const cells = [number(index, 0, form.dataset.across), number(index, 1, form.dataset.down), remove].map((content) => {
      const cell = document.createElement("td");
      cell.append(content);
      return cell;
    });
    line.append(head, ...cells);
    return line;
  };

  const table = () => {
    part("corners").replaceChildren(...points().map(row));
    say();
    paint();
  };

  canvas.addEventListener("pointerdown", (event) => {
    const knob = event.target.closest(".corner");
    moved = false;
    if (!knob) { return; }
    dragged = Number(knob.dataset.index);
    canvas.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (dragged === null) { return; }
    moved = true;
    points()[dragged] = place(event);
    paint();
  });
  canvas.addEventListener("pointerup", () => {
    if (dragged !== null) { dragged = null; moved = true; table(); }
  });
  canvas.addEventListener("pointercancel", () => { dragged = null; });
  canvas.addEventListener("click", (event) => {
    if (moved) { moved = false; return; }
    points().push(place(event));
    table();
  });

  part("add").addEventListener("click", () => {
    const list = points();
    const last = list.at(-1) || [scale / 2, scale / 2];
    list.push([limited(last[0]), limited(last[1])]);
    table();
    part("corners").querySelector("tr:last-child input").focus();
  });
  part("clear").addEventListener("click", () => { drawn[select.value] = []; table(); part("add").focus(); });
  select.addEventListener("change", table);
  const wanted = [...select.options].find((option) => (drawn[option.value] || []).length);
  if (wanted) { select.value = wanted.value; }
  table();
})();
