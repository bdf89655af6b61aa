// The sheet of a session: what was tried, guesses and results, what is still open, links, snapshots. It
// can be printed, and saved as a file that opens anywhere.

import { Chart } from "./chart.js";
import { html } from "./elements.js";
import { written } from "./hands.js";
import { filled } from "../network/words.js";

const SMALL = { width: 400, height: 200 };
const OPEN = "cisim-open"; // where open questions are kept while the window is open

export class Sheet {
  // given: words and language; `does` hears what is done: codes of links, snapshots to compare
  constructor(root, given, does) {
    this.root = root;
    this.words = given.words;
    this.language = given.language;
    this.does = does;
    this.codes = {};
    this.chosen = new Set();
    this.root.classList.add("cisim-story", "sheet");
    this.again = () => this.show();
    window.addEventListener("cisim-log", this.again);
    this.show();
  }

  number(value, digits) {
    const how = { minimumFractionDigits: digits, maximumFractionDigits: digits, signDisplay: "negative" };
    return new Intl.NumberFormat(this.language, how).format(value).replace("-", "−");
  }

  show() {
    const { words } = this;
    const entries = window.cisimLog.entries;
    const today = new Intl.DateTimeFormat(this.language, { dateStyle: "long" }).format(new Date());
    this.root.replaceChildren(
      html("div", { class: "does" },
        html("h1", {}, words.heading),
        html("button", { type: "button", class: "main-button", onclick: () => window.print() }, words.print),
        html("button", { type: "button", onclick: () => this.save() }, words.save),
        html("button", { type: "button", disabled: !entries.length, onclick: () => window.cisimLog.clear() }, words.forget)),
      html("p", { class: "quiet" }, today),
      ...(entries.length ? [] : [html("p", {}, words.nothing)]),
      ...entries.map((entry, k) => this.entry(entry, k)),
      html("h2", {}, words.open), this.open(),
      html("h2", { class: "kept" }, words.snapshots), this.snapshots(),
      html("p", { class: "quiet" }, words.links));
    this.draw();
    this.does({ do: "codes", links: [...new Set([...entries, ...window.cisimSnapshots.list].map((one) => one.href))] });
  }

  entry({ title, step, guess, href }, k) {
    const { words } = this;
    const box = html("div", { class: "chart small" });
    const named = { names: step.names, dashes: step.dashes, places: step.places, number: (value, digits) => this.number(value, digits) };
    new Chart(box, step, named).draw({ told: true, at: step.then.month, hands: guess.hands, line: guess.line, drawing: false }, SMALL);
    return html("article", {},
      html("div", {},
        html("h2", {}, `${k + 1}. ${title}`),
        html("p", { class: "asked" }, step.question),
        html("p", { class: "room" }, written(this, guess, step) || words.nobody),
        html("p", {}, html("strong", {}, step.answer_words))),
      html("div", {}, html("p", { class: "unit" }, step.outcome), box), this.link(href));
  }

  link(href) {
    const there = new URL(href, location.href);
    return html("div", { class: "way" },
      html("div", { class: "qr", "data-link": there.href, role: "img", "aria-label": this.words.code, hidden: true }),
      html("a", { href: there.pathname + there.search }, this.words.go));
  }

  open() {
    const { words } = this;
    let kept = "";
    try { kept = sessionStorage.getItem(OPEN) || ""; } catch { /* a private window */ }
    const printed = html("p", { class: "printed" }, kept);
    const field = html("textarea", { rows: 4, "aria-label": words.open, oninput: () => {
      printed.textContent = field.value;
      try { sessionStorage.setItem(OPEN, field.value); } catch { /* a private window */ }
    } });
    field.value = kept;
    return html("div", {}, field, printed);
  }

  snapshots() {
    const { words } = this;
    const list = window.cisimSnapshots.list;
    if (!list.length) return html("p", { class: "none" }, words.no_snapshots);
    const compare = html("button", { type: "button", disabled: true, onclick: () => this.does({ do: "compare-snapshots", links: [...this.chosen].map((k) => list[k].href), names: [...this.chosen].map((k) => list[k].name) }) }, words.compare);
    this.chosen.clear();
    const rows = list.map((one, k) => html("li", {},
      html("label", {}, html("input", { type: "checkbox", onchange: (event) => {
        if (event.target.checked) this.chosen.add(k);
        else this.chosen.delete(k);
        compare.disabled = this.chosen.size < 2 || this.chosen.size > 3;
      } }), " ", one.name),
      this.link(one.href),
      html("button", { type: "button", "aria-label": filled(words.remove, { name: one.name }), onclick: () => window.cisimSnapshots.remove(k) }, "×")));
    return html("div", {}, html("ul", { class: "snapshots" }, ...rows), html("p", {}, compare, " ", html("span", { class: "quiet" }, words.which)));
  }

  // QR codes, drawn on this machine; a link that is too long for one has none.
  coded(codes) {
    this.codes = codes;
    this.draw();
  }

  draw() {
    for (const place of this.root.querySelectorAll(".qr")) {
      const code = this.codes[place.dataset.link];
      place.hidden = !code;
      place.innerHTML = code || "";
    }
  }

  save() {
    const sheet = this.root.cloneNode(true);
    for (const one of sheet.querySelectorAll("button, textarea, input, .none, h2:has(+ .none), .snapshots + p")) one.remove();
    for (const one of sheet.querySelectorAll("a")) one.setAttribute("href", new URL(one.getAttribute("href"), location.href).href);
    const colours = ["paper", "ink", "quiet", "grid", "axis", "plain", ...[0, 1, 2, 3, 4, 5, 6, 7].map((k) => `s${k}`)];
    const { dataset } = document.documentElement, worn = dataset.theme;
    dataset.theme = "light"; // as paper is
    const page = getComputedStyle(document.documentElement);
    const root = `:root{${colours.map((name) => `--${name}:${page.getPropertyValue(`--${name}`)}`).join(";")}}`;
    if (worn) dataset.theme = worn;
    else delete dataset.theme;
    const own = [...document.querySelectorAll("style")].map((one) => one.textContent).filter((text) => text.includes(".cisim-story.sheet"));
    const style = `${root}${own.join("")}body{margin:2em auto;max-width:60em;padding:0 1em}.printed{display:block!important}`;
    const text = `<!doctype html><html lang="${this.language}"><meta charset="utf-8"><title>${this.words.heading}</title><style>${style}</style><body>${sheet.outerHTML}</body></html>`;
    const link = html("a", { href: URL.createObjectURL(new Blob([text], { type: "text/html" })), download: "cisim-debrief.html" });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }

  end() {
    window.removeEventListener("cisim-log", this.again);
  }
}
