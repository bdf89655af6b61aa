// The presenter's own window: script, timings, what comes next, how the room has guessed. It speaks with
// the story's window, which is another one of the same browser, over a channel of the browser's.

import { html } from "./elements.js";
import { WAYS } from "./hands.js";
import { filled } from "../network/words.js";

export const CHANNEL = "cisim-story";
const BEGUN = "cisim-presenter";
const PLANNED = 45; // minutes

export class Presenter {
  // told: title, steps, words, language; votes: of phones
  constructor(root, told, votes) {
    this.root = root;
    this.told = told;
    this.words = told.words;
    this.votes = votes || {};
    this.root.classList.add("cisim-story", "presenter");
    this.channel = new BroadcastChannel(CHANNEL);
    this.channel.onmessage = ({ data }) => this.hear(data);
    this.since = {};
    try { this.since = JSON.parse(sessionStorage.getItem(BEGUN) || "{}"); } catch { /* a private window */ }
    this.state = null;
    this.layOut();
    this.show();
    this.ticking = setInterval(() => this.clock(), 1000);
    this.channel.postMessage({ ask: "state" });
  }

  hear(data) {
    if (!data || !data.state || data.state.title !== this.told.title) return;
    const now = Date.now();
    if (!this.since.all) this.since.all = now;
    if (!this.state || this.state.at !== data.state.at) this.since.step = now;
    this.state = data.state;
    this.kept();
    this.show();
  }

  kept() {
    try { sessionStorage.setItem(BEGUN, JSON.stringify(this.since)); } catch { /* a private window */ }
  }

  voted(votes) {
    this.votes = votes || {};
    this.show();
  }

  does(what) {
    this.channel.postMessage({ do: what });
  }

  // What can be pressed and typed into stays where it is, so that it keeps the focus while the rest changes.
  layOut() {
    const { words, told } = this;
    const button = (text, what, more) => html("button", { type: "button", onclick: () => this.does(what), ...more }, text);
    this.times = html("p", { class: "times" });
    this.forward = button("", "next", { class: "forward", "data-key": "ArrowRight Space" });
    this.keys = html("div", { class: "does" }, button(words.back, "previous", { "data-key": "ArrowLeft" }), button(words.play, "play", { "data-key": "P" }),
      button(words.replay, "replay", { "data-key": "R" }), this.phones = button(words.ask_phones, "phones", { "data-key": "A" }), this.forward);
    this.script = html("div", { class: "script" });
    this.root.replaceChildren(html("h1", {}, `${told.title} · ${words.presenter}`), this.times, this.plan(), this.keys, this.script);
  }

  show() {
    const { words, told, state } = this;
    this.keys.hidden = !state;
    this.clock();
    if (!state) {
      this.script.replaceChildren(...this.beginning());
      return;
    }
    const step = told.steps[state.at];
    const next = told.steps[state.at + 1];
    const voting = Boolean(step && !state.told && this.votes.open && this.votes.question === step.question);
    this.phones.hidden = !step || state.told || voting || this.votes.number === undefined; // without a room there are none
    this.forward.textContent = voting ? words.close_vote : step && !state.told ? words.reveal : next ? words.next : words.debrief;
    const part = (name, text) => (text ? [html("h2", {}, name), html("p", {}, text)] : []);
    const guessed = step ? WAYS.map((way) => `${step.options[way]}: ${state.hands[way]}`).join(" · ") : "";
    this.script.replaceChildren(
      ...(step
        ? [html("h2", {}, `${filled(words.step, { step: state.at + 1, steps: told.steps.length })}: ${step.title}`),
          html("p", { class: "text" }, step.text),
          ...part(words.predict, step.question),
          ...part(words.room, [guessed, this.votes.open ? this.votes.said : ""].filter(Boolean).join(" · ")),
          ...part(state.told ? words.shown : words.not_shown, step.answer_words)]
        : part(state.at < 0 ? words.begin : words.debrief, state.at < 0 ? told.about : words.last)),
      ...(next ? part(words.coming, `${next.title}. ${next.text}`) : []));
  }

  // Before the story is there: what this window is for, the way to the story, and what is in it.
  beginning() {
    const { words, told } = this;
    const to = (changes) => {
      const there = new URLSearchParams(location.search);
      for (const [name, value] of Object.entries(changes)) if (value) there.set(name, value); else there.delete(name);
      return `/?${there}`;
    };
    return [
      html("p", {}, words.for_whom),
      html("p", { class: "begins" },
        html("a", { class: "main-button", href: to({ view: "story", step: "" }), target: "cisim-story" }, words.open_story), " ",
        html("a", { href: to({ view: "", tell: "", step: "" }) }, words.others)),
      html("p", { role: "status", class: "quiet" }, words.waiting),
      html("h2", {}, words.outline),
      html("ol", {}, ...told.steps.map((step) => html("li", {}, html("strong", {}, step.title), html("br"), step.question))),
    ];
  }

  plan() {
    const field = html("input", { type: "number", min: 5, max: 600, step: 5, oninput: () => {
      this.since.planned = Number(field.value) || PLANNED;
      this.kept();
      this.clock();
    } });
    field.value = this.since.planned || PLANNED;
    return html("label", {}, this.words.minutes, " ", field);
  }

  clock() {
    const { words, since } = this;
    const planned = since.planned || PLANNED;
    const each = planned / (this.told.steps.length + 1); // the debrief takes its part, too
    const spent = (from) => (from ? (Date.now() - from) / 1000 : 0);
    const written = (seconds) => `${Math.floor(seconds / 60)}:${`${Math.floor(seconds % 60)}`.padStart(2, "0")}`;
    this.times.textContent = `${words.elapsed} ${written(spent(since.all))} / ${planned}:00 · ${words.here} ${written(spent(since.step))} / ${written(60 * each)}`;
    this.times.classList.toggle("over", spent(since.step) > 60 * each || spent(since.all) > 60 * planned);
  }

  end() {
    clearInterval(this.ticking);
    this.channel.close();
  }
}
