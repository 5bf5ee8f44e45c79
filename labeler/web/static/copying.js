// Puts a snippet on the clipboard. Without it, or without a clipboard, the text can be selected.
(() => {
  if (!navigator.clipboard) return;
  const show = () => document.querySelectorAll("[data-copies]").forEach((one) => { one.hidden = false; });
  document.addEventListener("htmx:afterSwap", show);
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copies]");
    if (!button) return;
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copies).textContent);
    button.querySelector("span").textContent = button.dataset.says;
  });
  show();
})();
