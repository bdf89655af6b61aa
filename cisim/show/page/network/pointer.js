// What is pointed at, chosen and said of it.

import { filled } from "./words.js";

export const pointer = {
  namedIn(f) {
    const there = this.reels[f] && this.named < this.reels[f].size && (this.shared || f === this.over);
    return there ? this.named : -1;
  },

  nodeAt(event, f) {
    const canvas = this.$refs.canvas[f];
    const box = canvas.getBoundingClientRect();
    const reel = this.reels[f];
    const lens = this.lens(canvas, reel.film);
    const px = event.clientX - box.left;
    const py = event.clientY - box.top;
    let best = -1;
    let least = event.pointerType === "touch" ? 20 : 12;
    for (let node = 0; node < reel.size; node++) {
      const away = Math.hypot(lens.x + lens.unit * reel.places[2 * node] - px, lens.y + lens.unit * reel.places[2 * node + 1] - py);
      const size = reel.role(node) ? lens.unit * 0.7 : lens.unit * 0.3;
      if (away - size < least) {
        least = away - size;
        best = node;
      }
    }
    return best;
  },

  point(event, f) {
    if (!this.reels[f]) return;
    const node = this.nodeAt(event, f);
    this.over = f;
    if (node !== this.hover) this.hover = node;
  },

  unpoint() {
    this.hover = -1;
  },

  press(event, f) {
    const node = this.nodeAt(event, f);
    this.over = f;
    this.focus = node === this.focus ? -1 : node;
    this.pinned = this.focus >= 0;
    if (this.selected !== this.focus) this.selected = this.focus;
    if (this.focus >= 0) this.nameAloud();
  },

  zoomAt(event, f) {
    const canvas = this.$refs.canvas[f];
    const box = canvas.getBoundingClientRect();
    const lens = this.lens(canvas, this.sent[f]);
    const x = (event.clientX - box.left - lens.x) / lens.unit;
    const y = (event.clientY - box.top - lens.y) / lens.unit;
    const at = this.regions.findIndex((r) => Math.hypot(r.x - x, r.y - y) < r.radius + 1.5);
    this.look(this.near >= 0 ? -1 : at);
  },

  number(value, decimals) {
    return new Intl.NumberFormat(this.words.language, { minimumFractionDigits: decimals, maximumFractionDigits: decimals }).format(value);
  },

  // What there is to say about a node at the month on the screen.
  about(reel, node) {
    if (node < 0 || node >= reel.size) return null;
    const { k } = this.recordAt(reel, this.shown);
    const words = this.words;
    const role = reel.role(node);
    const there = this.presence(reel, k, 0, node) > 0;
    const fte = (value) => filled(words.fte, { fte: this.number(value, value < 1 ? 2 : 1) });
    const lines = [];
    const add = (name, value) => lines.push({ name, value, kind: name === words[this.colourBy] ? "strong" : "" });
    if (role === 0) {
      const was = reel.before[node] <= k;
      add(there ? words.takes_part : !reel.eligible[node] ? words.not_eligible : was ? words.left : words.outside);
      for (const level of this.levels) {
        const value = reel.level(level, k, node);
        add(words[level], value === value ? this.number(value, 2) : "–");
      }
      add(words.resources, fte(reel.level("time", k, node)));
    } else if (role === 1) {
      add(there ? words.works : words.absent);
      if (there) add(words.resources, fte(reel.level("staff", k, node - reel.orgs)));
    } else {
      const s = node - reel.orgs - reel.backbones;
      const engagement = reel.level("engagement", k, s);
      if (!there) add(words.absent_sponsor);
      add(words.engagement, Math.abs(engagement) < 0.005 ? "0" : this.number(engagement, 2));
      add(words.resources, fte(reel.level("money", k, s)));
    }
    return { name: reel.film.names[node], lines };
  },

  tip(f, node) {
    const reel = this.reels[f];
    const canvas = (this.$refs.canvas || [])[f];
    const found = reel && canvas ? this.about(reel, node) : null;
    if (!found) return null;
    const lens = this.lens(canvas, reel.film);
    const x = lens.x + lens.unit * reel.places[2 * node];
    const y = lens.y + lens.unit * reel.places[2 * node + 1];
    const room = lens.unit * 0.8 + 8;
    const at = {};
    if (x < lens.wide / 2) at.left = `${Math.max(0, x + room)}px`;
    else at.right = `${Math.max(0, lens.wide - x + room)}px`;
    if (y < lens.high / 2) at.top = `${Math.max(0, y - 10)}px`;
    else at.bottom = `${Math.max(0, lens.high - y - 10)}px`;
    return { ...found, at };
  },
};
