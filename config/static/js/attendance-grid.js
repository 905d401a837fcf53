// The list of an activity by keyboard: a name is found by its beginning, pinyin or initials, a digit enters the presence.
const form = document.querySelector("form.attendance.grid");
if (form) {
  const PRESENT = new Set(["1", "2", "6"]);
  const OBSERVER = "5";
  const PROXY = "6";
  const lines = [...form.querySelectorAll(".sheet > li")].map((element) => ({
    element,
    name: element.querySelector("strong").textContent,
    spellings: element.dataset.s.split(" "),
    radios: [...element.querySelectorAll("input[type=radio]")],
    note: element.querySelector("input:not([type=radio])"),
    isEntitled: "e" in element.dataset,
  }));
  const lineOf = new Map(lines.map((line) => [line.element, line]));
  const find = document.getElementById("find");
  const said = form.querySelector(".said");
  const nobody = form.querySelector(".nobody");
  let current = null;
  let isChanged = false;
  let isSent = false;

  const chosen = (line) => line.radios.find((radio) => radio.checked)?.value ?? "";
  const visible = () => lines.filter((line) => !line.element.hidden);

  const recount = () => {
    const numbers = { expected: 0, present: 0, late: 0, proxy: 0, leave: 0, absent: 0, open: 0, observers: 0, others: 0 };
    const names = { 2: "late", 3: "leave", 4: "absent", 6: "proxy", "": "open" };
    for (const line of lines) {
      const key = chosen(line);
      if (key === OBSERVER) numbers.observers += 1;
      else if (!line.isEntitled) numbers.others += PRESENT.has(key) ? 1 : 0;
      else {
        numbers.expected += 1;
        if (PRESENT.has(key)) numbers.present += 1;
        if (names[key]) numbers[names[key]] += 1;
      }
    }
    const rate = numbers.expected ? `${((100 * numbers.present) / numbers.expected).toFixed(1)}%` : "–";
    for (const place of form.querySelectorAll("[data-count]")) {
      place.textContent = place.dataset.count === "rate" ? rate : numbers[place.dataset.count];
    }
  };

  const mark = (line) => {
    current?.element.classList.remove("is-current");
    current = line;
    line?.element.classList.add("is-current");
  };

  // the focus goes to what is chosen, from where the arrows of the keyboard move on
  const goTo = (line) => {
    if (!line) return;
    mark(line);
    (line.radios.find((radio) => radio.checked) ?? line.radios.at(-1)).focus();
    line.element.scrollIntoView({ block: "nearest" });
  };

  const step = (line, by) => {
    const shown = visible();
    return shown[shown.indexOf(line) + by];
  };

  const choose = (line, key) => {
    const radio = line.radios.find((each) => each.value === (key === "0" ? "" : key));
    if (!radio) return;
    radio.checked = true;
    isChanged = true;
    recount();
    said.hidden = false;
    said.textContent = `${line.name}：${radio.parentElement.textContent.trim()}`;
    if (key === PROXY) {
      mark(line);
      line.note.focus();
    }
  };

  const narrow = () => {
    const wanted = find.value.trim().toLowerCase().replaceAll(/[\s·]/g, "");
    for (const line of lines) {
      const fits = line.name.toLowerCase().replaceAll(/[\s·]/g, "").includes(wanted)
        || line.spellings.some((spelling) => spelling.startsWith(wanted));
      line.element.hidden = wanted !== "" && !fits;
    }
    const shown = visible();
    mark(wanted ? shown[0] : null);
    nobody.hidden = wanted === "" || shown.length > 0;
    nobody.querySelector("span").textContent = nobody.hidden ? "" : find.value.trim();
  };

  const clear = () => {
    find.value = "";
    narrow();
    find.focus();
  };

  find.closest("[hidden]").hidden = false;
  find.addEventListener("input", narrow);
  find.addEventListener("keydown", (event) => {
    // while a name is composed, digits choose characters
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter" || event.key === "ArrowDown") {
      event.preventDefault();
      goTo(current ?? visible()[0]);
    } else if (event.key === "Escape") clear();
    else if (/^[0-6]$/.test(event.key) && current) {
      event.preventDefault();
      const line = current;
      choose(line, event.key);
      if (event.key !== PROXY) clear();
    }
  });

  form.addEventListener("keydown", (event) => {
    const line = lineOf.get(event.target.closest(".sheet > li"));
    if (!line || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const isNote = event.target === line.note;
    if (event.key === "Enter") {
      event.preventDefault();
      if (find.value) clear();
      else goTo(step(line, 1));
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const next = step(line, event.key === "ArrowDown" ? 1 : -1);
      if (next) goTo(next);
      else if (event.key === "ArrowUp") find.focus();
    } else if (!isNote && /^[0-6]$/.test(event.key)) {
      event.preventDefault();
      choose(line, event.key);
      if (event.key !== PROXY) goTo(line);
    } else if (!isNote && event.key === "Backspace") choose(line, "0");
  });

  // before the search of the whole register, whose key it is on other pages
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.target.matches("input:not([type=radio]), textarea, select")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    find.focus();
    find.select();
  }, true);

  // who is nobody's on the list goes to the form that puts people there
  nobody.querySelector("button").addEventListener("click", () => {
    const add = form.elements.members;
    add.value = [add.value.trim(), find.value.trim()].filter(Boolean).join("\n");
    add.focus();
  });

  form.addEventListener("focusin", (event) => {
    const line = lineOf.get(event.target.closest(".sheet > li"));
    if (line) mark(line);
  });
  form.addEventListener("change", (event) => {
    if (event.target === find) return;
    isChanged = true;
    recount();
  });
  form.addEventListener("submit", () => { isSent = true; });
  window.addEventListener("beforeunload", (event) => {
    if (isChanged && !isSent) event.preventDefault();
  });
  // a page gone back to keeps what was chosen on it
  window.addEventListener("pageshow", () => { isSent = false; recount(); });
}
