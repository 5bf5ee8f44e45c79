// The page of a line: one press prints once, and what a scanner types goes into its field.
(() => {
  const ONE_PRESS_MS = 900; // two taps within it are one press
  const END_OF_SCAN_MS = 700; // what a scanner sends after its text answers no question
  const KEYS = {
    F2: "#print-button",
    F4: "#pause > summary",
    F6: "#change > summary, #orders .btn",
    F7: "#roll-1 > summary",
    F8: "#close > summary",
    F9: "#reprint > summary",
  };
  const FIRST = "form input:not([type=hidden], [type=radio]), form .btn";
  const GS = "\u001d";

  const newKey = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(12));
    return Array.from(bytes, (one) => one.toString(16).padStart(2, "0")).join("");
  };

  // A press keeps its key until it is answered: what is sent again is done once.
  let pressed = -ONE_PRESS_MS;
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.elt.id !== "print") return;
    if (performance.now() - pressed < ONE_PRESS_MS) event.preventDefault();
    else pressed = performance.now();
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.detail.requestConfig.elt;
    if (form.tagName !== "FORM") return;
    if (event.detail.xhr.status === 0) {
      const said = document.getElementById("unanswered").content.cloneNode(true);
      document.getElementById("notices").replaceChildren(said);
    } else {
      const key = form.querySelector("[name=key]");
      if (key) key.value = newKey();
      if (form.id === "scan") form.reset();
      document.querySelector("main > .question")?.remove();
      if (event.detail.successful) form.closest("details")?.removeAttribute("open");
    }
    document.dispatchEvent(new Event("refresh"));
  });

  // A scanner may end with two Enters, and the second one come when the question is there.
  const heed = () => {
    const question = document.querySelector(".question");
    if (!question || question.dataset.seen) return;
    question.dataset.seen = "yes";
    setTimeout(() => (question.dataset.ready = "yes"), END_OF_SCAN_MS);
  };
  heed();
  document.addEventListener("htmx:afterSettle", heed);

  // The buttons are left alone until something else can be done.
  document.addEventListener("htmx:afterSettle", () => {
    const [now, choices] = ["now", "choices"].map((id) => document.getElementById(id));
    if (now.dataset.choices !== choices.dataset.choices) htmx.trigger(choices, "others");
  });

  // The label that is printed again is the last one, unless another is typed.
  document.addEventListener("click", (event) => {
    if (!event.target.closest("#reprint > summary")) return;
    const last = document.getElementById("last-serial");
    const field = document.querySelector("#reprint [name=serial]");
    if (last && field) field.value = last.dataset.serial;
  });

  // A key opens what is chosen there, with the focus on what comes first; an order only gets it.
  const reach = (place) => {
    if (!place.matches("summary")) {
      place.focus();
      return;
    }
    place.click();
    const first = place.parentElement.querySelector(FIRST);
    first.focus();
    if (first.matches("input")) first.select();
  };

  document.addEventListener("keydown", (event) => {
    const button = KEYS[event.key] && document.querySelector(KEYS[event.key]);
    if (button) {
      event.preventDefault();
      if (event.repeat) return;
      if (event.key === "F2") button.click();
      else reach(button);
      return;
    }
    if (event.key === "Enter" && event.target.closest(".question:not([data-ready])")) {
      event.preventDefault();
      return;
    }
    // A scanner ends with Enter: that leads on to the reason, which somebody has to choose.
    if (event.key === "Enter" && event.target.matches("#reprint input")) {
      event.preventDefault();
      const all = [...event.target.form.querySelectorAll("input:not([type=hidden]), button")];
      all[all.indexOf(event.target) + 1].focus();
      return;
    }
    const field = document.getElementById("scan-field");
    if (event.key === "Escape") {
      for (const one of document.querySelectorAll("details.act[open]")) one.removeAttribute("open");
      document.querySelector(".question")?.remove();
      if (field) {
        field.value = "";
        field.focus();
      }
    }
    if (!field) return;
    const isTyped = event.target.matches("input, textarea, select");
    const isScanned = event.target.matches("#scan-field, #reprint [name=serial]");
    if (event.ctrlKey && event.key === "]" && (isScanned || !isTyped)) {
      event.preventDefault(); // so scanners type the separator of GS1 data
      const place = isScanned ? event.target : field;
      place.focus();
      place.value += GS;
      return;
    }
    const isText = event.key.length === 1 && !event.ctrlKey && !event.altKey && !event.metaKey;
    const isPress = event.key === " " && event.target.matches("button, summary, a");
    if (isText && !isTyped && !isPress) field.focus();
  });
})();
