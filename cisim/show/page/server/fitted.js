// The chart keeps almost half of its place: of what is said below it that goes which would take more,
// the last thing first. It stands in a drawer, beside the lines of the chart and in its table, too.

(() => {
  const LEAST = 0.45; // of the place
  window.cisimFit = (root, which) => {
    const place = root.parentElement, chart = place && place.querySelector('.chart.staged');
    const lines = [...root.querySelectorAll(which)].reverse();
    for (const one of lines) one.hidden = false;
    if (!chart || getComputedStyle(chart).flexGrow !== '1') return; // a page that scrolls has room
    for (const one of lines) {
      if (chart.clientHeight >= LEAST * place.clientHeight) break;
      one.hidden = true;
    }
  };
})();
