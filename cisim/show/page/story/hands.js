// What a room has guessed: a show of hands, and a line where one was drawn.

import { filled } from "../network/words.js";

export const WAYS = ["up", "same", "down"];

export const unasked = () => ({ told: false, hands: { up: 0, same: 0, down: 0 }, line: null, drawing: false });

// How the room guessed, and whether it was so; "" where nobody did.
export function written(story, guess, step) {
  const { words } = story;
  const many = WAYS.reduce((sum, way) => sum + guess.hands[way], 0);
  const said = [];
  if (many) {
    const counts = WAYS.filter((way) => guess.hands[way]).map((way) => `${step.options[way]} ${guess.hands[way]}`);
    said.push(filled(words.guessed, { hands: counts.join(", ") }));
  }
  if (guess.told && many) said.push(filled(words.right, { right: guess.hands[step.answer], all: many }));
  if (guess.line) said.push(filled(words.line, { line: guess.line.map((value) => story.number(value, step.chart.decimals + 1)).join(" · ") }));
  return said.join(" ");
}

// A question as the log keeps it: without single futures.
export function lean(step) {
  const { here, then } = step.chart;
  const bare = (course) => ({ mean: course.mean, singles: [] });
  return { ...step, months: [], kept: undefined, chart: { ...step.chart, here: bare(here), then: bare(then) } };
}
