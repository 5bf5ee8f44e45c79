// Reads labels by the camera, and puts what it reads into the scan box. What reads is loaded when
// somebody first asks for the camera.
(() => {
  const button = document.getElementById("camera");
  const view = document.getElementById("camera-view");
  const said = document.getElementById("camera-said");
  const video = view.querySelector("video");
  const form = document.getElementById("scan-form");
  const field = document.getElementById("scan");
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  const EVERY_MS = 150;
  const GONE_MS = 2000; // a label that was out of sight for so long may be scanned again
  const WIDTH_MAX = 1600;
  let stream = null;
  let last = { text: "", seen: 0 };

  // Browsers give a camera only to pages of https, and to those of this computer.
  button.hidden = !(navigator.mediaDevices && navigator.mediaDevices.getUserMedia);
  button.addEventListener("click", () => (stream ? stop() : start()));
  addEventListener("pagehide", stop);

  async function start() {
    button.disabled = true;
    said.textContent = "";
    try {
      await load();
      stream = await navigator.mediaDevices.getUserMedia({
        audio: false,
        video: { facingMode: "environment", width: { ideal: 1920 }, height: { ideal: 1080 } },
      });
      video.srcObject = stream;
      view.hidden = false;
      await video.play();
      button.setAttribute("aria-pressed", "true");
      look();
    } catch {
      stop();
      said.textContent = button.dataset.refused;
    } finally {
      button.disabled = false;
    }
  }

  function stop() {
    if (stream) stream.getTracks().forEach((track) => track.stop());
    stream = null;
    video.srcObject = null;
    view.hidden = true;
    button.setAttribute("aria-pressed", "false");
    field.focus();
  }

  function load() {
    if (window.ZXingWASM) return Promise.resolve();
    return new Promise((done, failed) => {
      const script = document.createElement("script");
      script.src = button.dataset.reader;
      script.addEventListener("load", () => {
        ZXingWASM.prepareZXingModule({ overrides: { locateFile: () => button.dataset.wasm } });
        done();
      });
      script.addEventListener("error", failed);
      document.head.append(script);
    });
  }

  async function look() {
    while (stream) {
      if (video.videoWidth) {
        const scale = Math.min(1, WIDTH_MAX / video.videoWidth);
        canvas.width = Math.round(video.videoWidth * scale);
        canvas.height = Math.round(video.videoHeight * scale);
        pen.drawImage(video, 0, 0, canvas.width, canvas.height);
        const picture = pen.getImageData(0, 0, canvas.width, canvas.height);
        try {
          const found = await ZXingWASM.readBarcodes(picture, { textMode: "Plain", maxNumberOfSymbols: 1 });
          take(found.find((one) => one.isValid && one.text));
        } catch {
          stop();
          said.textContent = button.dataset.refused;
        }
      }
      await new Promise((done) => setTimeout(done, EVERY_MS));
    }
  }

  function take(code) {
    const now = performance.now();
    if (!code) return;
    // A label has several codes, and the camera sees one or the other: one text has the other in it.
    const is_same = code.text.includes(last.text) || last.text.includes(code.text);
    const is_old = is_same && now - last.seen <= GONE_MS;
    last = { text: code.text, seen: now };
    if (is_old) return;
    field.value = code.symbologyIdentifier + code.text;
    form.requestSubmit();
  }
})();
