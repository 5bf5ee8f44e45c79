// Keeps a page live: fetches #now again when events say so, and shows plainly when it cannot.
(() => {
  const SOONEST_MS = 500; // not more than twice a second, however much happens
  let pace = SOONEST_MS; // or less often, as the service says while many pages are open
  const ANYWAY_MS = 5000; // runs and verdicts send no event: they are looked for
  const AGAIN_MS = 3000; // when the service has no place for another listener

  const root = document.querySelector("[data-events]");
  const pulse = document.getElementById("pulse");
  const lost = document.getElementById("lost");

  // What is shown is fetched again never faster than a quarter of what the service can answer.
  let due = null;
  let began = -SOONEST_MS;
  let took = 0;
  const ask = (wait) => {
    due ??= setTimeout(() => {
      due = null;
      began = performance.now();
      htmx.trigger("#now", "news");
    }, Math.max(0, wait));
  };
  const refresh = () => ask(began + Math.max(pace, 4 * took) - performance.now());

  // What somebody has just done here is shown at once, and as it is now.
  let isOwn = false;
  document.addEventListener("refresh", () => {
    isOwn = true;
    clearTimeout(due);
    due = null;
    ask(0);
  });
  document.addEventListener("htmx:configRequest", (event) => {
    if (!isOwn || event.detail.elt.id !== "now") return;
    event.detail.headers["X-Own-Act"] = "yes";
    isOwn = false;
  });

  let stream = null;
  let isOpen = false;
  let isAnswered = true;
  const show = () => {
    const isLive = isOpen && isAnswered;
    pulse.classList.remove("tone-idle");
    pulse.classList.toggle("tone-ok", isLive);
    pulse.classList.toggle("tone-warn", !isLive);
    const text = isLive ? pulse.dataset.live : pulse.dataset.lost;
    const place = pulse.querySelector("span");
    if (place.textContent !== text) place.textContent = text;
    lost.hidden = isAnswered;
    root.classList.toggle("old", !isAnswered);
  };
  const listen = () => {
    stream = new EventSource(root.dataset.events);
    stream.onopen = () => {
      isOpen = true;
      refresh();
    };
    stream.onerror = () => {
      isOpen = false;
      show();
      refresh(); // its answer tells whether the service is gone, or only the stream
      if (stream.readyState === EventSource.CLOSED) setTimeout(listen, AGAIN_MS);
    };
    stream.addEventListener("news", refresh);
  };
  listen();
  setInterval(refresh, ANYWAY_MS);
  addEventListener("pagehide", () => stream.close());
  addEventListener("pageshow", (event) => event.persisted && listen());

  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.requestConfig.elt.id !== "now") return; // it is replaced by now
    if (event.detail.xhr.status === 401) location.reload(); // the session is over: sign in
    took = performance.now() - began;
    isAnswered = event.detail.successful === true;
    pace = Number(event.detail.xhr.getResponseHeader("X-Pace")) || SOONEST_MS;
    show();
    if (event.detail.xhr.getResponseHeader("X-Behind")) refresh();
  });
})();
