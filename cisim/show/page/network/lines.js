// Who meets whom, as lines that fade.

export const lines = {
  // Lines fade month by month. They are kept as two pictures, so that a frame costs two copies:
  // what is fading, and what is met now and comes in. Returns who the named one meets.
  paintLines(reel, pen, lens, k, f, ratio, node) {
    const kept = this.lines(reel, lens, k, ratio);
    const scale = lens.unit / kept.lens.unit; // not 1 only on the way to another view
    const left = lens.x - kept.lens.x * scale;
    const top = lens.y - kept.lens.y * scale;
    const named = node < reel.orgs ? node : -1;
    const quiet = named >= 0 ? 0.2 : 1;
    const wide = lens.wide * scale;
    const high = lens.high * scale;
    pen.globalAlpha = quiet * (1 - (1 - reel.fade) * f);
    pen.drawImage(kept.fading, left, top, wide, high);
    if (f > 0) {
      pen.globalAlpha = quiet * f;
      pen.drawImage(kept.coming, left, top, wide, high);
    }
    pen.globalAlpha = 1;
    return named >= 0 ? this.paintMine(reel, pen, lens, k, named) : null;
  },

  lines(reel, lens, k, ratio) {
    const wide = Math.max(1, Math.round(lens.wide * ratio));
    const high = Math.max(1, Math.round(lens.high * ratio));
    const key = [wide, high, this.dark, this.everydayShown, reel.film.met.data.length].join();
    let kept = reel.kept;
    const flying = this.eye.from !== null && kept && kept.key === key && kept.k === k;
    const moved = !kept || kept.key !== key || kept.lens.unit !== lens.unit || kept.lens.x !== lens.x || kept.lens.y !== lens.y;
    if (flying || (!moved && kept.k === k)) return kept;
    if (!kept || kept.key !== key) {
      const sheet = () => Object.assign(document.createElement("canvas"), { width: wide, height: high });
      kept = reel.kept = { key, fading: sheet(), coming: sheet(), k: -1 };
    }
    const next = !moved && kept.k + 1 === k;
    kept.lens = lens;
    kept.k = k;
    const from = next ? k : Math.max(0, k - reel.memory);
    if (!next) this.wipe(kept.fading);
    for (let at = from; at <= k; at++) {
      if (!next || at > k) this.drawMet(reel, kept.coming, lens, at, ratio);
      const pen = kept.fading.getContext("2d");
      pen.globalCompositeOperation = "destination-out";
      pen.globalAlpha = 1 - reel.fade;
      pen.fillRect(0, 0, wide, high);
      pen.globalCompositeOperation = "source-over";
      pen.globalAlpha = 1;
      pen.drawImage(kept.coming, 0, 0);
    }
    this.drawMet(reel, kept.coming, lens, k + 1, ratio);
    return kept;
  },

  wipe(canvas) {
    const pen = canvas.getContext("2d");
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, canvas.width, canvas.height);
  },

  // A record's meetings: everyday ones below, then arranged ones, then those they start.
  drawMet(reel, canvas, lens, k, ratio) {
    this.wipe(canvas);
    if (k >= reel.records) return;
    const pen = canvas.getContext("2d");
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.lineCap = "round";
    const fine = this.fine(lens);
    for (let kind = this.everydayShown ? 2 : 1; kind >= 0; kind--) {
      this.setLine(pen, kind, fine);
      for (const tie of reel.meetings(k, kind)) {
        const close = reel.close[tie];
        pen.globalAlpha = (kind === 2 ? 0.32 : this.dark ? 0.6 : 0.75) * (close ? 1 : 0.45);
        pen.lineWidth = fine * (kind === 2 || !close ? 0.7 : 1.15);
        pen.beginPath(); // each by itself: one long path takes a browser far longer
        this.trace(reel, pen, lens, tie);
        pen.stroke();
      }
    }
  },

  paintMine(reel, pen, lens, k, named) {
    const near = new Set([named]);
    const drawn = new Set();
    const fine = this.fine(lens);
    pen.lineWidth = fine * 2;
    for (let at = k; at >= Math.max(0, k - reel.memory); at--) {
      pen.globalAlpha = Math.max(0.25, Math.pow(reel.fade, k - at));
      for (let kind = this.everydayShown ? 2 : 1; kind >= 0; kind--) {
        this.setLine(pen, kind, fine);
        for (const tie of reel.meetings(at, kind)) {
          const one = reel.pairs[2 * tie];
          const other = reel.pairs[2 * tie + 1];
          if ((one !== named && other !== named) || drawn.has(3 * tie + kind)) continue;
          drawn.add(3 * tie + kind);
          near.add(one).add(other);
          pen.beginPath();
          this.trace(reel, pen, lens, tie);
          pen.stroke();
        }
      }
    }
    pen.setLineDash([]);
    pen.globalAlpha = 1;
    return near;
  },

  fine(lens) {
    return Math.max(0.65, Math.min(1.7, lens.unit / 11));
  },

  setLine(pen, kind, fine) {
    pen.strokeStyle = [this.ink.own, this.ink.brokered, this.ink.everyday][kind];
    pen.setLineDash(kind === 1 ? [4 * fine, 3 * fine] : []);
  },

  trace(reel, pen, lens, tie) {
    const one = reel.pairs[2 * tie];
    const other = reel.pairs[2 * tie + 1];
    const ax = lens.x + lens.unit * reel.places[2 * one];
    const ay = lens.y + lens.unit * reel.places[2 * one + 1];
    const bx = lens.x + lens.unit * reel.places[2 * other];
    const by = lens.y + lens.unit * reel.places[2 * other + 1];
    pen.moveTo(ax, ay);
    if (reel.close[tie]) pen.lineTo(bx, by);
    else // lines between regions bend towards the middle, and so run together
      pen.quadraticCurveTo((ax + bx) * 0.3 + lens.x * 0.4, (ay + by) * 0.3 + lens.y * 0.4, bx, by);
  },
};
