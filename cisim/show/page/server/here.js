// What stays in a tab when its page is loaded anew, as for another language or after a lost connection,
// as long as the same is explored: by the name of what is kept.
window.cisimHere = (name) => {
  const SHOWN = ["month", "language", "version"]; // of an address, what is no other question
  const here = () => {
    const parts = new URLSearchParams(location.search);
    for (const one of SHOWN) parts.delete(one);
    parts.sort();
    return parts.toString();
  };
  return {
    get kept() {
      try {
        const kept = JSON.parse(sessionStorage.getItem(name));
        return kept && kept.here === here() ? kept : null;
      } catch { return null; } // a private window
    },
    keep(what) {
      try { sessionStorage.setItem(name, JSON.stringify({ ...what, here: here() })); } catch { /* full */ }
    },
    drop() {
      try { sessionStorage.removeItem(name); } catch { /* a private window */ }
    },
  };
};
