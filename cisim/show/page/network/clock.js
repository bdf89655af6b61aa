// Time: playing, standing still at a month, and who hears of it.

const ASK_AGAIN = 5000; // ms after which a film is asked for once more

export const clock = {
  within(month) {
    return Math.max(0, Math.min(this.last, month));
  },

  recordAt(reel, month) {
    if (month >= reel.film.last) return { k: reel.records - 1, f: 0 };
    const at = Math.max(0, month / reel.every);
    return { k: Math.floor(at), f: at - Math.floor(at) };
  },

  // With the first films: where it is told to be, playing if it is told to.
  begin() {
    this.clock.at = this.shown = this.within(this.month || 0);
    if (this.playing && this.calm) this.playing = false;
    else if (this.playing) this.play();
    window.dispatchEvent(new CustomEvent("cisim-network"));
  },

  toggle() {
    if (this.running) this.pause();
    else this.play();
  },

  play() {
    if (!this.reels.length) return;
    if (this.clock.at >= this.last) this.clock.at = this.shown = 0;
    this.running = true;
    if (!this.playing) this.playing = true;
    this.clock.then = 0;
    cancelAnimationFrame(this.clock.frame);
    this.clock.frame = requestAnimationFrame(this.advance);
  },

  advance(now) {
    if (!this.running) return;
    // The next one first: what goes wrong in one frame, in a window of a moment's odd size, stops no
    // other.
    this.clock.frame = requestAnimationFrame(this.advance);
    if (!this.there(this.clock.at)) {
      this.clock.then = 0; // time stands still until the film has come
      return;
    }
    const passed = this.clock.then ? Math.min(0.25, (now - this.clock.then) / 1000) : 0;
    this.clock.then = now;
    this.clock.at = this.within(this.clock.at + passed * this.pace());
    const month = Math.floor(this.clock.at / this.every) * this.every;
    const another = month !== this.shown;
    if (another) {
      this.shown = month;
      this.tell(true);
    }
    if (this.clock.at >= this.last) {
      this.shown = this.last;
      this.pause();
      return;
    }
    if (another || !this.calm) this.paint();
  },

  // Months a second: fewer where something happens, so that it can be seen and read.
  pace() {
    const near = (reel) => reel.slow.has(this.recordAt(reel, this.clock.at).k);
    return this.reels.some(near) ? Math.min(this.speed, Math.max(0.8, this.speed / 8)) : this.speed;
  },

  pause() {
    cancelAnimationFrame(this.clock.frame);
    this.running = false;
    if (this.playing) this.playing = false;
    this.settle(this.shown);
  },

  // Stand still at a month, and say so to the server, the window and the ear.
  settle(month) {
    this.clock.at = this.shown = this.within(Math.round(month));
    if (this.month !== this.shown) this.month = this.shown;
    this.late = !this.there(this.shown); // then it is said once it is there
    if (!this.late) this.said = this.reels.map((reel) => {
      const k = this.recordAt(reel, this.shown).k;
      const summary = (reel.film.summaries || {})[k] || "";
      const told = [summary, (reel.film.told || {})[k]].filter(Boolean).join(" ");
      return this.reels.length > 1 ? `${reel.film.title}: ${told}` : told;
    }).join(" ");
    this.tell(false);
    this.draw();
  },

  go(month) {
    if (this.running) {
      cancelAnimationFrame(this.clock.frame);
      this.running = false;
      if (this.playing) this.playing = false;
    }
    this.settle(month);
  },

  step(by) {
    this.go(this.shown + by * this.every);
  },

  scrub(event) {
    const month = this.within(Number(event.target.value));
    this.clock.at = this.shown = month;
    this.tell(this.running);
    this.draw();
  },

  release(event) {
    if (this.running) this.scrub(event);
    else this.settle(Number(event.target.value));
  },

  told(month) {
    if (month === this.shown || month === null || month === undefined) return;
    this.clock.at = this.shown = this.within(month);
    if (!this.running) this.draw();
  },

  // Whether a moment can be shown. A film comes as what one month shows; where it goes on from
  // there, all of it is asked for; once more if nothing comes, as a wish can be lost on its way.
  there(month) {
    if (this.reels.every((reel) => reel.shows(month)) && !this.running) return true;
    const whole = this.reels.every((reel) => reel.film.at === null);
    const now = performance.now();
    if (!whole && (this.askedOf !== this.films || now - this.askedAt > ASK_AGAIN)) {
      this.askedOf = this.films;
      this.askedAt = now;
      this.asked += 1;
    }
    return whole;
  },

  tell(playing) {
    window.dispatchEvent(new CustomEvent("cisim-month", { detail: { month: this.shown, playing } }));
  },
};
