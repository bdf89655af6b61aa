// A question in Explore: what is not known yet stays hidden until the room has guessed.

import { Asking } from "./asking.js";
import { html } from "./elements.js";
import { lean, unasked } from "./hands.js";
import { asksNow } from "./phones.js";

const LIFTS = 1000; // ms in which the sheet is lifted

export class Guess extends Asking {
  // given: what Python asks (views/predict.py) and says, how phones come in; `does` hears what is done
  constructor(root, given, does) {
    super();
    this.root = this.right = root;
    this.given = given;
    this.does = does;
    this.words = given.words;
    this.root.classList.add("cisim-story");
    this.spoken = html("p", { class: "hidden", "aria-live": "polite" });
    this.inside = html("div", { class: "step" });
    this.foot = html("div", { class: "does" });
    this.root.replaceChildren(this.inside, this.foot, this.spoken);
    this.watcher = new ResizeObserver(() => this.picture());
    this.watcher.observe(this.root);
    this.follow = (event) => this.month(event.detail);
    window.addEventListener("cisim-month", this.follow);
    this.leaves = () => this.keep();
    window.addEventListener("pagehide", this.leaves);
    this.steps = [];
    this.room = [this.guess = unasked()];
    this.asked(given.step);
    this.voted(given.votes);
  }

  // A question, or the same one while its answer is still run; what was guessed of it stays.
  asked(step) {
    if (!step.question) return this.wants(step);
    if (!this.step || step.number !== this.step.number || step.question !== this.step.question) {
      const kept = this.step ? null : window.cisimGuess.kept();
      this.guess = kept && kept.asked.number === step.number ? kept.guess : unasked();
      this.room = [this.guess];
      const goesOn = step.here.scenario === step.then.scenario && step.here.month < step.then.month;
      // Networks go back at once: what stands at the end gives the answer away.
      window.dispatchEvent(new CustomEvent("cisim-seek", { detail: { month: goesOn ? step.here.month : 0 } }));
    }
    this.language = step.language;
    this.step = step;
    this.steps = [step];
    this.held(() => this.show());
    this.keep();
  }

  // Nothing to guess yet: what is shown has been seen to its end.
  wants(step) {
    this.step = undefined;
    this.inside.replaceChildren(
      html("p", { class: "text", role: "status" }, step.wants || this.words.waiting));
    this.foot.replaceChildren(html("button", { type: "button", onclick: () => this.leave() }, this.words.leave));
  }

  show() {
    const { step, words, guess } = this;
    this.box = html("div", { class: "chart" });
    const does = guess.told
      ? [html("button", { type: "button", "data-key": "G", onclick: () => this.does({ do: "predict" }) }, words.another),
        html("button", { type: "button", class: "forward", "data-key": "V Enter", onclick: () => this.leave() }, words.done)]
      : [html("button", { type: "button", onclick: () => this.leave() }, words.leave),
        html("button", { type: "button", class: "forward", "data-key": "V Enter", disabled: step.waiting, onclick: () => this.reveal() })];
    this.inside.replaceChildren(
      html("h2", {}, step.question),
      html("p", { class: "unit" }, step.outcome),
      this.box,
      this.tail = guess.told ? this.answer() : this.asks());
    this.foot.replaceChildren(...does);
    this.label();
    this.charted(step.names, step.dashes, step.months);
    this.picture();
  }

  // What its forward button does while nothing is revealed: a vote that is open is closed first.
  label() {
    const forward = this.foot.querySelector(".forward");
    if (forward && !this.guess.told) forward.textContent = asksNow(this) ? this.words.close_vote : this.words.reveal;
  }

  reveal() {
    const { step, guess } = this;
    if (asksNow(this)) return this.given.close();
    if (guess.told || step.waiting) return;
    guess.told = true;
    guess.drawing = false;
    window.cisimLog.add({ title: step.title, step: lean(step), guess, href: location.href });
    this.held(() => this.show());
    this.keep();
    this.say(step.answer_words);
    this.lift();
  }

  leave() {
    window.cisimGuess.drop();
    this.step = undefined;
    this.does({ do: "predicted" });
  }

  // What is guessed is still there when the page is loaded anew.
  keep() {
    if (this.step) window.cisimGuess.keep(this.step.kept, this.guess);
  }

  // The sheet is lifted; then the network stands at the end.
  lift() {
    const from = this.chart.goesOn ? this.step.here.month : 0;
    const to = this.step.then.month;
    const end = () => {
      this.seen = to;
      this.picture();
      window.dispatchEvent(new CustomEvent("cisim-seek", { detail: { month: to } }));
      this.does({ do: "month", month: to });
    };
    cancelAnimationFrame(this.lifting);
    if (window.matchMedia("(prefers-reduced-motion: reduce)").matches) return end();
    const begun = performance.now();
    const frame = (now) => {
      const share = Math.min(1, (now - begun) / LIFTS);
      this.seen = Math.round(from + (to - from) * share);
      this.picture();
      if (share < 1 && this.box.isConnected) this.lifting = requestAnimationFrame(frame);
      else end();
    };
    this.lifting = requestAnimationFrame(frame);
  }

  // The network plays again from where nothing was known; the chart goes along.
  replay() {
    const from = this.chart.goesOn ? this.step.here.month : 0;
    window.dispatchEvent(new CustomEvent("cisim-seek", { detail: { month: from } }));
    window.dispatchEvent(new CustomEvent("cisim-play", { detail: { on: true } }));
  }

  month({ month, playing }) {
    if (!this.guess.told || !this.chart) return;
    if (playing || this.playing) {
      this.seen = Math.min(month, this.step.then.month);
      this.picture();
    }
    this.playing = playing;
  }

  voted(votes) {
    super.voted(votes);
    if (this.guess.told) window.cisimLog.keep();
  }

  remember() {
    this.keep();
    if (this.guess.told) window.cisimLog.keep();
  }

  say(text) {
    this.spoken.textContent = text;
  }

  end() {
    cancelAnimationFrame(this.lifting);
    this.watcher.disconnect();
    window.removeEventListener("cisim-month", this.follow);
    window.removeEventListener("pagehide", this.leaves);
  }
}
