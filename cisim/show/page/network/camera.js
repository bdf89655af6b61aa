// The view: all of it or one region, the way between, and the size of the canvas.

import { mix } from "./reel.js";

const FLIGHT = 450; // ms from one view to another

export const camera = {
  look(region) {
    if (region === this.near || region >= this.regions.length) return;
    this.eye = { from: this.calm ? null : this.near, since: performance.now() };
    this.near = region;
    this.draw();
  },

  bounds(film, region) {
    const [left, top, right, bottom] = film.bounds;
    if (region < 0 || region >= this.regions.length) return { x: (left + right) / 2, y: (top + bottom) / 2, wide: right - left, high: bottom - top };
    const circle = film.regions[region];
    const size = 2 * circle.radius + 4.4;
    return { x: circle.x, y: circle.y, wide: size, high: size };
  },

  frameOf(film) {
    const to = this.bounds(film, this.near);
    if (this.eye.from === null) return to;
    const from = this.bounds(film, this.eye.from);
    const share = Math.min(1, (performance.now() - this.eye.since) / FLIGHT);
    if (share >= 1) this.eye.from = null;
    const ease = share * share * (3 - 2 * share);
    return { x: mix(from.x, to.x, ease), y: mix(from.y, to.y, ease), wide: mix(from.wide, to.wide, ease), high: mix(from.high, to.high, ease) };
  },

  lens(canvas, film) {
    const frame = this.frameOf(film);
    const wide = canvas.clientWidth || 1;
    const high = canvas.clientHeight || 1;
    const unit = Math.min((wide - 8) / frame.wide, (high - 8) / frame.high);
    return { unit, x: wide / 2 - frame.x * unit, y: high / 2 - frame.y * unit, wide, high };
  },

  // A window can be a pixel for a moment, and nothing has a size below nothing.
  hasRoom(canvas, film) {
    return canvas.width > 1 && canvas.height > 1 && this.lens(canvas, film).unit > 0;
  },

  resize() {
    this.$nextTick(() => {
      const ratio = Math.min(2, window.devicePixelRatio || 1);
      for (const canvas of this.$refs.canvas || []) {
        const wide = Math.max(1, Math.round(canvas.clientWidth * ratio));
        const high = Math.max(1, Math.round(canvas.clientHeight * ratio));
        if (canvas.width !== wide) canvas.width = wide;
        if (canvas.height !== high) canvas.height = high;
      }
      this.draw();
    });
  },
};
