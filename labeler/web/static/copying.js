// Puts a snippet on the clipboard. Without it, or without a clipboard, the text can be selected.
(() => {
  for (const button of document.querySelectorAll("[data-copies]")) {
    if (!navigator.clipboard) return;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copies).textContent);
      button.querySelector("span").textContent = button.dataset.says;
    });
  }
})();
