// Gives the frames that show forms the height that the forms have. A form's page says how high it is; nothing else is
// read or sent.
(() => {
  "use strict";
  addEventListener("message", (event) => {
    const height = event.data && event.data.fillhouseHeight;
    if (typeof height !== "number" || !(height > 0 && height < 100000)) return;
    for (const frame of document.querySelectorAll("iframe")) {
      if (frame.contentWindow === event.source) frame.style.height = `${Math.ceil(height)}px`;
    }
  });
})();
