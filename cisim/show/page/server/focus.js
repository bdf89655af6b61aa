// Who goes by keyboard keeps a place. Where what had the focus is gone, or can be pressed no more, what
// stands nearest gets it; on another page its heading.
(() => {
  const CAN = ["a[href]", "button:not(:disabled)", "summary", "[tabindex='0']"].join();
  let last = null, above = [], byKey = false, timer = 0;
  window.addEventListener("keydown", () => { byKey = true; }, true);
  window.addEventListener("pointerdown", () => { byKey = false; }, true);
  document.addEventListener("focusin", ({ target }) => {
    last = target;
    above = [];
    for (let one = target.parentElement; one; one = one.parentElement) above.push(one);
  });
  const lost = () => byKey && last && document.activeElement === document.body && (!last.isConnected || last.disabled);
  const seen = (one) => one.checkVisibility({ visibilityProperty: true });
  const nearest = () => {
    for (const one of above) {
      if (!one.isConnected) continue;
      if (one.querySelector("h1")) break;
      const next = [...one.querySelectorAll(CAN)].find(seen);
      if (next) return next;
    }
    const heading = document.querySelector("main h1");
    if (heading) heading.tabIndex = -1;
    return heading;
  };
  const give = () => {
    timer = 0;
    const next = lost() && nearest();
    if (next) next.focus({ preventScroll: next.matches("h1") });
  };
  // What is drawn anew is there soon; a page that waits for its runs changes again once they are.
  new MutationObserver(() => {
    if (!timer && lost()) timer = setTimeout(give, 120);
  }).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ["disabled"] });
})();
