// A story step by step: what it was like, what will be, what runs say. It stands in an element, be
// that of the page or of a file of its own, and asks nobody for anything.

import player from "../network/player.js";
import { Asking } from "./asking.js";
import { debrief } from "./debrief.js";
import { html, key, svg } from "./elements.js";
import { WAYS, lean, unasked } from "./hands.js";
import { hosted } from "./hosted.js";
import { asksNow } from "./phones.js";
import { filled } from "../network/words.js";

const PLAY = "M7 3.500v17l14-8.500z";
const PAUSE = "M6 4h4.400v16H6zM13.600 4H18v16h-4.400z";
const AGAIN = "M12 5V1L6.500 6 12 11V7.500a5 5 0 1 1-5 5H4.500A7.500 7.500 0 1 0 12 5z";
const LIGHT = "M12 3a9 9 0 1 0 9 9c0-.5 0-.9-.1-1.400A5.500 5.500 0 0 1 12 3z";
const LARGE = "M4 4h6v2.200H6.200V10H4zM14 4h6v6h-2.200V6.200H14zM4 14h2.200v3.800H10V20H4zM17.800 14H20v6h-6v-2.200h3.800z";
const WINDOW = "M3 5h18v14H3zM5.200 9v7.800h13.600V9z";
const KEYS = "M3 6h18v12H3zM5.500 8.500v1.800h1.800V8.500zM9 8.500v1.800h1.800V8.500zM12.500 8.500v1.800h1.800V8.500zM16 8.500v1.800h1.800V8.500zM7 13.500v1.800h10v-1.800z";
const SECONDS = 4; // in which a reveal plays, about

export class Story extends Asking {
  constructor(root, told, given) {
    super();
    this.root = root;
    this.told = told;
    this.words = told.words;
    this.language = told.language;
    this.steps = told.steps;
    this.given = given || {}; // what the page gives, see screens/vue/story.vue; a file gives nothing
    this.votes = this.given.votes;
    this.theme = this.given.theme || "auto";
    this.paper = window.matchMedia("print"); // which is light
    this.last = told.steps.length; // the debrief; -1 is the cover
    this.at = -1;
    this.room = told.steps.map(unasked);
    this.open = "";
    this.remember(true);
    if (this.given.at !== undefined) this.at = Math.min(this.last, this.given.at); // as the address says
    this.build();
    this.listen();
    if (this.given.moved) this.share();
    this.show();
    this.voted(this.votes);
    this.shared();
  }

  // --- what is kept when the window is loaded again ---------------------------------------------

  get place() {
    return `cisim-story ${this.told.title}`;
  }

  remember(read) {
    if (!read) this.shared();
    try {
      if (!read) sessionStorage.setItem(this.place, JSON.stringify({ room: this.room, open: this.open, at: this.at }));
      const kept = read ? JSON.parse(sessionStorage.getItem(this.place) || "null") : null;
      if (kept && kept.room.length === this.room.length) Object.assign(this, kept);
    } catch { /* a browser that keeps nothing plays all the same */ }
  }

  // --- the presenter's window, another one of this browser: see presenter.js ---------------------

  share() {
    this.channel = new BroadcastChannel("cisim-story");
    this.channel.onmessage = ({ data }) => {
      const does = { next: () => this.next(), previous: () => this.previous(), play: () => this.inside && this.network.self.toggle(), replay: () => this.replay(), phones: () => this.ask() };
      if (data.ask) this.shared();
      else if (Object.hasOwn(does, data.do)) does[data.do]();
    };
  }

  shared() {
    if (!this.channel) return;
    const { told, hands } = this.guess || { told: false, hands: {} };
    this.channel.postMessage({ state: { title: this.told.title, at: this.at, told, hands: { ...hands } } });
  }

  // --- the frame ------------------------------------------------------------------------------

  build() {
    const { words } = this;
    this.root.classList.add("cisim-story");
    this.canvas = html("canvas", {
      tabindex: 0, role: "application", "aria-describedby": "story-network-keys",
      onkeydown: (event) => this.network.self.key(event, 0),
      onfocus: () => this.network.self.enter(0),
      onblur: () => this.network.self.leave(),
      onpointermove: (event) => this.network.self.point(event, 0),
      onpointerleave: () => this.network.self.unpoint(),
      onpointerdown: (event) => this.network.self.press(event, 0),
      ondblclick: (event) => this.network.self.zoomAt(event, 0),
    });
    this.tip = html("div", { class: "tip", "aria-hidden": "true" });
    this.field = html("div", { class: "field" }, this.canvas, this.tip);
    this.caption = html("p", { class: "below" });
    this.which = html("h2", { class: "which" });
    this.time = html("input", {
      type: "range", min: 0, step: 1, "aria-label": words.month,
      oninput: (event) => this.network.self.scrub(event), onchange: (event) => this.network.self.release(event),
    });
    this.when = html("output", { class: "when" });
    this.run = key(words.play, PLAY, () => this.network.self.toggle(), { "data-key": "P" });
    this.colour = html("select", { "aria-label": words.colour, onchange: () => { this.network.self.colour_by = this.colour.value; } },
      ...["trust", "mandate", "commitment"].map((level) => html("option", { value: level }, this.told.network[level])));
    this.left = html("section", { class: "network", "aria-label": this.told.network.player },
      this.which, this.field, this.caption,
      html("div", { class: "time" }, this.run, this.time, this.when),
      this.legend(),
      html("p", { class: "hidden", id: "story-network-keys" }, this.told.network.keys));
    this.right = html("section", { class: "step", "aria-label": words.step_name });
    this.wholly = html("section", { class: "whole", "aria-label": this.told.title });
    this.forward = html("button", { type: "button", class: "forward", onclick: () => this.next() });
    this.back = html("button", { type: "button", onclick: () => this.previous() }, words.back);
    this.dots = html("ol", { class: "dots" }, ...this.told.steps.map((step, k) =>
      html("li", {}, html("button", { type: "button", "aria-label": filled(words.go, { step: k + 1, title: step.title }), title: step.title, onclick: () => this.go(k) }, `${k + 1}`))));
    this.spoken = html("p", { class: "hidden", "aria-live": "polite" });
    this.again = key(words.replay, AGAIN, () => this.replay());
    this.help = this.listed();
    this.head = html("h1", {}, this.told.title);
    this.root.replaceChildren(
      html("header", {}, this.head,
        html("div", { class: "tools" }, this.again,
          key(words.theme, LIGHT, () => this.turn()),
          this.given.presenter ? key(words.presenter, WINDOW, this.given.presenter) : null,
          key(words.full, LARGE, () => this.fill()),
          key(words.keys, KEYS, () => this.help.showModal()))),
      html(this.given.moved ? "div" : "main", { class: "both" }, this.left, this.right, this.wholly),
      html("nav", { "aria-label": words.steps }, this.back, this.dots, this.forward),
      this.spoken, this.help);
    this.dress();
    const { network } = this.told;
    this.network = hosted(
      { ...player, computed: { ...player.computed, last() { return this.limit; } } },
      {
        films: [], month: 0, playing: false, colour_by: "trust", theme: this.theme, reduced_motion: null, selected: -1,
        height: 560, words: network, colours: this.told.inks, scales: this.told.scales, limit: 0,
      },
      { root: this.field, canvas: [this.canvas] },
      (self) => this.followed(self));
    this.watcher = new ResizeObserver(() => this.picture());
    this.watcher.observe(this.right);
  }

  legend() {
    const { network } = this.told;
    const item = (shape, words) => html("span", {}, svg("svg", { viewBox: "0 0 20 14", "aria-hidden": "true" }, shape), words);
    const circle = (kind) => svg("circle", { cx: 10, cy: 7, r: 4.5, class: kind });
    this.ends = [html("span"), html("span")];
    this.ramp = html("span", { class: "ramp" });
    return html("details", { class: "legend" },
      html("summary", {}, this.words.legend),
      html("div", {},
        html("span", { class: "scale" }, this.colour, this.ends[0], this.ramp, this.ends[1]),
        item(circle("member"), network.takes_part), item(circle("hollow"), network.outside), item(circle("gone"), network.left),
        item(svg("rect", { x: 5, y: 2, width: 10, height: 10, rx: 1.5, class: "base" }), network.backbone),
        item(svg("path", { d: "M10 .8 16.200 7 10 13.200 3.800 7z", class: "member" }), network.sponsor),
        item(svg("path", { d: "M1 7h18", class: "own" }), network.own),
        item(svg("path", { d: "M1 7h18", class: "brokered" }), network.brokered),
        item(svg("path", { d: "M1 7h18", class: "everyday" }), network.everyday)));
  }

  listed() {
    const { words } = this;
    const rows = Object.values(words.keys_do).map((text) => {
      const [what, does] = text.split(/: (.*)/s);
      return [html("dt", {}, html("kbd", {}, what)), html("dd", {}, does)];
    });
    const close = html("button", { type: "button", onclick: () => this.help.close() }, words.close);
    return html("dialog", { "aria-label": words.keys }, html("h2", {}, words.keys), html("dl", {}, ...rows.flat()), close);
  }

  // --- light and dark -------------------------------------------------------------------------

  get dark() {
    if (this.paper.matches) return false;
    if (this.theme !== "auto") return this.theme === "dark";
    return window.matchMedia("(prefers-color-scheme: dark)").matches;
  }

  dress() {
    const ink = this.told.inks[this.dark ? "dark" : "light"];
    for (const [use, colour] of Object.entries(ink))
      if (use === "series") colour.forEach((one, k) => this.root.style.setProperty(`--s${k}`, one));
      else this.root.style.setProperty(`--${use}`, colour);
    this.root.classList.toggle("dark", this.dark);
  }

  turn() {
    const theme = this.dark ? "light" : "dark";
    this.themed(theme);
    window.dispatchEvent(new CustomEvent("cisim-theme", { detail: theme })); // the page around it, too
  }

  themed(theme) {
    this.theme = theme;
    this.network.self.theme = theme;
    this.dress();
  }

  fill() {
    if (document.fullscreenElement) document.exitFullscreen();
    else this.root.requestFullscreen();
  }

  // --- keys -----------------------------------------------------------------------------------

  listen() {
    this.hear = (event) => this.pressed(event);
    this.follow = (event) => this.month(event.detail);
    this.system = window.matchMedia("(prefers-color-scheme: dark)");
    this.dressed = () => this.dress();
    document.addEventListener("keydown", this.hear);
    window.addEventListener("cisim-month", this.follow);
    this.system.addEventListener("change", this.dressed);
    this.paper.addEventListener("change", this.dressed);
  }

  end() {
    if (this.channel) this.channel.close();
    document.removeEventListener("keydown", this.hear);
    window.removeEventListener("cisim-month", this.follow);
    this.system.removeEventListener("change", this.dressed);
    this.paper.removeEventListener("change", this.dressed);
    this.watcher.disconnect();
    this.network.end();
  }

  pressed(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    const on = event.target;
    if (on.isContentEditable || on.matches("select, textarea, input:not([type=range])")) return;
    if (on.matches("input") && /^(Arrow|Page|Home|End)/.test(event.key)) return; // the time axis has its own
    if (on.matches("a, button, summary") && /^( |Enter)$/.test(event.key)) return;
    const does = this.does(event);
    if (!does) return;
    event.preventDefault();
    does();
  }

  does(event) {
    const hand = ["Digit1", "Digit2", "Digit3"].indexOf(event.code);
    if (hand >= 0) return this.asking ? () => this.raise(WAYS[hand], event.shiftKey ? -1 : 1) : null;
    return {
      ArrowRight: () => this.next(), PageDown: () => this.next(), " ": () => this.next(), Enter: () => this.next(),
      ArrowLeft: () => this.previous(), PageUp: () => this.previous(), Home: () => this.go(-1), End: () => this.go(this.last),
      p: () => this.inside && this.network.self.toggle(), r: () => this.replay(), d: () => this.asking && this.draws(!this.guess.drawing),
      n: () => this.next(), v: () => this.asking && this.next(), a: () => this.ask(),
      l: () => this.turn(), f: () => this.fill(), "?": () => this.help.showModal(),
    }[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  }

  // --- from step to step ----------------------------------------------------------------------

  get inside() {
    return this.at >= 0 && this.at < this.last;
  }

  get step() {
    return this.told.steps[this.at];
  }

  get guess() {
    return this.room[this.at];
  }

  get asking() {
    return this.inside && !this.guess.told;
  }

  // A vote that is open is closed first, so that the room sees how it has voted.
  next() {
    if (this.asking && asksNow(this)) this.given.close();
    else if (this.asking) this.reveal();
    else if (this.at < this.last) this.go(this.at + 1);
  }

  // Phones are asked, or their vote is closed.
  ask() {
    if (this.asking && this.phones) this.phones.firstChild.click();
  }

  previous() {
    if (this.at > -1) this.go(this.at - 1);
  }

  go(at) {
    this.at = Math.max(-1, Math.min(this.last, at));
    this.remember(false);
    this.held(() => this.show());
    if (this.given.moved) this.given.moved(this.at);
  }

  reveal() {
    this.guess.told = true;
    this.remember(false);
    if (this.given.moved) this.logged();
    this.held(() => this.showStep());
    this.say(this.step.answer_words);
    this.playTo(this.chart.goesOn ? this.step.here.month : 0);
  }

  // What a room has tried is on the page's own sheet, too.
  logged() {
    const { told, step, guess } = this;
    const named = { names: told.scenarios.map((one) => one.short), dashes: told.dashes, places: told.places, language: told.language };
    window.cisimLog.add({ title: `${told.title} · ${step.title}`, step: { ...lean(step), ...named }, guess, href: location.href });
  }

  replay() {
    if (this.inside && this.guess.told) this.playTo(0);
    else if (this.inside) this.network.self.go(0), this.network.self.toggle();
  }

  // Play the answer's network up to its month; the chart follows.
  async playTo(from) {
    const { self } = this.network;
    const { then } = this.step;
    await this.stand(then, from);
    if (self.calm) return self.go(then.month);
    // What it slows down for counts eight times: see `pace`.
    const { every, slow } = self.sent[0];
    const held = every * slow.filter((k) => k * every >= from && k * every < then.month).length;
    self.speed = Math.max(7, (then.month - from + 7 * held) / SECONDS);
    self.play();
  }

  // Show a scenario's network at a month; later ones are out of reach.
  async stand(place, month) {
    const { self } = this.network;
    const film = this.told.films[place.scenario];
    const asked = (this.asked = (this.asked || 0) + 1);
    if (self.running) self.pause();
    self.films = [film];
    await self.load();
    if (asked !== this.asked) return;
    self.limit = place.month;
    this.time.max = place.month;
    self.go(month);
  }

  show() {
    const { words } = this;
    this.root.classList.toggle("plain", !this.inside);
    this.left.hidden = this.right.hidden = !this.inside;
    this.wholly.hidden = this.inside;
    this.back.disabled = this.at < 0;
    this.again.disabled = !this.inside;
    this.dots.querySelectorAll("button").forEach((dot, k) => {
      if (k === this.at) dot.setAttribute("aria-current", "step");
      else dot.removeAttribute("aria-current");
      dot.classList.toggle("done", this.room[k].told);
    });
    if (this.at < 0) {
      this.chart = null;
      this.wholly.replaceChildren(this.cover());
      this.label();
      this.say(this.told.title);
    } else if (this.at === this.last) {
      this.chart = null;
      this.wholly.replaceChildren(debrief(this));
      this.label();
      this.say(words.debrief);
    } else {
      this.showStep();
      const place = this.guess.told ? this.step.then : this.step.here;
      this.stand(place, place.month);
      this.say(`${filled(words.step, { step: this.at + 1, steps: this.last })}. ${this.step.title}. ${this.step.text}`);
    }
    this.wholly.scrollTop = this.right.scrollTop = 0;
  }

  label() {
    const { words } = this;
    const text = this.at < 0 ? words.begin : this.at === this.last ? words.end : this.asking ? (asksNow(this) ? words.close_vote : words.reveal) : this.at + 1 === this.last ? words.debrief : words.next;
    this.forward.replaceChildren(text);
    this.forward.disabled = this.at === this.last;
  }

  say(text) {
    this.spoken.textContent = text;
  }

  cover() {
    const { words, told } = this;
    const line = (name, text) => (text ? [html("dt", {}, name), html("dd", {}, text)] : []);
    return html("div", { class: "cover" },
      html("p", { class: "about" }, told.about),
      html("p", {}, filled(words.ask, { steps: this.last })),
      html("dl", {}, ...line(words.source, told.source), ...line(words.target, told.target), ...line(words.lacks, told.lacks)),
      html("p", { class: "quiet" }, told.small_print),
      html("p", { class: "quiet" }, words.how));
  }

  showStep() {
    const { step, words, guess } = this;
    this.box = html("div", { class: "chart" });
    const facts = html("p", { class: "look" }, html("strong", {}, words.look), " ", step.look);
    this.right.replaceChildren(
      html("p", { class: "count" }, filled(words.step, { step: this.at + 1, steps: this.last })),
      html("h2", {}, step.title),
      html("p", { class: "text" }, step.text),
      facts,
      html("h3", {}, step.question),
      html("p", { class: "unit" }, step.outcome),
      this.box,
      this.tail = guess.told ? this.answer() : this.asks());
    this.charted(this.told.scenarios.map((one) => one.short), this.told.dashes, this.told.calendar, this.told.places);
    this.label();
    this.picture();
  }

  // --- what follows the month -----------------------------------------------------------------

  month({ month, playing }) {
    if (!this.inside || !this.chart) return;
    if (this.guess.told) {
      this.seen = playing || month < this.step.then.month ? month : this.step.then.month;
      this.picture();
    }
  }

  followed(self) {
    const film = self.sent[0];
    const words = self.running ? this.words.pause : this.words.play;
    this.run.setAttribute("aria-label", words);
    this.run.title = words;
    this.run.querySelector("path").setAttribute("d", self.running ? PAUSE : PLAY);
    if (!film) return;
    this.which.replaceChildren(film.title, " ", html("span", { class: "quiet" }, this.words.one_future));
    this.when.textContent = this.told.calendar[self.shown] || "";
    if (Number(this.time.value) !== self.shown) this.time.value = self.shown;
    this.time.setAttribute("aria-valuetext", this.when.textContent);
    this.caption.textContent = self.captions[0] || "";
    this.canvas.setAttribute("aria-label", `${film.title}. ${film.summaries[self.record] || ""}`);
    if (document.activeElement === this.canvas && self.said) this.say(self.said);
    this.colour.value = self.colourBy;
    this.ramp.style.backgroundImage = self.ramp;
    self.ends.forEach((end, k) => { this.ends[k].textContent = end; });
    this.named(self.tips[0]);
  }

  named(tip) {
    this.tip.hidden = !tip;
    if (!tip) return;
    for (const side of ["left", "right", "top", "bottom"]) this.tip.style[side] = tip.at[side] || "";
    this.tip.replaceChildren(html("strong", {}, tip.name), ...tip.lines.map((line) =>
      html("span", {}, line.name, line.value === undefined ? null : html("b", {}, line.value))));
  }
}
