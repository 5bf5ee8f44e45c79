// Opens dialogs, closes notices, and shows how far long work is. Without it every page can be read.
(() => {
  const LINES = "application/x-ndjson";

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-opens], [data-closes], [data-dismisses]");
    if (!button) return;
    if (button.dataset.opens) document.getElementById(button.dataset.opens).showModal();
    if ("closes" in button.dataset) button.closest("dialog").close();
    if ("dismisses" in button.dataset) button.closest(".notice").remove();
  });

  // What a page fetches by itself is no sign that anybody is there: it keeps no session alive.
  const BY_ITSELF = ["news", "others", "hx:poll:trigger"];
  document.addEventListener("htmx:configRequest", (event) => {
    const why = event.detail.triggeringEvent?.type;
    if (BY_ITSELF.includes(why)) event.detail.headers["X-By-Itself"] = "yes";
  });

  // A form with data-progress="ID" is answered by lines {rows, of}, and at last {html}.
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.dataset.progress) return;
    event.preventDefault();
    const place = document.getElementById(form.dataset.progress);
    const bar = document.createElement("progress");
    bar.setAttribute("aria-label", form.dataset.says);
    place.replaceChildren(bar);
    const button = form.querySelector("button");
    button.disabled = true;
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        body: new URLSearchParams(new FormData(form)),
        headers: { Accept: answer_types(), "HX-Request": "true" },
      });
      if (!answer.ok || !answer.headers.get("Content-Type").startsWith(LINES)) {
        place.innerHTML = await answer.text();
        return;
      }
      await follow(answer.body, place, bar);
    } catch {
      place.textContent = form.dataset.fails;
    } finally {
      button.disabled = false;
    }
  });

  const answer_types = () => `${LINES}, text/html`;

  async function follow(body, place, bar) {
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const lines = (rest + value).split("\n");
      rest = lines.pop();
      for (const line of lines) {
        const said = JSON.parse(line);
        if (said.html !== undefined) {
          place.innerHTML = said.html;
        } else if (said.of) {
          bar.max = said.of;
          bar.value = said.rows;
        }
      }
    }
  }
})();
