// Shows a form of several pages a page at a time. Without it they stand one below the other, and the server says what is
// wrong; it has the last word in any case.
(() => {
  "use strict";
  const form = document.querySelector("form[data-opens]");
  const pages = [...form.querySelectorAll(".page")];
  const button = (name) => form.querySelector(`.buttons [data-go="${name}"]`);
  const [next, back, send] = [button("next"), button("back"), form.querySelector("button[value=send]")];
  const said = form.dataset;
  let at = 0;

  function show(page) {
    at = Math.min(Math.max(page, 0), pages.length - 1);
    pages.forEach((one, n) => (one.hidden = n !== at));
    const isLast = at === pages.length - 1;
    [next.hidden, back.hidden, send.hidden] = [isLast, at === 0, !isLast];
    next.textContent = pages[at].dataset.next;
    back.textContent = pages[at].dataset.back;
    // What is saved is gone on with where it was left.
    form.querySelector("input[name=page]").value = at + 1;
  }

  function turn(page) {
    show(page);
    pages[at].querySelector("h2").focus();
  }

  const isFilled = (control) => {
    if (control.type === "checkbox" || control.type === "radio") return control.checked;
    return control.value.trim() !== "";
  };

  // The same that the server says, where that can be told here.
  function complaint(field) {
    const controls = [...field.querySelectorAll("input, select, textarea")];
    const isAsked = field.querySelector(":scope > label > .required, :scope > legend > .required");
    const isUploading = field.querySelector("progress");
    for (const control of controls) {
      const text = control.value.trim();
      if (control.validity.badInput) return said.date;
      if (text && control.type === "email" && !/^[^@]+@./.test(text)) return said.email;
      if (text && control.inputMode === "decimal" && !/^-?[0-9]+(\.[0-9]+)?$/.test(text)) return said.number;
    }
    return isAsked && !isUploading && !controls.some(isFilled) ? said.unanswered : "";
  }

  // Says what is wrong where the server would say it, or takes it back.
  function say(field, text) {
    const label = field.querySelector(":scope > label, :scope > legend");
    const control = field.matches("fieldset") ? field : document.getElementById(label.htmlFor);
    const id = `e-${control.id.slice(2)}`;
    let fault = document.getElementById(id);
    const isOurs = fault && [said.unanswered, said.email, said.number, said.date].includes(fault.textContent.trim());
    if (!text && !isOurs) return;
    const others = (control.getAttribute("aria-describedby") || "").split(" ").filter((one) => one && one !== id);
    if (text && !fault) {
      fault = document.createElement("p");
      Object.assign(fault, { id, className: "fault" });
      (field.querySelector(":scope > .help") || label).after(fault);
    }
    if (text) fault.textContent = text;
    else fault.remove();
    const ids = text ? [...others, id] : others;
    if (ids.length) control.setAttribute("aria-describedby", ids.join(" "));
    else control.removeAttribute("aria-describedby");
    field.classList.toggle("wrong", text !== "");
    if (control === field) return;
    if (text) control.setAttribute("aria-invalid", "true");
    else control.removeAttribute("aria-invalid");
  }

  // Whether nothing is wrong on this page; else the first field with something wrong has the focus.
  function isRight() {
    let first = null;
    // A group is asked by its parts; a row of texts is one question.
    for (const field of pages[at].querySelectorAll(".field:not(.group), .field.row")) {
      const text = complaint(field);
      say(field, text);
      if (text && !first) first = field;
    }
    const control = first && first.querySelector("input, select, textarea");
    if (control) {
      // What has the focus already is not read out again.
      control.blur();
      control.focus();
    }
    return !control;
  }

  const goOn = () => isRight() && turn(at + 1);
  next.addEventListener("click", goOn);
  back.addEventListener("click", () => turn(at - 1));

  // The key that sends a form leads on where there is more to come.
  form.addEventListener("keydown", (event) => {
    const isField = event.target.matches("input:not([type=file])");
    if (event.key !== "Enter" || event.isComposing || !isField || at === pages.length - 1) return;
    event.preventDefault();
    goOn();
  });
  form.addEventListener("submit", (event) => {
    if (at === pages.length - 1 || (event.submitter && event.submitter !== send)) return;
    event.preventDefault();
    // Nobody else is to think that it is sent.
    event.stopImmediatePropagation();
    goOn();
  });

  // What is wrong on another page is led to.
  for (const link of document.querySelectorAll(".notice.wrong a")) {
    link.addEventListener("click", () => {
      const field = document.getElementById(link.hash.slice(1));
      show(pages.findIndex((page) => page.contains(field)));
    });
  }

  show(Number(said.opens) - 1);
})();
