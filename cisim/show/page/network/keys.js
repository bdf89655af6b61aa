// The same by keyboard, and aloud.

export const keys = {
  enter(f) {
    this.over = f;
    const canvas = this.$refs.canvas[f];
    const byKey = canvas.matches ? canvas.matches(":focus-visible") : true;
    if (byKey && this.focus < 0 && this.reels[f]) {
      this.focus = this.reels[f].orgs; // the national backbone
      this.nameAloud();
    }
  },

  leave() {
    if (!this.pinned) this.focus = -1;
  },

  key(event, f) {
    const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (ways[event.key]) this.walk(this.reels[f], ...ways[event.key]);
    else if (event.key === " ") this.toggle();
    else if (event.key === "PageDown") this.step(1);
    else if (event.key === "PageUp") this.step(-1);
    else if (event.key === "Home") this.go(0);
    else if (event.key === "End") this.go(this.last);
    else if (event.key === "Enter") {
      this.selected = this.focus;
      this.pinned = this.focus >= 0;
    } else if (event.key === "Escape" && this.focus >= 0) {
      this.focus = -1;
      this.pinned = false;
      if (this.selected !== -1) this.selected = -1;
    } else return;
    event.preventDefault();
    event.stopPropagation();
  },

  // To the nearest node in a direction; sideways counts double.
  walk(reel, dx, dy) {
    const from = this.focus >= 0 ? this.focus : reel.orgs;
    const x = reel.places[2 * from];
    const y = reel.places[2 * from + 1];
    let best = -1;
    let least = Infinity;
    for (let node = 0; node < reel.size; node++) {
      const ax = reel.places[2 * node] - x;
      const ay = reel.places[2 * node + 1] - y;
      const along = ax * dx + ay * dy;
      const across = Math.abs(ax * dy) + Math.abs(ay * dx);
      if (along < 0.05 || across > 1.6 * along + 0.05) continue;
      if (along + 2 * across < least) {
        least = along + 2 * across;
        best = node;
      }
    }
    this.hover = -1;
    if (best >= 0) {
      this.focus = best;
      const region = reel.region[best];
      if (this.near >= 0 && region < this.regions.length && region !== this.near) this.look(region);
    }
    this.nameAloud();
  },

  nameAloud() {
    let first = true;
    const said = this.reels.map((reel, f) => {
      const tip = this.shared || f === this.over ? this.about(reel, this.focus) : null;
      if (!tip) return "";
      const name = first ? `${tip.name}. ` : "";
      first = false;
      const facts = tip.lines.map((line) => (line.value === undefined ? line.name : `${line.name} ${line.value}`));
      const title = this.reels.length > 1 ? `${reel.film.title}: ` : "";
      return name + title + facts.join(", ") + ".";
    });
    this.said = said.join(" ");
  },
};
