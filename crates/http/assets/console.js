// Makes the console quicker to use; everything works without it: j and k go from one line to the next, what goes on is
// followed, and what a choice comes to is shown while one chooses,
// and buttons that only change the page do so where one is.
(() => {
  "use strict";
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.matches("input:not([type=checkbox]), select, textarea")) return;
    const step = { j: 1, k: -1 }[event.key];
    const lines = [...document.querySelectorAll("tbody a.goes")];
    if (!step || !lines.length) return;
    const at = lines.indexOf(document.activeElement);
    const next = at < 0 ? (step > 0 ? 0 : lines.length - 1) : Math.min(Math.max(at + step, 0), lines.length - 1);
    lines[next].focus();
    event.preventDefault();
  });

  // What goes on is told by the server for as long as it does.
  const followed = document.querySelector("[data-events]");
  if (followed) {
    const events = new EventSource(followed.dataset.events);
    const show = ({ data }) => {
      const fresh = new DOMParser().parseFromString(data, "text/html");
      followed.replaceChildren(...fresh.body.childNodes);
    };
    events.addEventListener("message", show);
    events.addEventListener("end", (event) => {
      show(event);
      events.close();
    });
  }

  // What waits for something elsewhere is looked at again for as long as it says so, unless one is at it.
  const again = async (part) => {
    const answer = await fetch(location.href);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById(part.id);
    if (!answer.ok || !fresh) return;
    if (!part.contains(document.activeElement) && !part.querySelector("details[open]")) part.replaceChildren(...fresh.childNodes);
    if (fresh.dataset.again) setTimeout(again, 1500, part);
  };
  for (const part of document.querySelectorAll("[data-again]")) setTimeout(again, 700, part);

  // A part of the page that follows what is chosen: the form is sent as its button for looking would, and that part taken
  // over from the answer. Only the latest answer counts.
  for (const form of document.querySelectorAll("form[data-live]")) {
    const button = form.querySelector("button[value=estimate]");
    const part = form.dataset.live;
    let waiting, asking;
    if (button) button.hidden = true;
    const look = async () => {
      asking?.abort();
      asking = new AbortController();
      const body = new URLSearchParams(new FormData(form));
      if (button) body.append("do", "estimate");
      try {
        // Not by its name: a field may be called that.
        const isSent = form.getAttribute("method") === "post";
        const [address, how] = isSent ? [form.action, { method: "POST", body }] : [`${form.action}?${body}`, {}];
        const answer = await fetch(address, { ...how, signal: asking.signal });
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const fresh = page.getElementById(part);
        if (fresh) document.getElementById(part).replaceChildren(...fresh.childNodes);
      } catch (error) {
        if (error.name !== "AbortError") document.getElementById(part).replaceChildren();
      }
    };
    form.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(look, 300);
    });
  }

  // A form whose buttons change what is on the page: it is sent as ever, and only itself taken over from the answer.
  const swap = async (form, step) => {
    const body = new URLSearchParams(new FormData(form));
    body.append("do", step);
    const answer = await fetch(form.action, { method: "POST", body });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById(form.id);
    if (!fresh) return;
    form.replaceWith(document.adoptNode(fresh));
    fresh.querySelector("[autofocus]")?.focus();
  };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const step = event.submitter?.value;
    if (!("swap" in form.dataset) || !step || step === "save") return;
    event.preventDefault();
    swap(form, step);
  });
  document.addEventListener("change", ({ target }) => {
    const form = target.closest("form[data-swap]");
    if (form && /\.(kind|matches)$/.test(target.name)) swap(form, "look");
  });

  // What belongs to another choice than the one that is made is not shown.
  for (const group of document.querySelectorAll("[data-follows]")) {
    const chooser = group.closest("form").elements.namedItem(group.dataset.follows);
    const show = () => {
      for (const part of group.querySelectorAll("[data-of]")) part.hidden = !part.dataset.of.split(" ").includes(chooser.value);
    };
    chooser.addEventListener("change", show);
    show();
  }

  // What is filled in and not sent is not left unasked.
  const kept = "form[data-unsaved], form[data-swap]";
  let isUnsaved = document.querySelector(kept)?.querySelector(".notice.wrong") != null;
  document.addEventListener("input", ({ target }) => {
    if (target.closest(kept)) isUnsaved = true;
  });
  // What was not sent after all was changed on the page.
  document.addEventListener("submit", ({ defaultPrevented }) => {
    isUnsaved = defaultPrevented;
  });
  window.addEventListener("beforeunload", (event) => {
    if (isUnsaved) event.preventDefault();
  });

  const notice = document.querySelector(".notice[tabindex]");
  if (notice) notice.focus();
})();
