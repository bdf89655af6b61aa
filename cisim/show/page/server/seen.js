// How far a room has seen a scenario: what lies beyond stays under a sheet until somebody goes there.

(() => {
  const seen = new Map();
  window.cisimSeen = (of, month) => {
    seen.set(of, Math.max(month, seen.get(of) || 0));
    return seen.get(of);
  };
})();
