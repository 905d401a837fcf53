// Says in words what allauth's scripts only write to the console.
const say = (which) => {
  for (const each of document.querySelectorAll("[data-passkey]")) each.hidden = each.dataset.passkey !== which;
};
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  say(window.PublicKeyCredential ? "failed" : "missing");
});
