// A guess that is open in Explore. What it hides is covered until it is there again.
(() => {
  const place = window.cisimHere("cisim-guess");
  window.cisimGuess = {
    kept: () => place.kept,
    // asked: as Python tells it; guess: as of hands.js
    keep: (asked, guess) => place.keep({ asked, guess }),
    drop: place.drop,
  };
  const kept = place.kept;
  if (kept && !kept.guess.told) document.documentElement.classList.add("guessing");
})();
