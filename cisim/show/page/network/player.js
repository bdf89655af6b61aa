// One component draws all films, so that there is one clock. What changes with every frame is kept
// out of Vue's sight (this.reels, this.clock, this.eye); what Vue knows changes with the month.

import { camera } from "./camera.js";
import { clock } from "./clock.js";
import { cividis } from "./colours.js";
import { drawing } from "./drawing.js";
import { keys } from "./keys.js";
import { lines } from "./lines.js";
import { dated } from "./months.js";
import { pointer } from "./pointer.js";
import { Reel, inflated } from "./reel.js";
import { filled } from "./words.js";

let instances = 0;

export default {
  data() {
    return {
      name: ++instances,
      levels: ["trust", "mandate", "commitment"],
      shown: 0, // the month that is on the screen
      running: false,
      speed: 7, // months a second
      focus: -1,
      hover: -1,
      over: 0, // the film that is pointed at
      pinned: false, // the focus was set by keyboard or click
      near: -1, // the region that is looked at
      everydayShown: true,
      width: 0,
      wanted: 560,
      systemDark: false,
      still: false, // the browser asks for less motion
      said: "",
      tick: 0, // how often the view has moved
      sent: [], // films, inflated
    };
  },

  computed: {
    // Films of one world share their places, so that one is named in all of them.
    shared() {
      const places = (one) => one.places.data.join() + one.names.join();
      return this.sent.every((one) => places(one) === places(this.sent[0]));
    },
    regions() {
      return this.sent.length && this.shared ? this.sent[0].regions : [];
    },
    every() {
      return this.sent.length ? Math.max(...this.sent.map((one) => one.every)) : 1;
    },
    last() {
      return this.sent.length ? Math.max(...this.sent.map((one) => one.last)) : 0;
    },
    record() {
      return this.sent.length ? Math.min(this.sent[0].records - 1, Math.floor(this.shown / this.sent[0].every)) : 0;
    },
    colourBy() {
      return this.colour_by || "mandate";
    },
    dark() {
      if (this.theme === "dark" || this.theme === "light") return this.theme === "dark";
      const vuetify = this.$vuetify;
      return Boolean(vuetify && vuetify.theme ? vuetify.theme.dark : this.systemDark);
    },
    calm() {
      const asked = this.reduced_motion;
      return asked === true || asked === false ? asked : this.still;
    },
    ink() {
      const both = this.colours || {};
      return (this.dark ? both.dark : both.light) || {};
    },
    inks() {
      const vars = {};
      for (const use of Object.keys(this.ink)) vars["--net-" + use] = this.ink[use];
      return vars;
    },
    ramp() {
      const stops = [0, 0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875, 1].map(cividis);
      return `linear-gradient(90deg, ${stops.join(", ")})`;
    },
    ends() {
      return ["low", "high"].map((end) => this.words[`${this.colourBy}_${end}`]);
    },
    narrow() {
      return this.width > 0 && this.width < 560;
    },
    columns() {
      const many = Math.max(1, this.sent.length);
      if (!this.width) return many;
      return Math.max(1, Math.min(many, Math.floor((this.width + 12) / (this.staged ? 150 : 330))));
    },
    stageHeight() {
      const tallest = this.height || 560;
      if (!this.width || !this.sent.length) return Math.min(tallest, 420);
      const wide = (this.width - 14 * (this.columns - 1)) / this.columns;
      const [left, top, right, bottom] = this.sent[0].bounds;
      return Math.round(Math.min(tallest, Math.max(260, (wide * (bottom - top)) / (right - left) + 8)));
    },
    whenWords() {
      if (!this.words) return "";
      const date = this.sent.length ? dated(this.shown, this.sent[0].start) : "";
      if (date) return filled(this.words.when_dated, { date });
      return filled(this.words.when, { month: this.shown, years: this.number(this.shown / 12, 1) });
    },
    captions() {
      const at = (one) => Math.min(one.records - 1, Math.floor(this.shown / one.every));
      return this.sent.map((one) => (one.captions ? one.captions[this.shown >= one.last ? one.records - 1 : at(one)] : ""));
    },
    // What has happened: while it plays only what it slows down for, which stays for a year.
    happenings() {
      return this.sent.map((one) => {
        const at = Math.min(one.records - 1, Math.floor(this.shown / one.every));
        if (!one.told) return "";
        if (!this.running) return one.told[at] || "";
        const last = one.slow.filter((k) => k <= at && at - k < 12).pop();
        return last === undefined ? "" : `${this.monthWords(last * one.every)}: ${one.told[last] || ""}`;
      });
    },
    // The longest keep the room, so that nothing jumps while it plays.
    longest() {
      return this.sent.map((one) => [...new Set(one.captions || [])].sort((a, b) => b.length - a.length).slice(0, 8));
    },
    named() {
      return this.hover >= 0 ? this.hover : this.focus;
    },
    tips() {
      // Read so that Vue computes this again when the view has moved or the month is another.
      const moved = [this.tick, this.width, this.shown];
      return this.sent.map((_, f) => (moved.length && this.namedIn(f) >= 0 && this.reels[f].shows(this.shown) ? this.tip(f, this.namedIn(f)) : null));
    },
  },

  watch: {
    films: "load",
    month: "told",
    playing(wanted) {
      if (wanted === this.running) return;
      if (wanted && !this.calm) this.play();
      else if (wanted) this.playing = false;
      else this.pause();
    },
    colour_by: "draw",
    dark: "draw",
    everydayShown: "draw",
    hover: "draw",
    focus: "draw",
    selected(node) {
      if (node !== this.focus && Number.isInteger(node)) {
        this.focus = node;
        this.pinned = node >= 0;
      }
    },
    stageHeight: "resize",
    columns: "resize",
  },

  created() {
    this.reels = [];
    this.clock = { at: 0, then: 0, frame: 0 };
    this.eye = { from: null, since: 0 }; // the region the view is coming from
    this.load();
  },

  mounted() {
    const system = window.matchMedia ? window.matchMedia("(prefers-color-scheme: dark)") : null;
    const motion = window.matchMedia ? window.matchMedia("(prefers-reduced-motion: reduce)") : null;
    this.asks = [
      [system, () => { this.systemDark = system.matches; }],
      [motion, () => { this.still = motion.matches; }],
    ].filter(([ask]) => ask);
    for (const [ask, hear] of this.asks) {
      hear();
      ask.addEventListener("change", hear);
    }
    this.onSeek = (event) => {
      if (event.detail && Number.isFinite(event.detail.month)) this.go(event.detail.month);
    };
    this.onPlay = (event) => {
      if (event.detail && event.detail.on) this.play();
      else if (this.running) this.pause();
    };
    window.addEventListener("cisim-seek", this.onSeek);
    window.addEventListener("cisim-play", this.onPlay);
    this.watcher = new ResizeObserver(() => {
      if (!this.$refs.root) return;
      this.width = this.$refs.root.clientWidth;
      this.resize();
    });
    this.watcher.observe(this.$refs.root);
    this.width = this.$refs.root.clientWidth;
    if (this.selected >= 0) this.focus = this.selected;
    this.resize();
  },

  beforeDestroy() {
    cancelAnimationFrame(this.clock.frame);
    cancelAnimationFrame(this.pending);
    window.removeEventListener("cisim-seek", this.onSeek);
    window.removeEventListener("cisim-play", this.onPlay);
    for (const [ask, hear] of this.asks || []) ask.removeEventListener("change", hear);
    if (this.watcher) this.watcher.disconnect();
  },

  methods: {
    ...clock,
    ...camera,
    ...lines,
    ...drawing,
    ...pointer,
    ...keys,

    monthWords(month) {
      const date = this.sent.length ? dated(month, this.sent[0].start) : "";
      return date || `${this.words.month} ${month}`;
    },

    async load() {
      const films = this.films || [];
      const grounds = await Promise.all((this.grounds || []).map(inflated));
      const shown = await Promise.all(films.map(inflated));
      const sent = shown.map((one, f) => Object.freeze({ ...grounds[f % grounds.length], ...one }));
      if (films !== (this.films || []) && this.films) return; // others have come meanwhile
      const first = !this.reels.length;
      this.sent = sent;
      const before = new Map(this.reels.map((reel) => [reel.film.met, reel]));
      this.reels = this.sent.map((one) => {
        const kept = before.get(one.met);
        return kept && kept.film.places === one.places ? Object.assign(kept, { film: one }) : new Reel(one);
      });
      if (this.near >= this.regions.length) this.near = -1;
      this.shown = this.within(this.shown);
      this.clock.at = this.within(this.clock.at);
      if (this.reels.length && this.focus >= this.reels[0].size) this.focus = -1;
      this.hover = -1;
      if (first) this.begin();
      else if (this.late) this.settle(this.shown);
      this.$nextTick(this.resize);
    },
  },
};
