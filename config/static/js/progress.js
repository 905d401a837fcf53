// A thin bar at the top while htmx waits for the server, aria-busy on what will be replaced, and a sentence when the
// server gave no answer or refused: htmx by itself leaves the page as it is and says nothing.
{
  let waiting = 0;

  function failed(yes) {
    const notice = document.getElementById("request-failed");
    if (!notice) return;
    notice.hidden = !yes;
    if (yes) notice.scrollIntoView({ block: "nearest" });
  }

  document.addEventListener("htmx:beforeSend", (event) => {
    const { target, xhr } = event.detail;
    waiting += 1;
    document.body.dataset.waiting = "";
    target?.setAttribute("aria-busy", "true");
    failed(false);
    xhr.addEventListener("loadend", () => {
      waiting -= 1;
      if (!waiting) delete document.body.dataset.waiting;
      target?.removeAttribute("aria-busy");
    });
  });
  for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(name, () => failed(true));
  }
}
