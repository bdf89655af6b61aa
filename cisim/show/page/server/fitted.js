// The chart keeps almost half of its place: of what is said below it that goes which would take more,
// the last thing first. It stands in a drawer, beside the lines of the chart and in its table, too.
// What is worth more goes only where letters of the chart would be too small to be read.

(() => {
  const ALMOST_HALF = 0.45; // of the place
  const LEGIBLE = 0.85; // of the size for which it is drawn
  const fit = (root, which, dear) => {
    const place = root.parentElement, chart = place && place.querySelector('.chart.staged');
    const found = (selector) => (selector ? [...root.querySelectorAll(selector)].reverse() : []);
    const first = found(which), last = found(dear);
    for (const one of [...first, ...last]) one.hidden = false;
    if (!chart || getComputedStyle(chart).flexGrow !== '1') return; // a page that scrolls has room
    for (const one of first) one.hidden = chart.clientHeight < ALMOST_HALF * place.clientHeight;
    const svg = chart.querySelector('.svg svg');
    for (const one of last) one.hidden = svg && svg.clientHeight < LEGIBLE * svg.viewBox.baseVal.height;
  };

  // What a template has that says something below the chart: it is fitted, again as its place changes
  // and as its chart has been drawn; while months pass it is hidden, for it is of an earlier one.
  window.cisimSaid = (which, dear) => ({
    data() { return { moving: false } },
    watch: { frame() { this.moving = false } },
    mounted() {
      this.sized = new ResizeObserver(this.fit);
      this.sized.observe(this.$el.parentElement);
      window.addEventListener('cisim-drawn', this.fit);
      window.addEventListener('cisim-month', this.follow);
    },
    updated() { this.fit() },
    beforeDestroy() {
      this.sized.disconnect();
      window.removeEventListener('cisim-drawn', this.fit);
      window.removeEventListener('cisim-month', this.follow);
    },
    methods: {
      fit() { fit(this.$el, which, dear) },
      follow(event) { this.moving = event.detail.month !== this.frame.month },
    },
  });
})();
