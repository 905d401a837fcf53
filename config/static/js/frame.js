// The staff's frame: the menu's button, the key to the search box, the account's menu. Loaded in the head and run at once,
// so that a menu folded away stays so without a flash; everything here is a link or works by itself without scripts.
{
  const KEY = "menu";
  const root = document.documentElement;
  const phone = window.matchMedia("(max-width: 767px)");
  // on wide screens the menu stands open until it is folded away, on phones it is closed until it is asked for
  if (localStorage.getItem(KEY) === "folded") root.dataset.menu = "folded";

  // the admin's scripts listen for "unload", which browsers give up and which keeps them from holding a page for the
  // back button with what was typed in it; "pagehide" comes at the same moment
  const listen = window.addEventListener.bind(window);
  window.addEventListener = (name, ...rest) => listen(name === "unload" ? "pagehide" : name, ...rest);

  const isTyping = (element) => element.isContentEditable || element.matches("input, textarea, select");

  function prepareMenu(toggle, menu) {
    const isOpen = () => (phone.matches ? root.dataset.menu === "open" : root.dataset.menu !== "folded");
    const tell = () => toggle.setAttribute("aria-expanded", isOpen());
    const kept = () => (localStorage.getItem(KEY) === "folded" ? "folded" : "");
    function set(open) {
      if (phone.matches) {
        root.dataset.menu = open ? "open" : kept();
        (open ? menu : toggle).focus();
      } else {
        root.dataset.menu = open ? "" : "folded";
        localStorage.setItem(KEY, root.dataset.menu);
      }
      tell();
    }
    toggle.setAttribute("role", "button");
    toggle.setAttribute("aria-controls", menu.id);
    toggle.addEventListener("click", (event) => {
      event.preventDefault();
      set(!isOpen());
    });
    toggle.addEventListener("keydown", (event) => {
      if (event.key !== " ") return;
      event.preventDefault();
      set(!isOpen());
    });
    menu.querySelector(".nav-close").addEventListener("click", (event) => {
      event.preventDefault();
      set(false);
    });
    menu.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && phone.matches) set(false);
    });
    phone.addEventListener("change", () => {
      root.dataset.menu = kept();
      tell();
    });
    tell();
  }

  function prepareAccount(account) {
    document.addEventListener("click", (event) => {
      if (!account.contains(event.target)) account.open = false;
    });
    account.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !account.open) return;
      account.open = false;
      account.querySelector("summary").focus();
    });
  }

  document.addEventListener("DOMContentLoaded", () => {
    const toggle = document.getElementById("nav-toggle");
    const menu = document.getElementById("nav-sidebar");
    if (toggle && menu) prepareMenu(toggle, menu);
    const account = document.getElementById("user-tools");
    if (account) prepareAccount(account);
    const search = document.getElementById("quick-search-text");
    if (!search) return;
    document.addEventListener("keydown", (event) => {
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      event.preventDefault();
      search.focus();
      search.select();
    });
  });
}
