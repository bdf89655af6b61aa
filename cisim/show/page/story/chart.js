// The one chart of a step: the path so far, what is not known yet under a sheet, the room's guess.

import { svg } from "./elements.js";

// Sizes in px where type is of 16 px; all grow with it.
const TOP = 12;
const BOTTOM = 30;
const LEFT = 52;
const APART = 30; // between the names of two lines

export class Chart {
  // step: as Python gives it; names: of scenarios; told(k, value): a handle of the guess was moved
  constructor(box, step, look) {
    this.box = box;
    this.step = step;
    this.look = look;
    this.here = step.here;
    this.then = step.then;
    this.goesOn = this.then.scenario === this.here.scenario && this.then.month > this.here.month;
    this.from = this.goesOn
      ? { month: this.here.month, value: ended(step.chart.here.mean) }
      : { month: 0, value: step.chart.here.mean[0] ?? ended(step.chart.here.mean) };
    this.canDraw = this.then.month - this.from.month >= 3;
  }

  // The months at which a guess can be moved.
  get stops() {
    const { month } = this.from;
    return [1, 2, 3].map((k) => Math.round(month + ((this.then.month - month) * k) / 3));
  }

  get flat() {
    return [1, 2, 3].map(() => this.from.value);
  }

  x(month) {
    return this.left + (this.wide * month) / this.step.chart.last;
  }

  y(value) {
    const { low, high } = this.step.chart;
    return TOP + this.high * (1 - (value - low) / (high - low));
  }

  // shown: {told, at, hands, line, drawing}; at is the month up to which the answer is seen.
  draw(shown, size) {
    this.shown = shown;
    this.unit = size ? 1 : parseFloat(getComputedStyle(this.box).fontSize) / 16;
    const width = size ? size.width : Math.max(260, this.box.clientWidth);
    const height = size ? size.height : Math.max(150, this.box.clientHeight);
    const hands = Object.values(shown.hands).some((many) => many > 0);
    const longest = Math.max(...[this.here, this.then].map((place) => this.look.names[place.scenario].length));
    this.right = Math.min(0.42 * width, this.unit * Math.max(64, 34 + 8.2 * longest)) + (hands ? this.unit * 44 : 0);
    this.left = this.unit * LEFT;
    this.wide = width - this.left - this.right;
    this.high = height - TOP - this.unit * BOTTOM;
    const picture = svg("svg", {
      viewBox: `0 0 ${width} ${height}`, width, height, role: "group", "aria-label": this.told(),
    });
    picture.append(...this.axes(), ...this.same(), ...this.paths(), ...this.sheet(), ...this.hands(hands));
    if (shown.line) picture.append(...this.guess());
    picture.append(...this.names());
    this.box.replaceChildren(picture);
  }

  // A scenario's place in the colours and marks of the page.
  place(scenario) {
    return (this.look.places ? this.look.places[scenario] : scenario) % 8;
  }

  told() {
    const { step, look } = this;
    return this.shown.told ? `${step.outcome}. ${step.look}. ${step.answer_words}` : `${step.outcome}. ${step.look}`;
  }

  axes() {
    const { ticks, times, last } = this.step.chart;
    const found = [];
    for (const tick of ticks) {
      const y = this.y(tick);
      found.push(svg("line", { class: tick === 0 ? "zero" : "grid", x1: this.left, x2: this.left + this.wide, y1: y, y2: y }));
      found.push(svg("text", { class: "quiet", x: this.left - 8 * this.unit, y: y + 4 * this.unit, "text-anchor": "end" }, this.number(tick)));
    }
    const bottom = TOP + this.high;
    found.push(svg("line", { class: "axis", x1: this.left, x2: this.left + this.wide, y1: bottom, y2: bottom }));
    const marked = times.filter(({ month }) => month <= last);
    const half = (words) => 3.6 * this.unit * words.length; // of the room that they take, px
    const end = marked[marked.length - 1];
    for (const { month, words } of marked) {
      found.push(svg("line", { class: "axis", x1: this.x(month), x2: this.x(month), y1: bottom, y2: bottom + 4 }));
      if (month < end.month && this.x(month) + half(words) > this.x(end.month) - half(end.words)) continue; // it would touch
      found.push(svg("text", { class: "quiet", x: this.x(month), y: bottom + 19 * this.unit, "text-anchor": "middle" }, words));
    }
    return found;
  }

  // What would still count as the same.
  same() {
    const value = ended(this.step.chart.here.mean);
    const { within, low, high } = this.step.chart;
    if (value === null) return [];
    const top = this.y(Math.min(high, value + within));
    const bottom = this.y(Math.max(low, value - within));
    const left = this.goesOn ? this.x(this.here.month) : this.left;
    const wide = Math.max(0, this.x(Math.max(this.then.month, this.here.month)) - left);
    return [
      svg("rect", { class: "same", x: left, y: top, width: wide, height: Math.max(2, bottom - top) }),
      svg("line", { class: "level", x1: left, x2: left + wide, y1: this.y(value), y2: this.y(value) }),
    ];
  }

  paths() {
    const { here, then } = this.step.chart;
    const found = [];
    const one = (course, scenario, from, to) => {
      const place = this.place(scenario);
      const dash = this.look.dashes[place % this.look.dashes.length];
      for (const single of course.singles) found.push(this.line(single, from, to, `single s${place}`));
      found.push(this.line(course.mean, from, to, `mean s${place}`, dash));
    };
    one(here, this.here.scenario, 0, this.here.month);
    if (this.shown.told) one(then, this.then.scenario, this.goesOn ? this.here.month : 0, Math.min(this.shown.at, this.then.month));
    return found.filter(Boolean);
  }

  line(values, from, to, kind, dash) {
    const points = [];
    for (let month = from; month <= to && month < values.length; month++)
      if (values[month] !== null) points.push(`${this.x(month).toFixed(1)} ${this.y(values[month]).toFixed(1)}`);
    if (points.length < 2) return null;
    return svg("path", { class: kind, d: `M${points.join("L")}`, "stroke-dasharray": dash || null });
  }

  sheet() {
    const begins = this.shown.told ? this.shown.at : this.goesOn ? this.here.month : this.step.chart.last;
    if (begins >= this.step.chart.last || (this.shown.told && begins >= this.then.month)) return [];
    const left = this.x(begins);
    const wide = this.left + this.wide - left;
    const found = [svg("rect", { class: "sheet", x: left, y: TOP, width: wide, height: this.high })];
    if (!this.shown.told && !this.shown.line)
      found.push(svg("text", { class: "ask", x: left + wide / 2, y: TOP + 30 * this.unit, "text-anchor": "middle" }, "?"));
    return found;
  }

  hands(any) {
    if (!any) return [];
    const value = ended(this.step.chart.here.mean) ?? this.step.chart.low;
    const middle = Math.min(TOP + this.high - 30 * this.unit, Math.max(TOP + 34 * this.unit, this.y(value)));
    const x = this.left + this.wide + this.right - 4;
    return [["up", "▲", -1], ["same", "=", 0], ["down", "▼", 1]].map(([way, mark, down]) =>
      svg("text", {
        class: this.shown.told && way === this.step.answer ? "hand right" : "hand", x, y: middle + this.unit * (24 * down + 5), "text-anchor": "end",
      }, `${mark} ${this.shown.hands[way]}`));
  }

  // The line that was drawn, and its three handles.
  guess() {
    this.drawn = svg("path", { class: "guess", d: this.drawnThrough() });
    this.handles = this.shown.drawing && !this.shown.told ? this.stops.map((month, k) => this.handle(month, k)) : [];
    return [this.drawn, ...this.handles];
  }

  drawnThrough() {
    const at = (month, value) => `${this.x(month).toFixed(1)} ${this.y(value).toFixed(1)}`;
    const stops = this.stops.map((month, k) => at(month, this.shown.line[k]));
    return `M${at(this.from.month, this.from.value)}L${stops.join("L")}`;
  }

  handle(month, k) {
    const { low, high } = this.step.chart;
    const handle = svg("circle", {
      class: "handle", r: 9 * this.unit, tabindex: 0, role: "slider", "aria-orientation": "vertical",
      "aria-label": this.look.at(month), "aria-valuemin": low, "aria-valuemax": high, cx: this.x(month),
      onkeydown: (event) => this.keyed(event, k),
      onpointerdown: (event) => {
        handle.setPointerCapture(event.pointerId);
        handle.focus();
        event.preventDefault();
      },
      onpointermove: (event) => {
        if (!handle.hasPointerCapture(event.pointerId)) return;
        const top = this.box.getBoundingClientRect().top;
        this.moved(k, high - ((event.clientY - top - TOP) / this.high) * (high - low));
      },
    });
    this.placed(handle, k);
    return handle;
  }

  placed(handle, k) {
    const value = this.shown.line[k];
    handle.setAttribute("cy", this.y(value));
    handle.setAttribute("aria-valuenow", value);
    handle.setAttribute("aria-valuetext", this.number(value, 1));
  }

  keyed(event, k) {
    const { low, high } = this.step.chart;
    const by = { ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1, PageUp: 5, PageDown: -5 }[event.key];
    if (!by || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    this.moved(k, this.shown.line[k] + (by * (high - low)) / 50);
  }

  moved(k, value) {
    const { low, high } = this.step.chart;
    this.shown.line[k] = Math.min(high, Math.max(low, value));
    this.placed(this.handles[k], k);
    this.drawn.setAttribute("d", this.drawnThrough());
    this.look.drawn(this.shown.line);
  }

  // Each line has its name at its end; names keep clear of each other, and of the end of a line that
  // still goes on to where they stand.
  names() {
    const { here, then } = this.step.chart;
    const found = [];
    const add = (course, place, month) => {
      const value = course.mean[month];
      if (value !== null && value !== undefined) found.push({ ...place, month, value, y: this.y(value) });
    };
    if (!(this.goesOn && this.shown.told)) add(here, this.here, this.here.month);
    if (this.shown.told) add(then, this.then, Math.min(this.shown.at, this.then.month));
    const apart = APART * this.unit;
    found.sort((one, other) => one.y - other.y);
    found.forEach((one, k) => {
      one.at = k && one.y - found[k - 1].at < apart ? found[k - 1].at + apart : one.y;
    });
    const over = found.length ? found[found.length - 1].at - (TOP + this.high - 14 * this.unit) : 0;
    const right = 10 * this.unit + this.x(Math.max(...found.map((one) => one.month)));
    return found.flatMap((one) => {
      const y = over > 0 ? one.at - over : one.at;
      return [
        svg("circle", { class: `end s${this.place(one.scenario)}`, cx: this.x(one.month), cy: one.y, r: 4.5 * this.unit }),
        svg("text", { class: `name s${this.place(one.scenario)}`, x: right, y: y - 2 }, this.look.names[one.scenario]),
        svg("text", { class: "value", x: right, y: y + 13 * this.unit }, this.said(one.value)),
      ];
    });
  }

  // A value with the digits that sentences give it (`figure` in story_in_words.py).
  said(value) {
    const { counted, percent } = this.step.chart;
    const size = Math.abs(value);
    const digits = percent || (counted && (size >= 10 || Number.isInteger(size))) ? 0 : counted ? (size < 1 ? 2 : 1) : size >= 10 ? 1 : 2;
    return this.number(value, digits - this.step.chart.decimals);
  }

  number(value, more = 0) {
    const digits = this.step.chart.decimals + more;
    const text = this.look.number(value, digits);
    return this.step.chart.percent ? `${text} %` : text;
  }
}

function ended(values) {
  for (let k = values.length - 1; k >= 0; k--) if (values[k] !== null) return values[k];
  return null;
}
