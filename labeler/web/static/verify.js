// The scan box: keeps the field in focus, sends scans one after the other, and beeps.
// Without it the form works as a form.
(() => {
  const form = document.getElementById("scan-form");
  const field = document.getElementById("scan");
  const place = document.getElementById("verified");
  const sound = document.getElementById("sound");
  const waiting = [];
  let busy = false;
  let audio = null;

  const is_kept = (name) => {
    try {
      return localStorage.getItem(name) === "on";
    } catch {
      return false;
    }
  };

  // A scanner types into whatever has the focus: what nothing else wants, the field gets.
  const has_use_for_keys = (element) =>
    element && element !== document.body && element.matches("input, select, textarea, button, a, summary");
  document.addEventListener("keydown", (event) => {
    const is_text = event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (is_text && event.key !== " " && !(document.activeElement || document.body).matches("input, select, textarea")) field.focus();
  });
  document.addEventListener("focusout", () => {
    setTimeout(() => {
      if (document.hasFocus() && !has_use_for_keys(document.activeElement)) field.focus();
    }, 0);
  });
  window.addEventListener("focus", () => {
    if (!has_use_for_keys(document.activeElement)) field.focus();
  });
  form.querySelector("select").addEventListener("change", () => field.focus());
  field.focus();

  const new_key = () =>
    Array.from(crypto.getRandomValues(new Uint8Array(16)), (one) => one.toString(16).padStart(2, "0")).join("");

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const body = new URLSearchParams(new FormData(form));
    body.set("key", new_key()); // each scan is one of its own; only its retry has the same key
    field.value = ""; // the next scan may be typed before this one is answered
    field.focus();
    wake();
    waiting.push({ body, began: performance.now() });
    if (!busy) work();
  });

  async function work() {
    busy = true;
    while (waiting.length) {
      const { body, began } = waiting.shift();
      place.setAttribute("aria-busy", "true");
      try {
        await show(await send(body));
      } catch {
        lost();
      }
      place.removeAttribute("aria-busy");
      place.dataset.ms = String(Math.round(performance.now() - began));
      beep(document.getElementById("verdict"));
    }
    busy = false;
  }

  const send = (body) => {
    const asked = { method: "POST", body, headers: { "HX-Request": "true", Accept: "text/html" } };
    return fetch(form.action, asked).catch(() => fetch(form.action, asked));
  };

  async function show(answer) {
    if (answer.redirected) return location.reload(); // somebody has to sign in again
    const html = await answer.text();
    const notices = document.getElementById("notices");
    if (answer.ok) {
      notices.replaceChildren();
      place.innerHTML = html;
    } else {
      notices.innerHTML = html;
      document.getElementById("verdict").dataset.alarm = "wrong";
      document.getElementById("verdict").className = "verdict is-bad";
      notices.scrollIntoView({ block: "nearest" });
    }
  }

  function lost() {
    const verdict = document.getElementById("verdict");
    verdict.className = "verdict is-bad";
    verdict.dataset.alarm = "wrong";
    verdict.dataset.verdict = "lost";
    verdict.textContent = form.dataset.lost;
  }

  // Sound: one high tone is right; two low ones are wrong; three and four are alarms.
  sound.hidden = !("AudioContext" in window);
  sound.setAttribute("aria-pressed", String(is_kept("sound")));
  sound.addEventListener("click", () => {
    const on = sound.getAttribute("aria-pressed") !== "true";
    sound.setAttribute("aria-pressed", String(on));
    try {
      localStorage.setItem("sound", on ? "on" : "off");
    } catch {
      // It is on until the page is left.
    }
    wake();
    if (on) tones([880]);
    field.focus();
  });

  function wake() {
    if (sound.getAttribute("aria-pressed") !== "true") return;
    audio = audio || new AudioContext();
    if (audio.state === "suspended") audio.resume();
  }

  function beep(verdict) {
    const kinds = { none: [880], wrong: [220, 220], duplicate: [440, 220, 440], stranger: [330, 330, 330, 330] };
    tones(kinds[verdict.dataset.alarm] || kinds.wrong);
  }

  function tones(pitches) {
    if (!audio || sound.getAttribute("aria-pressed") !== "true") return;
    pitches.forEach((pitch, place_of) => {
      const tone = audio.createOscillator();
      const volume = audio.createGain();
      const at = audio.currentTime + place_of * 0.16;
      tone.frequency.value = pitch;
      volume.gain.value = 0.2;
      tone.connect(volume).connect(audio.destination);
      tone.start(at);
      tone.stop(at + 0.12);
    });
  }
})();
