// Opening an account: one password that can be shown instead of two, and a passkey where the browser can make one.
const form = document.getElementById("account-form");

for (const part of document.querySelectorAll("[data-password]")) {
  part.querySelector("[data-repeat]").remove();
  const input = part.querySelector("input");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button secondary show";
  button.textContent = part.dataset.show;
  button.setAttribute("aria-pressed", "false");
  button.setAttribute("aria-controls", input.id);
  button.addEventListener("click", () => {
    const shown = input.type === "password";
    input.type = shown ? "text" : "password";
    button.textContent = shown ? part.dataset.hide : part.dataset.show;
    button.setAttribute("aria-pressed", String(shown));
  });
  const row = document.createElement("div");
  row.className = "shown";
  input.before(row);
  row.append(input, button);
  // browsers keep what is typed in a field of the type text
  form.addEventListener("submit", () => { input.type = "password"; });
}

const block = document.getElementById("passkey");
if (window.PublicKeyCredential && window.webauthnJSON) {
  block.hidden = false;
  const [credential, button, said] = ["input", "button", "[role=alert]"].map((part) => block.querySelector(part));

  button.addEventListener("click", async () => {
    button.disabled = true;
    said.hidden = true;
    try {
      const response = await fetch(form.dataset.passkey, { method: "POST", body: new FormData(form) });
      const answer = response.headers.get("Content-Type")?.startsWith("application/json") ? await response.json() : {};
      if (!response.ok) throw new Refused(answer.message);
      const made = await window.webauthnJSON.create(answer);
      credential.value = JSON.stringify(made);
      credential.disabled = false;
      form.submit();
    } catch (error) {
      said.textContent = (error instanceof Refused && error.message) || form.dataset.failed;
      said.hidden = false;
      button.disabled = false;
    }
  });
}

class Refused extends Error {}

// Coming back with the browser's back button the passkey made before is none of this try.
window.addEventListener("pageshow", () => {
  block.querySelector("input").disabled = true;
  block.querySelector("button").disabled = false;
});
