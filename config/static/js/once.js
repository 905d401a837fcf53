// Forms marked data-once are sent once: the button is shut and says what is going on.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-once]")) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  for (const button of form.querySelectorAll("button[type=submit]")) {
    button.setAttribute("aria-busy", "true");
    const pressed = !event.submitter?.name || event.submitter === button;
    if (pressed && button.dataset.busy) {
      button.dataset.label = button.textContent;
      button.textContent = button.dataset.busy;
    }
    // after the form's data is collected, or the button's own value would be lost
    setTimeout(() => { button.disabled = true; });
  }
  if (form.dataset.download) awaitDownload(form);
});

// A file leaves the page where it is. The answer brings the number sent along back in the cookie data-download names.
function awaitDownload(form) {
  const token = `${Date.now()}${Math.floor(Math.random() * 1000)}`;
  const cookie = `${form.dataset.download}=${token}`;
  const status = form.querySelector("[data-done]");
  form.elements.token.value = token;
  if (status) status.textContent = "";
  const timer = setInterval(() => {
    if (!document.cookie.split("; ").includes(cookie)) return;
    clearInterval(timer);
    reopen(form);
    if (status) status.textContent = status.dataset.done;
  }, 200);
}

function reopen(form) {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("button[type=submit]")) {
    button.disabled = false;
    button.removeAttribute("aria-busy");
    if (button.dataset.label) button.textContent = button.dataset.label;
  }
}

// Coming back with the browser's back button finds the form ready again.
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-once]").forEach(reopen));
