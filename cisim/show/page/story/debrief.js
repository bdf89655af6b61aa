// What was asked, what the room thought, what runs say: a sheet to print, and a text to keep.

import { Chart } from "./chart.js";
import { html } from "./elements.js";
import { WAYS, unasked, written } from "./hands.js";

const SMALL = { width: 420, height: 210 };

export function debrief(story) {
  const { words, told } = story;
  const part = (step, k) => {
    const guess = story.room[k];
    const box = html("div", { class: "chart small" });
    if (guess.told || guess.line || WAYS.some((way) => guess.hands[way]))
      new Chart(box, step, {
        names: told.scenarios.map((one) => one.short), dashes: told.dashes, places: told.places, number: (value, digits) => story.number(value, digits),
      }).draw({ told: guess.told, at: step.then.month, hands: guess.hands, line: guess.line, drawing: false }, SMALL);
    return html("article", {},
      html("div", {},
        html("h3", {}, `${k + 1}. ${step.title}`),
        html("p", {}, step.text),
        html("p", { class: "asked" }, step.question),
        html("p", { class: "room" }, written(story, guess, step) || words.nobody),
        html("p", {}, guess.told ? html("strong", {}, step.answer_words) : words.hidden)),
      html("div", {}, html("p", { class: "unit" }, step.outcome), box));
  };
  const open = html("textarea", { rows: 4, "aria-label": words.open, oninput: () => {
    story.open = open.value;
    printed.textContent = open.value;
    story.remember(false);
  } });
  const printed = html("p", { class: "printed" }, story.open);
  open.value = story.open;
  return html("div", { class: "debrief" },
    html("div", { class: "does" },
      html("h2", {}, words.debrief),
      html("button", { type: "button", onclick: () => window.print() }, words.print),
      html("button", { type: "button", onclick: () => save(story) }, words.save),
      html("button", { type: "button", onclick: () => forget(story) }, words.forget)),
    ...told.steps.map(part),
    html("h3", {}, words.open), open, printed,
    html("p", { class: "quiet" }, told.source),
    told.lacks ? html("p", { class: "quiet" }, told.lacks) : null,
    html("p", { class: "quiet" }, told.small_print));
}

// The same as a file of text.
function save(story) {
  const { words, told } = story;
  const lines = [told.title, told.about, ""];
  told.steps.forEach((step, k) => {
    const guess = story.room[k];
    lines.push(`${k + 1}. ${step.title}`, step.text, step.question, written(story, guess, step) || words.nobody);
    lines.push(guess.told ? step.answer_words : words.hidden, "");
  });
  if (story.open) lines.push(words.open, story.open, "");
  lines.push(told.source, told.small_print);
  const link = html("a", { href: URL.createObjectURL(new Blob([lines.join("\n")], { type: "text/plain" })), download: "debrief.txt" });
  link.click();
  URL.revokeObjectURL(link.href);
}

// For the next room.
function forget(story) {
  story.room = story.room.map(unasked);
  story.open = "";
  story.go(-1);
}
