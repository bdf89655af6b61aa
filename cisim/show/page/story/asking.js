// A question with its chart: the room's guess by hands, by phones or as a line, then what runs say.
// Whoever asks has words, language, step (see chart.js) and guess (see hands.js), steps and room with
// all of them, and `remember`, `say`, `replay`. It stands in `right`, its chart in `box`.

import { Chart } from "./chart.js";
import { html } from "./elements.js";
import { WAYS, written } from "./hands.js";
import { counted, phones } from "./phones.js";
import { filled } from "../network/words.js";

export class Asking {
  // The chart of the step in its box; names and months: of scenarios, and how months are called.
  charted(names, dashes, months, places) {
    this.chart = new Chart(this.box, this.step, {
      names, dashes, places,
      number: (value, digits) => this.number(value, digits),
      at: (month) => filled(this.words.handle, { when: months[month] }),
      drawn: () => this.remember(false),
    });
    this.seen = this.guess.told ? this.step.then.month : 0;
  }

  number(value, digits) {
    const how = { minimumFractionDigits: digits, maximumFractionDigits: digits, signDisplay: "negative" };
    return new Intl.NumberFormat(this.language, how).format(value).replace("-", "−");
  }

  picture() {
    if (!this.chart || !this.box.isConnected) return;
    const { told, hands, line, drawing } = this.guess;
    this.chart.draw({ told, at: this.seen, hands, line, drawing });
  }

  // Predict: a show of hands, or a line.
  asks() {
    const { step, words, guess } = this;
    const draw = html("button", { type: "button", class: "mode", "aria-pressed": guess.drawing ? "true" : "false", "data-key": "D", onclick: () => this.draws(!guess.drawing) },
      words.draw);
    const hands = WAYS.map((way, k) => html("div", { class: "hands" },
      html("button", { type: "button", class: "raise", "data-key": `${k + 1}`, onclick: () => this.raise(way, 1) },
        html("span", { class: "mark", "aria-hidden": "true" }, ["▲", "=", "▼"][k]),
        html("span", {}, step.options[way]),
        html("output", { "data-way": way, "aria-label": words.hands }, `${guess.hands[way]}`)),
      html("button", { type: "button", class: "lower", "data-key": `Shift+${k + 1}`, "aria-label": `${words.lower}: ${step.options[way]}`, onclick: () => this.raise(way, -1) }, "−")));
    this.phones = phones(this);
    return html("div", { class: "asks", role: "group", "aria-label": words.predict }, ...hands, ...((new Chart(this.box, step, {})).canDraw ? [draw] : []), this.phones);
  }

  // What comes next has the focus.
  onward() {
    const next = this.root.querySelector("button.forward:enabled") || this.root.querySelector("nav button:enabled");
    if (next) next.focus({ preventScroll: true });
  }

  // Draws; where that takes away what had the focus, what comes next has it.
  held(draw) {
    const had = this.root.contains(document.activeElement);
    draw();
    const on = document.activeElement;
    if (had && !(this.root.contains(on) && on.checkVisibility() && !on.disabled)) this.onward();
  }

  // How phones have voted: while they do only how many; then it is the step's show of hands.
  voted(votes) {
    this.votes = votes;
    const at = counted(this);
    if (at !== null) this.remember(false);
    if (!this.step || !this.tail) return;
    const mine = at !== null && this.room[at] === this.guess;
    if (mine && this.guess.told) {
      const fresh = this.answer();
      this.tail.replaceWith(fresh);
      this.tail = fresh;
    }
    if (!this.guess.told && this.phones) this.phones.follow();
    this.label();
    if (!mine) return;
    for (const way of WAYS) {
      const shown = this.right.querySelector(`output[data-way=${way}]`);
      if (shown) shown.textContent = `${this.guess.hands[way]}`;
    }
    this.picture();
  }

  raise(way, by) {
    const { hands } = this.guess;
    hands[way] = Math.max(0, Math.min(999, hands[way] + by));
    this.right.querySelector(`output[data-way=${way}]`).textContent = `${hands[way]}`;
    this.say(`${this.step.options[way]}: ${hands[way]}`);
    this.remember(false);
    this.picture();
  }

  draws(on) {
    if (!this.chart.canDraw) return;
    this.guess.drawing = on;
    if (on && !this.guess.line) this.guess.line = this.chart.flat;
    else if (!on && String(this.guess.line) === String(this.chart.flat)) this.guess.line = null;
    this.remember(false);
    this.right.querySelector(".mode").setAttribute("aria-pressed", on ? "true" : "false");
    this.picture();
    if (on) this.chart.handles[0].focus();
  }

  answer() {
    const { step, words, guess } = this;
    const said = written(this, guess, step);
    return html("div", { class: "answer" },
      html("p", { class: "sentence" }, step.answer_words),
      html("p", { class: "room" }, said),
      html("button", { type: "button", class: "mode", "data-key": "R", onclick: () => this.replay() }, words.replay));
  }
}
