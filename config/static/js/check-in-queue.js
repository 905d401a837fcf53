// Forms marked data-queue="name" are sent in place. What finds no network waits on this phone under that name and is
// sent later: with the same key, so that nothing counts twice, and with its age, so that a wrong clock does not matter.
const checkInQueue = (() => {
  const RETRY = 5000;
  const PATIENCE = 15000;

  const waiting = (name) => {
    try {
      return JSON.parse(localStorage.getItem(name)) || [];
    } catch {
      return [];
    }
  };
  const keep = (name, entries) => {
    try {
      if (entries.length) localStorage.setItem(name, JSON.stringify(entries));
      else localStorage.removeItem(name);
    } catch {
      // no storage in this browser: what is on the screen is all there is
    }
  };
  const newKey = () => [...crypto.getRandomValues(new Uint8Array(8))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const token = () => JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRFToken"] || "";

  // "done" with the answer; "later" where nobody answered, "signed-out" where somebody has to sign in first
  async function send(entry, picture) {
    const body = new FormData();
    for (const [name, value] of Object.entries(entry.fields)) body.append(name, value);
    body.set("age", Math.max(0, Math.round((Date.now() - entry.at) / 1000)));
    if (picture) body.set("picture", picture, "frame.jpg");
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), PATIENCE);
    try {
      const answer = await fetch(entry.action, {
        method: "POST",
        body,
        credentials: "same-origin",
        headers: { "HX-Request": "true", "X-CSRFToken": token() },
        signal: stop.signal,
      });
      if (answer.headers.has("HX-Redirect")) return { end: "signed-out" };
      if (![200, 204, 404, 422].includes(answer.status)) return { end: "later" };
      return { end: "done", status: answer.status, html: answer.status === 204 ? "" : await answer.text() };
    } catch {
      return { end: "later" };
    } finally {
      clearTimeout(timer);
    }
  }

  function show(html) {
    const place = document.querySelector("[data-result]");
    if (place && html) place.innerHTML = html;
  }

  function tell(name, end) {
    const state = document.querySelector(`[data-queue-state="${name}"]`);
    if (!state) return;
    const count = waiting(name).length;
    if (count) {
      const text = end === "signed-out" ? state.dataset.signIn : state.dataset.waiting;
      state.textContent = `${text} (${count})`;
      state.dataset.count = count;
    } else if (!state.hidden) {
      state.textContent = state.dataset.sent;
      state.dataset.count = 0;
    }
    state.hidden = state.hidden && !count;
  }

  const flushing = new Set();
  async function flush(name) {
    if (flushing.has(name)) return;
    flushing.add(name);
    let end = "";
    for (const entry of waiting(name)) {
      const result = await send(entry);
      end = result.end;
      if (end !== "done") break;
      keep(name, waiting(name).filter((other) => other.fields.key !== entry.fields.key));
      show(result.html);
    }
    flushing.delete(name);
    tell(name, end);
  }

  // Send `fields` now, or keep them; gives what `send` gives.
  async function push(name, action, fields) {
    const entry = { action, fields, at: Date.now() };
    const result = await send(entry);
    if (result.end !== "done") keep(name, [...waiting(name), entry]);
    tell(name, result.end);
    return result;
  }

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches("form[data-queue]")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (form.dataset.sending) return;
    form.dataset.sending = "yes";
    const data = new FormData(form, event.submitter);
    const picture = data.get("picture");
    const fields = Object.fromEntries([...data].filter(([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken"));
    const action = form.getAttribute("action") || window.location.href;
    let result;
    if (picture?.size) {
      result = await send({ action, fields, at: Date.now() }, picture);
      if (result.end === "done") form.reset();
    } else {
      result = await push(form.dataset.queue, action, fields);
      const text = form.querySelector("input[type=text]");
      if (text && result.status !== 422) text.value = "";
    }
    const key = form.elements.key;
    // the next one is another; the one kept is sent again under its own
    if (key) key.value = newKey();
    delete form.dataset.sending;
    if (result.end === "done") {
      show(result.html);
    } else if (!form.id) {
      form.hidden = true;
    }
    document.getElementById("text")?.focus({ preventScroll: true });
  }, true);

  const names = [...document.querySelectorAll("[data-queue-state]")].map((state) => state.dataset.queueState);
  const flushAll = () => names.filter((name) => waiting(name).length).forEach(flush);
  names.forEach((name) => tell(name, ""));
  flushAll();
  window.addEventListener("online", flushAll);
  setInterval(flushAll, RETRY);

  return { push, send, show, newKey };
})();
