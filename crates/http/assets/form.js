// Makes a form's page more pleasant. Everything works without it: it uploads files as soon as they are chosen, chooses what
// is typed beside, sends once, lets a signature be drawn, and tells a page around this one how high it is.
(() => {
  "use strict";
  const form = document.querySelector("form[data-files]");

  function tellHeight() {
    if (parent === window) return;
    parent.postMessage({ fillhouseHeight: document.querySelector("main").getBoundingClientRect().height }, "*");
  }
  new ResizeObserver(tellHeight).observe(document.querySelector("main"));

  const notice = document.querySelector(".notice[tabindex]");
  if (notice) notice.focus();
  if (!form) return;

  // Typing beside a choice chooses it.
  for (const other of form.querySelectorAll("input[data-beside]")) {
    other.addEventListener("input", () => {
      if (!other.value) return;
      // Not by brackets: a name of digits would be an index.
      const beside = form.elements.namedItem(other.dataset.beside);
      if (beside instanceof HTMLSelectElement) beside.selectedIndex = beside.options.length - 1;
      else if (beside instanceof RadioNodeList) beside[beside.length - 1].checked = true;
      else if (beside) beside.checked = true;
    });
  }

  let uploads = 0;
  function busy(change) {
    uploads += change;
    for (const button of form.querySelectorAll("button[type=submit]")) button.disabled = uploads > 0;
  }

  function upload(field, file, fileName) {
    const item = document.createElement("li");
    const bar = document.createElement("progress");
    const text = document.createElement("span");
    bar.max = 1;
    bar.setAttribute("aria-label", fileName);
    text.textContent = fileName;
    text.setAttribute("role", "status");
    item.append(text, bar);
    field.querySelector(".kept").append(item);
    const request = new XMLHttpRequest();
    request.open("POST", `${form.dataset.files}?name=${encodeURIComponent(fileName)}`);
    request.setRequestHeader("content-type", file.type || "application/octet-stream");
    request.setRequestHeader("x-form-stamp", form.elements.stamp.value);
    request.responseType = "json";
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) bar.value = event.loaded / event.total;
    };
    request.onloadend = () => {
      busy(-1);
      const said = request.response || {};
      bar.remove();
      if (request.status !== 201) {
        text.textContent = `${fileName}: ${said.message || form.dataset.failed}`;
        text.className = "fault";
        return;
      }
      const label = document.createElement("label");
      label.className = "option";
      const box = document.createElement("input");
      Object.assign(box, { type: "checkbox", name: field.dataset.name, value: said.value, checked: true });
      const name = document.createElement("span");
      name.textContent = said.name;
      label.append(box, name);
      item.replaceChildren(label);
    };
    busy(1);
    request.send(file);
  }

  for (const field of form.querySelectorAll(".files")) {
    const input = field.querySelector("input[type=file]");
    input.addEventListener("change", () => {
      if ("signature" in field.dataset) field.querySelector(".kept").replaceChildren();
      for (const file of input.files) upload(field, file, file.name);
      // What is uploaded is not sent once more.
      input.value = "";
    });
    if ("signature" in field.dataset) pad(field, input);
  }

  // A place to sign with a finger or a mouse; who cannot, uploads a picture.
  function pad(field, input) {
    const canvas = document.createElement("canvas");
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", field.dataset.signature);
    input.before(canvas);
    const pen = canvas.getContext("2d");
    let last = null;
    const place = (event) => {
      const box = canvas.getBoundingClientRect();
      return [event.clientX - box.left, event.clientY - box.top];
    };
    canvas.addEventListener("pointerdown", (event) => {
      if (canvas.width !== canvas.clientWidth) {
        canvas.width = canvas.clientWidth;
        canvas.height = canvas.clientHeight;
      }
      canvas.setPointerCapture(event.pointerId);
      last = place(event);
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!last) return;
      const next = place(event);
      pen.lineWidth = 2.5;
      pen.lineCap = "round";
      pen.beginPath();
      pen.moveTo(...last);
      pen.lineTo(...next);
      pen.stroke();
      last = next;
    });
    canvas.addEventListener("pointerup", () => {
      if (!last) return;
      last = null;
      canvas.toBlob((picture) => {
        field.querySelector(".kept").replaceChildren();
        upload(field, picture, "signature.png");
      });
    });
  }

  // A second click sends nothing twice.
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "yes";
  });
  addEventListener("pageshow", () => delete form.dataset.sent);
})();
