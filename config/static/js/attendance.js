// The sheet of who was there: counts follow each tap, and a name is found by typing part of it.
const sheet = document.querySelector(".attendance .sheet");
if (sheet) {
  const counts = document.querySelector(".attendance .counts");
  const PRESENT = new Set(["attended", "late", "proxy"]);
  const show = (name, number) => { counts.querySelector(`[data-count="${name}"]`).textContent = number; };

  const recount = () => {
    const chosen = [...sheet.querySelectorAll("li[data-entitled] input:checked")].map((input) => input.value);
    const present = chosen.filter((value) => PRESENT.has(value)).length;
    const needed = Number(counts.dataset.needed);
    show("present", present);
    show("leave", chosen.filter((value) => value === "leave").length);
    show("absent", chosen.filter((value) => value === "absent").length);
    show("open", chosen.filter((value) => value === "").length);
    show("missing", Math.max(needed - present, 0));
    const quorum = counts.querySelector("[data-quorum]");
    quorum.classList.toggle("is-reached", present >= needed && chosen.length > 0);
    quorum.classList.toggle("is-missing", present < needed || chosen.length === 0);
  };
  sheet.addEventListener("change", recount);
  // a page gone back to keeps what was chosen on it
  window.addEventListener("pageshow", recount);

  const find = document.getElementById("find");
  find.closest("[hidden]").hidden = false;
  find.addEventListener("input", () => {
    const wanted = find.value.trim();
    for (const line of sheet.children) line.hidden = !line.querySelector(".who")?.textContent.includes(wanted);
  });
  find.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
}
