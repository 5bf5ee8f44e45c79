// Numbers the lines of the draft, marks those where something was found, and goes to them.
(() => {
  const field = document.querySelector("[data-code] textarea");
  const gutter = document.createElement("pre");
  gutter.setAttribute("aria-hidden", "true");
  field.before(gutter);

  function number() {
    const found = new Map();
    for (const one of document.querySelectorAll("#findings [data-line]")) {
      const line = Number(one.dataset.line);
      if (!found.has(line)) found.set(line, one.dataset.severity);
    }
    gutter.replaceChildren(
      ...field.value.split("\n").map((_, index) => {
        const row = document.createElement("span");
        row.textContent = index + 1;
        if (found.has(index + 1)) row.className = found.get(index + 1);
        return row;
      }),
    );
    gutter.scrollTop = field.scrollTop;
  }

  field.addEventListener("input", number);
  field.addEventListener("scroll", () => { gutter.scrollTop = field.scrollTop; });
  document.addEventListener("htmx:afterSwap", number);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-goes]");
    if (!button) return;
    const lines = field.value.split("\n");
    const before = lines.slice(0, button.dataset.goes - 1).join("\n").length;
    const start = button.dataset.goes > 1 ? before + 1 : 0;
    field.focus();
    field.setSelectionRange(start, start + lines[button.dataset.goes - 1].length);
    field.scrollTop = Math.max(0, button.dataset.goes - 4) * parseFloat(getComputedStyle(field).lineHeight);
  });

  // Whoever leaves with changes that are not saved is asked.
  const saved = field.defaultValue;
  let leaves = false;
  field.form.addEventListener("submit", () => { leaves = true; });
  window.addEventListener("beforeunload", (event) => {
    if (!leaves && field.value !== saved) event.preventDefault();
  });
  number();
})();
