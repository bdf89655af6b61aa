// One frame: the ground, the lines, then everybody on it.

import { shade } from "./colours.js";
import { mix } from "./reel.js";

export const drawing = {
  draw() {
    if (this.running && !this.calm) return; // the next frame does
    cancelAnimationFrame(this.pending);
    this.pending = requestAnimationFrame(() => {
      this.tick++;
      if (this.eye.from !== null) this.draw();
      this.paint();
    });
  },

  paint() {
    const canvases = this.$refs.canvas || [];
    const month = this.calm ? this.shown : this.clock.at;
    if (!this.there(month)) return; // what is on the screen stays until then
    for (let f = 0; f < this.reels.length; f++)
      if (canvases[f] && this.hasRoom(canvases[f], this.reels[f].film)) this.paintOne(f, canvases[f], month);
  },

  paintOne(film, canvas, month) {
    const reel = this.reels[film];
    const named = this.namedIn(film);
    const pen = canvas.getContext("2d");
    const ratio = canvas.width / (canvas.clientWidth || 1);
    const lens = this.lens(canvas, reel.film);
    const { k, f } = this.recordAt(reel, month);
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, canvas.width, canvas.height);
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.lineCap = "round";
    this.paintGround(reel, pen, lens, k, f);
    const near = this.paintLines(reel, pen, lens, k, f, ratio, named);
    this.paintOrganisations(reel, pen, lens, k, f, near);
    this.paintSponsors(reel, pen, lens, k, f, near);
    this.paintBackbones(reel, pen, lens, k, f, near);
    this.paintNames(reel, pen, lens);
    this.paintHappened(reel, pen, lens, k, f);
    if (named >= 0) this.paintRing(reel, pen, lens, k, f, named);
    canvas.dataset.month = this.shown;
  },

  // Regions, communities, the umbrella that sponsors hold, the national backbone's support.
  paintGround(reel, pen, lens, k, f) {
    const ink = this.ink;
    const national = reel.orgs;
    const nx = lens.x + lens.unit * reel.places[2 * national];
    const ny = lens.y + lens.unit * reel.places[2 * national + 1];
    const support = reel.between("staff", k, f, 0);
    reel.film.regions.forEach((region, r) => {
      const x = lens.x + lens.unit * region.x;
      const y = lens.y + lens.unit * region.y;
      const size = lens.unit * (region.radius + 0.1);
      const staff = reel.between("staff", k, f, r + 1);
      pen.beginPath();
      pen.arc(x, y, size, 0, 7);
      pen.globalAlpha = this.dark ? 0.035 : 0.03;
      pen.fillStyle = ink.ink;
      pen.fill();
      if (staff > 0) {
        const glow = pen.createRadialGradient(x, y, 0, x, y, size);
        glow.addColorStop(0, ink.brokered);
        glow.addColorStop(1, ink.brokered + "00");
        pen.globalAlpha = (this.dark ? 0.3 : 0.2) * Math.min(1, 0.45 + 0.4 * staff);
        pen.fillStyle = glow;
        pen.fill();
      }
      if (support > 0) {
        pen.beginPath();
        pen.moveTo(nx, ny);
        pen.lineTo(x, y);
        pen.globalAlpha = staff > 0 ? 0.35 : 0.22;
        pen.setLineDash(staff > 0 ? [] : [2, 5]);
        pen.lineWidth = Math.max(1, lens.unit * 0.12 * Math.sqrt(support));
        pen.strokeStyle = ink.brokered;
        pen.stroke();
        pen.setLineDash([]);
      }
    });
    pen.globalAlpha = 1;
    pen.beginPath();
    const circles = reel.circles;
    for (let c = 0; c < circles.length; c += 3) {
      const x = lens.x + lens.unit * circles[c];
      const y = lens.y + lens.unit * circles[c + 1];
      const size = lens.unit * (circles[c + 2] + 0.1);
      pen.moveTo(x + size, y);
      pen.arc(x, y, size, 0, 7);
    }
    pen.fillStyle = ink.paper;
    pen.globalAlpha = this.dark ? 0.55 : 0.75;
    pen.fill();
    pen.globalAlpha = 1;
    const low = this.scales.engagement[0];
    const high = this.scales.engagement[1];
    reel.film.regions.forEach((region, r) => {
      let sum = 0;
      for (let s = 0; s < 4; s++) sum += Math.max(0, reel.between("engagement", k, f, 4 * r + s));
      const mean = sum / 4;
      const x = lens.x + lens.unit * region.x;
      const y = lens.y + lens.unit * region.y;
      pen.beginPath();
      const half = Math.min(1.25, 4.3 / (region.radius + 1.25) + 0.1);
      pen.arc(x, y, lens.unit * (region.radius + 0.2), -Math.PI / 2 - half, -Math.PI / 2 + half);
      if (mean > 0.005) {
        pen.strokeStyle = shade((mean - low) / (high - low));
        pen.lineWidth = lens.unit * (0.1 + 0.55 * mean);
      } else {
        pen.strokeStyle = ink.axis;
        pen.lineWidth = 1;
        pen.setLineDash([1, 5]);
      }
      pen.stroke();
      pen.setLineDash([]);
    });
  },

  levelOf(reel, k, f, node) {
    const role = reel.role(node);
    if (role === 1) return NaN;
    const name = role === 0 ? this.colourBy : "engagement";
    const [low, high] = this.scales[name];
    const value = reel.between(name, k, f, role === 0 ? node : node - reel.orgs - reel.backbones);
    return (value - low) / (high - low);
  },

  // How much of a node is there, 0..1.
  presence(reel, k, f, node) {
    const role = reel.role(node);
    const here = (at) => {
      if (role === 0) return reel.member[at * reel.orgs + node];
      if (role === 1) return reel.level("staff", at, node - reel.orgs) > 0 ? 1 : 0;
      return reel.level("engagement", at, node - reel.orgs - reel.backbones) > 0.004 ? 1 : 0;
    };
    const now = here(k);
    return f > 0 && k + 1 < reel.records ? mix(now, here(k + 1), f) : now;
  },

  sizeOf(reel, lens, k, f, node) {
    const role = reel.role(node);
    if (role === 0) {
      const time = reel.between("time", k, f, node);
      return Math.max(1.4, lens.unit * Math.min(0.62, 0.2 + 0.46 * Math.sqrt(time)));
    }
    if (role === 1) {
      const staff = reel.between("staff", k, f, node - reel.orgs);
      return Math.max(3.2, lens.unit * Math.min(1.7, 0.55 + 0.36 * Math.sqrt(staff)));
    }
    const money = reel.between("money", k, f, node - reel.orgs - reel.backbones);
    return Math.max(2.6, lens.unit * Math.min(0.82, 0.52 + 0.25 * Math.sqrt(money)));
  },

  paintOrganisations(reel, pen, lens, k, f, near) {
    const ink = this.ink;
    const rim = Math.max(0.6, Math.min(1.3, lens.unit / 14));
    for (let node = 0; node < reel.orgs; node++) {
      const x = lens.x + lens.unit * reel.places[2 * node];
      const y = lens.y + lens.unit * reel.places[2 * node + 1];
      if (x < -20 || y < -20 || x > lens.wide + 20 || y > lens.high + 20) continue;
      const here = this.presence(reel, k, f, node);
      const faint = near && !near.has(node) ? 0.3 : 1;
      let size = this.sizeOf(reel, lens, k, f, node);
      if (!reel.eligible[node]) size *= 0.8;
      pen.beginPath();
      pen.arc(x, y, size, 0, 6.2832);
      if (here < 1) {
        if (reel.eligible[node]) {
          pen.globalAlpha = faint * (1 - here);
          pen.fillStyle = ink.paper;
          pen.fill();
        }
        const gone = reel.before[node] <= k;
        pen.globalAlpha = faint * (1 - here) * (reel.eligible[node] ? 1 : 0.5);
        pen.strokeStyle = gone ? ink.quiet : ink.plain;
        pen.lineWidth = gone ? rim * 1.8 : rim;
        pen.stroke();
      }
      if (here > 0) {
        const level = this.levelOf(reel, k, f, node);
        pen.globalAlpha = faint * here;
        pen.fillStyle = level === level ? shade(level) : ink.plain;
        pen.fill();
        pen.globalAlpha = faint * here * (this.dark ? 0.5 : 0.6);
        pen.strokeStyle = ink.ink;
        pen.lineWidth = rim * 0.75;
        pen.stroke();
      }
    }
    pen.globalAlpha = 1;
  },

  diamond(pen, x, y, size) {
    pen.beginPath();
    pen.moveTo(x, y - size);
    pen.lineTo(x + size, y);
    pen.lineTo(x, y + size);
    pen.lineTo(x - size, y);
    pen.closePath();
  },

  paintSponsors(reel, pen, lens, k, f, near) {
    const ink = this.ink;
    const first = reel.orgs + reel.backbones;
    for (let node = first; node < reel.size; node++) {
      const x = lens.x + lens.unit * reel.places[2 * node];
      const y = lens.y + lens.unit * reel.places[2 * node + 1];
      const here = this.presence(reel, k, f, node);
      pen.globalAlpha = near ? 0.4 : 1;
      this.diamond(pen, x, y, this.sizeOf(reel, lens, k, f, node));
      pen.fillStyle = here > 0.5 ? shade(this.levelOf(reel, k, f, node)) : ink.paper;
      pen.fill();
      pen.lineWidth = Math.max(0.8, Math.min(1.5, lens.unit / 10));
      pen.strokeStyle = here > 0.5 ? ink.ink : ink.axis;
      pen.setLineDash(here > 0.5 ? [] : [2, 2]);
      pen.stroke();
      pen.setLineDash([]);
    }
    pen.globalAlpha = 1;
  },

  paintBackbones(reel, pen, lens, k, f, near) {
    const ink = this.ink;
    for (let b = 0; b < reel.backbones; b++) {
      const node = reel.orgs + b;
      const x = lens.x + lens.unit * reel.places[2 * node];
      const y = lens.y + lens.unit * reel.places[2 * node + 1];
      const here = this.presence(reel, k, f, node);
      const size = this.sizeOf(reel, lens, k, f, node) * 0.88;
      const round = size * 0.28;
      pen.beginPath();
      pen.moveTo(x - size + round, y - size);
      pen.arcTo(x + size, y - size, x + size, y + size, round);
      pen.arcTo(x + size, y + size, x - size, y + size, round);
      pen.arcTo(x - size, y + size, x - size, y - size, round);
      pen.arcTo(x - size, y - size, x + size, y - size, round);
      pen.closePath();
      pen.globalAlpha = 1;
      pen.fillStyle = ink.paper;
      pen.fill();
      pen.globalAlpha = near ? 0.5 : 1;
      pen.fillStyle = here > 0.5 ? ink.brokered : ink.paper;
      pen.fill();
      pen.lineWidth = Math.max(1, Math.min(2, lens.unit / 9));
      pen.strokeStyle = here > 0.5 ? ink.paper : ink.axis;
      pen.setLineDash(here > 0.5 ? [] : [2, 2]);
      pen.stroke();
      pen.setLineDash([]);
    }
    pen.globalAlpha = 1;
  },

  paintNames(reel, pen, lens) {
    const size = Math.max(10, Math.min(14, lens.unit * 1.1));
    pen.font = `600 ${size}px system-ui, -apple-system, "Segoe UI", Roboto, Arial, sans-serif`;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.lineJoin = "round";
    for (const region of reel.film.regions) {
      const x = lens.x + lens.unit * region.x;
      const y = Math.min(lens.high - size * 0.6, lens.y + lens.unit * (region.y + region.radius + 0.95));
      pen.lineWidth = 3;
      pen.strokeStyle = this.ink.paper;
      pen.strokeText(region.name, x, y);
      pen.fillStyle = this.ink.quiet;
      pen.fillText(region.name, x, y);
    }
  },

  // What has just happened: a ring that widens and fades while months pass, and a sign that says it
  // without colour: + joins, − leaves, × breaks a promise, ▾ a mandate lapses.
  paintHappened(reel, pen, lens, k, f) {
    const signs = ["+", "−", "×", "▾"];
    const size = Math.max(13, Math.min(22, lens.unit * 0.95));
    pen.font = `700 ${size}px system-ui, -apple-system, "Segoe UI", Roboto, Arial, sans-serif`;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    for (let at = k; at >= Math.max(1, k - 1); at--) {
      const age = (k - at + f) / 2;
      for (let kind = 0; kind < 4; kind++) {
        const ink = kind > 1 ? this.ink.bad : kind ? this.ink.ink : this.ink.own;
        for (const node of reel.whoDid(at, kind)) {
          const x = lens.x + lens.unit * reel.places[2 * node];
          const y = lens.y + lens.unit * reel.places[2 * node + 1];
          const wide = Math.max(5, lens.unit * 0.45) * (1 + 0.9 * age) + 2;
          pen.globalAlpha = 1 - age;
          pen.beginPath();
          pen.arc(x, y, wide, 0, 6.2832);
          pen.lineWidth = 2.5;
          pen.strokeStyle = ink;
          pen.stroke();
          pen.lineWidth = 4;
          pen.strokeStyle = this.ink.paper;
          pen.strokeText(signs[kind], x, y - wide - size * 0.45);
          pen.fillStyle = ink;
          pen.fillText(signs[kind], x, y - wide - size * 0.45);
        }
      }
    }
    pen.globalAlpha = 1;
  },

  paintRing(reel, pen, lens, k, f, node) {
    const x = lens.x + lens.unit * reel.places[2 * node];
    const y = lens.y + lens.unit * reel.places[2 * node + 1];
    const size = this.sizeOf(reel, lens, k, f, node) + 3.5;
    for (const [colour, width] of [[this.ink.paper, 5], [this.ink.ink, 2]]) {
      pen.beginPath();
      pen.arc(x, y, size, 0, 6.2832);
      pen.lineWidth = width;
      pen.strokeStyle = colour;
      pen.stroke();
    }
  },
};
