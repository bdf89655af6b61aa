// Phones that answer a step's question, where the page was started for a room: the way in, how many
// have voted, and, once the vote is closed, their counts as a show of hands.

import { html } from "./elements.js";

// What stands beside a show of hands; null where there are no phones.
export function phones(story) {
  const { words, given } = story;
  if (!given.way || !given.way.link) return null;
  const qr = html("div", { class: "qr", role: "img", "aria-label": given.way.link });
  given.way.drawn(qr);
  const asks = html("button", { type: "button", class: "mode", "data-key": "A" });
  const said = html("p", { class: "quiet", role: "status" });
  const sheet = html("dialog", { class: "way-in", "aria-label": words.way_in },
    qr, html("code", {}, given.way.link), html("button", { type: "button", onclick: () => sheet.close() }, words.close));
  const row = html("div", { class: "phones" }, asks,
    html("button", { type: "button", class: "mode", onclick: () => sheet.showModal() }, words.way_in), said, sheet);
  row.follow = () => {
    const open = asksNow(story);
    asks.textContent = open ? words.close_vote : words.ask_phones;
    asks.onclick = () => {
      if (open) given.close();
      else given.ask(story.step.question, story.step.options);
      story.onward(); // so that the space bar goes on, and asks nobody anew
    };
    said.textContent = open ? story.votes.said : "";
  };
  row.follow();
  return row;
}

// Whether phones are asked what the step asks.
export function asksNow(story) {
  const votes = story.votes || {};
  return Boolean(votes.open && story.step && votes.question === story.step.question);
}

// Take a vote that is closed as the hands of its step, once.
export function counted(story) {
  const votes = story.votes || {};
  if (votes.open || !votes.number) return null;
  const at = story.steps.findIndex((step) => step.question === votes.question);
  if (at < 0 || story.room[at].vote === votes.number) return null;
  const many = Object.values(votes.counts).reduce((sum, one) => sum + one, 0);
  story.room[at].vote = votes.number;
  if (!many) return null;
  for (const way of Object.keys(story.room[at].hands)) story.room[at].hands[way] = votes.counts[way] || 0;
  return at;
}
