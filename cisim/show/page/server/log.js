// What a room has tried while this window was open: each guess with its answer. It stays when the page
// is loaded again, and goes nowhere else.

(() => {
  const PLACE = "cisim-log";
  const MOST = 60;
  let entries = [];
  try {
    entries = JSON.parse(sessionStorage.getItem(PLACE) || "[]");
  } catch { /* a browser that keeps nothing logs all the same, until it loads anew */ }
  const keep = () => {
    try {
      sessionStorage.setItem(PLACE, JSON.stringify(entries));
    } catch { /* full, or a private window */ }
    window.dispatchEvent(new CustomEvent("cisim-log"));
  };
  window.cisimLog = {
    get entries() { return entries; },
    add(entry) {
      entries = [...entries, entry].slice(-MOST);
      keep();
    },
    clear() {
      entries = [];
      keep();
    },
    keep,
  };
})();

// Snapshots: what was looked at, by a name of one's own. They stay in this browser until removed.
(() => {
  const PLACE = "cisim-snapshots";
  const read = () => {
    try { return JSON.parse(localStorage.getItem(PLACE) || "[]"); } catch { return []; }
  };
  const write = (list) => {
    try { localStorage.setItem(PLACE, JSON.stringify(list)); } catch { /* full, or a private window */ }
    window.dispatchEvent(new CustomEvent("cisim-log"));
  };
  window.cisimSnapshots = {
    get list() { return read(); },
    add(name, href) { write([...read(), { name, href }]); },
    remove(at) { write(read().filter((_, k) => k !== at)); },
  };
})();
