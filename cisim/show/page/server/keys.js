// Keys that hold on the whole page, while nobody types. A control names its keys itself (data-key), a
// list that is gone through (data-next) its own; what is there now is listed behind the question mark.

(() => {
  const PLACE = "cisim-workshop";
  const root = document.documentElement;
  const large = (on) => {
    root.classList.toggle("workshop", on);
    try { sessionStorage.setItem(PLACE, on ? "on" : ""); } catch { /* a private window */ }
    window.dispatchEvent(new Event("resize"));
    window.dispatchEvent(new CustomEvent("cisim-large"));
  };
  try { if (sessionStorage.getItem(PLACE)) root.classList.add("workshop"); } catch { /* a private window */ }

  const seen = (one) => !one.disabled && one.getClientRects().length > 0;
  const find = (key) => [...document.querySelectorAll(`[data-key~="${CSS.escape(key)}"]`)].filter(seen).pop();
  const full = () => {
    if (document.fullscreenElement) document.exitFullscreen();
    else root.requestFullscreen().catch(() => {});
  };
  const onward = (by) => {
    const list = [...document.querySelectorAll("select[data-next]")].filter(seen).pop();
    if (!list) return false;
    const many = list.options.length;
    let at = list.selectedIndex;
    do at = (at + by + many) % many; while (list.options[at].disabled);
    list.selectedIndex = at;
    list.dispatchEvent(new Event("change", { bubbles: true }));
    return true;
  };
  const own = { W: () => large(!root.classList.contains("workshop")), F: full, "?": () => listed(), N: () => onward(1), "Shift+N": () => onward(-1) };

  // As a key is named in data-key; digits by their place, so that Shift keeps them.
  function named(event) {
    const digit = /^(?:Digit|Numpad)(\d)$/.exec(event.code);
    if (event.key === "?") return "?";
    const key = digit ? digit[1] : event.key === " " ? "Space" : event.key.length === 1 ? event.key.toUpperCase() : event.key;
    return event.shiftKey ? `Shift+${key}` : key;
  }

  function pressed(event) {
    const on = event.target;
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || !on.matches) return;
    if (on.isContentEditable || on.matches("select, textarea, input:not([type=range])")) return;
    if (on.matches("input") && /^(Arrow|Page|Home|End)/.test(event.key)) return;
    if (on.matches("a, button, summary") && /^( |Enter)$/.test(event.key)) return;
    if (document.querySelector("dialog[open]")) return;
    const name = named(event);
    const control = find(name);
    if (!control && !own[name]) return;
    if (control) control.click();
    else if (own[name]() === false) return;
    event.preventDefault();
  }
  window.addEventListener("keydown", pressed);

  // What can be pressed now.
  function listed() {
    const words = window.cisimKeyWords;
    const dialog = document.createElement("dialog");
    dialog.className = "keys-listed";
    dialog.setAttribute("aria-label", words.heading);
    const list = document.createElement("dl");
    for (const [name, text] of Object.entries(words.list)) {
      const asked = words.of[name];
      const there = !asked || (asked === "next" ? document.querySelector("select[data-next]") : document.querySelector(`[data-key~="${asked}"]`));
      if (!there) continue;
      const [keys, does] = text.split(/: (.*)/s);
      const term = document.createElement("dt");
      const key = document.createElement("kbd");
      key.textContent = keys;
      term.append(key);
      const said = document.createElement("dd");
      said.textContent = does;
      list.append(term, said);
    }
    const heading = document.createElement("h2");
    heading.textContent = words.heading;
    const close = document.createElement("button");
    close.type = "button";
    close.textContent = words.close;
    close.onclick = () => dialog.close();
    dialog.append(heading, list, close);
    dialog.addEventListener("close", () => dialog.remove());
    (document.querySelector(".cisim") || document.body).append(dialog);
    dialog.showModal();
  }
  window.cisimKeys = { large: own.W, listed };
})();
