// A guess that is open in Explore: it stays when the page is loaded anew, as for another language, as
// long as the same is explored. What it hides is covered until it is there again.

(() => {
  const PLACE = "cisim-guess";
  const SHOWN = ["month", "language", "version"]; // of an address, what is no other question
  const here = () => {
    const parts = new URLSearchParams(location.search);
    for (const name of SHOWN) parts.delete(name);
    parts.sort();
    return parts.toString();
  };
  window.cisimGuess = {
    kept() {
      try {
        const kept = JSON.parse(sessionStorage.getItem(PLACE));
        return kept && kept.here === here() ? kept : null;
      } catch { return null; } // a private window
    },
    // asked: as Python tells it; guess: as of hands.js
    keep(asked, guess) {
      try { sessionStorage.setItem(PLACE, JSON.stringify({ here: here(), asked, guess })); } catch { /* full */ }
    },
    drop() {
      try { sessionStorage.removeItem(PLACE); } catch { /* a private window */ }
    },
  };
  const kept = window.cisimGuess.kept();
  if (kept && !kept.guess.told) document.documentElement.classList.add("guessing");
})();
