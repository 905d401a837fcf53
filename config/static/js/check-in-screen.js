// The screen of the room asks for the code and the figures of the moment, keeps the display awake, and says so when it
// has lost the server: a code that stands too long is worth nothing.
{
  const EACH = 4000;
  const TOO_LONG = 20000;
  const state = document.getElementById("state");
  const lost = document.querySelector("[data-lost]");
  let answered = Date.now();

  async function look() {
    try {
      const answer = await fetch(state.dataset.address, { headers: { "HX-Request": "true" }, credentials: "same-origin" });
      if (answer.headers.has("HX-Redirect")) {
        window.location.href = answer.headers.get("HX-Redirect");
        return;
      }
      if (answer.ok) {
        const text = await answer.text();
        // a button that somebody is about to press stays
        if (!state.contains(document.activeElement)) state.innerHTML = text;
        answered = Date.now();
      }
    } catch {
      // said below
    }
    const isLost = Date.now() - answered > TOO_LONG;
    lost.hidden = !isLost;
    state.classList.toggle("is-lost", isLost);
    setTimeout(look, EACH);
  }
  setTimeout(look, EACH);

  const full = document.querySelector("[data-fullscreen]");
  if (document.documentElement.requestFullscreen) {
    full.hidden = false;
    full.addEventListener("click", () => {
      if (document.fullscreenElement) document.exitFullscreen();
      else document.documentElement.requestFullscreen();
    });
  }
  const stayAwake = () => { if (!document.hidden) navigator.wakeLock?.request("screen").catch(() => {}); };
  document.addEventListener("visibilitychange", stayAwake);
  stayAwake();
}
