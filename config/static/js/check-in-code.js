// The member's own code is another one each minute; without a network the old one says that it has expired.
{
  const EACH = 30000;
  const VALID = 120000;
  const place = document.querySelector("[data-own-code]");
  const old = document.querySelector("[data-old]");
  let answered = Date.now();

  async function renew() {
    try {
      const answer = await fetch(place.dataset.ownCode, { headers: { "HX-Request": "true" }, credentials: "same-origin" });
      if (answer.ok && !answer.headers.has("HX-Redirect")) {
        place.innerHTML = await answer.text();
        answered = Date.now();
      }
    } catch {
      // said below
    }
    const isOld = Date.now() - answered > VALID;
    old.hidden = !isOld;
    place.hidden = isOld;
  }
  setInterval(renew, EACH);
  // a phone that slept shows its page as it was
  document.addEventListener("visibilitychange", () => { if (!document.hidden) renew(); });
}
