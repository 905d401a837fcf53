// The camera at the door: codes are read by the browser where it can, else pictures go to the server, which reads them.
{
  const camera = document.querySelector("[data-camera]");
  const form = document.getElementById("scan-form");
  const state = camera.querySelector("[data-camera-state]");
  const video = camera.querySelector("video");
  const start = camera.querySelector("[data-start]");
  const EACH = 250;
  const EACH_PICTURE = 600;
  const SAME = 6000; // a code held before the camera for so long is one code
  const SIDE = 640;
  const last = { text: "", person: "", at: 0 };
  const action = window.location.href;

  camera.hidden = false;
  if (!navigator.mediaDevices?.getUserMedia) {
    state.textContent = state.dataset.none;
    start.hidden = true;
    video.hidden = true;
  }

  const personIn = (html) => new DOMParser().parseFromString(html, "text/html").querySelector("[data-outcome]")?.dataset.person || "";
  const isAgain = (name, value) => value && last[name] === value && Date.now() - last.at < SAME;

  async function readHere(detector) {
    const [code] = await detector.detect(video);
    if (!code?.rawValue) return;
    if (!isAgain("text", code.rawValue)) {
      const fields = { key: checkInQueue.newKey(), text: code.rawValue };
      last.text = code.rawValue;
      const result = await checkInQueue.push(form.dataset.queue, action, fields);
      if (result.end === "done") checkInQueue.show(result.html);
    }
    last.at = Date.now();
  }

  async function readThere(canvas) {
    const side = Math.min(video.videoWidth, video.videoHeight);
    const [left, top] = [(video.videoWidth - side) / 2, (video.videoHeight - side) / 2];
    canvas.getContext("2d").drawImage(video, left, top, side, side, 0, 0, SIDE, SIDE);
    const picture = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.7));
    const result = await checkInQueue.send({ action, fields: { key: checkInQueue.newKey(), frame: "on" }, at: Date.now() }, picture);
    state.textContent = result.end === "later" ? state.dataset.offline : "";
    if (result.end !== "done" || !result.html) return;
    const person = personIn(result.html);
    if (!isAgain("person", person)) checkInQueue.show(result.html);
    last.person = person;
    last.at = Date.now();
  }

  async function run() {
    start.closest("p").hidden = true;
    try {
      video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
      await video.play();
    } catch {
      state.textContent = state.dataset.none;
      start.closest("p").hidden = false;
      return;
    }
    const formats = await window.BarcodeDetector?.getSupportedFormats?.().catch(() => []);
    const detector = formats?.includes("qr_code") ? new BarcodeDetector({ formats: ["qr_code"] }) : null;
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = SIDE;
    const look = async () => {
      if (!document.hidden && video.videoWidth) await (detector ? readHere(detector) : readThere(canvas)).catch(() => {});
      setTimeout(look, detector ? EACH : EACH_PICTURE);
    };
    look();
  }
  start.addEventListener("click", run);
}
