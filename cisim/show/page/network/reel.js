// A film as the browser plays it: arrays from what was packed on the server.

const MEMORY = 6; // months after which a meeting is no longer looked for
const FADE = 0.62; // what is left of its line after a month

export const mix = (a, b, f) => a + (b - a) * f;

// A film comes as JSON, deflated; one that is there already is not inflated again.
const known = new Map();

export async function inflated(packed) {
  if (!known.has(packed)) {
    if (known.size > 8) known.clear();
    const stream = new Blob([bytes({ data: packed })]).stream();
    known.set(packed, new Response(stream.pipeThrough(new DecompressionStream("deflate"))).json().then(Object.freeze));
  }
  return known.get(packed);
}

function bytes(packed) {
  const text = atob(packed.data);
  const found = new Uint8Array(text.length);
  for (let k = 0; k < text.length; k++) found[k] = text.charCodeAt(k);
  return found;
}

function numbers(packed) {
  const kinds = { u1: Uint8Array, u2: Uint16Array, u4: Uint32Array, f4: Float32Array };
  return new kinds[packed.type](bytes(packed).buffer);
}

function bits(packed, many) {
  const from = bytes(packed);
  const found = new Uint8Array(many);
  for (let k = 0; k < many; k++) found[k] = (from[k >> 3] >> (7 - (k & 7))) & 1;
  return found;
}

// Nodes are organisations, then backbones, then sponsors.
export class Reel {
  constructor(film) {
    this.film = film;
    this.every = film.every;
    this.records = film.records;
    this.orgs = film.organisations;
    this.backbones = film.backbones;
    this.sponsors = film.sponsors;
    this.size = this.orgs + this.backbones + this.sponsors;
    this.places = numbers(film.places);
    this.region = numbers(film.region);
    this.circles = numbers(film.communities);
    this.eligible = bits(film.eligible, this.orgs);
    this.member = bits(film.member, this.orgs * this.records);
    this.levels = {};
    for (const name of ["trust", "mandate", "commitment", "time", "staff", "engagement", "money"]) {
      const { low, high } = film[name];
      this.levels[name] = { bytes: bytes(film[name]), low, step: (high - low) / 254 };
    }
    this.pairs = numbers(film.pairs);
    this.met = numbers(film.met);
    this.ends = numbers(film.ends);
    this.happened = numbers(film.happened);
    this.happenedEnds = numbers(film.happened_ends);
    this.slow = new Set(film.slow);
    this.ties = this.pairs.length / 2;
    this.close = new Uint8Array(this.ties); // whether both are of one region
    for (let k = 0; k < this.ties; k++)
      this.close[k] = this.region[this.pairs[2 * k]] === this.region[this.pairs[2 * k + 1]] ? 1 : 0;
    this.memory = Math.ceil(MEMORY / this.every);
    this.fade = Math.pow(FADE, this.every);
    this.kept = null; // the pictures of its lines
    this.before = new Uint16Array(this.orgs).fill(65535); // first record as a member
    for (let k = 0; k < this.records; k++)
      for (let i = 0; i < this.orgs; i++)
        if (this.member[k * this.orgs + i] && this.before[i] > k) this.before[i] = k;
  }

  role(node) {
    return node < this.orgs ? 0 : node < this.orgs + this.backbones ? 1 : 2;
  }

  level(name, k, i) {
    const many = { staff: this.backbones, engagement: this.sponsors, money: this.sponsors };
    const level = this.levels[name];
    const byte = level.bytes[k * (many[name] || this.orgs) + i];
    return byte === 255 ? NaN : level.low + byte * level.step;
  }

  between(name, k, f, i) {
    const now = this.level(name, k, i);
    if (f === 0 || k + 1 >= this.records) return now;
    const then = this.level(name, k + 1, i);
    return mix(now, then, f);
  }

  // Who joined (0), left (1), broke a promise (2) or lost its mandate (3) since the last record.
  whoDid(k, kind) {
    const row = 4 * k + kind;
    return this.happened.subarray(this.happenedEnds[row], this.happenedEnds[row + 1]);
  }

  // The ties of a record's meetings of a kind.
  meetings(k, kind) {
    const row = 3 * k + kind;
    return this.met.subarray(this.ends[row], this.ends[row + 1]);
  }
}
