// A film as the browser plays it: arrays from what was packed on the server.

const MEMORY = 6; // months after which a meeting is no longer looked for
const FADE = 0.62; // what is left of its line after a month

export const mix = (a, b, f) => a + (b - a) * f;

// A film comes as JSON and arrays behind it, deflated; one that is there already is not inflated
// again. The bytes of a number stand apart, and many arrays as differences of their rows.
const known = new Map();

export async function inflated(packed) {
  if (!known.has(packed)) {
    if (known.size > 8) known.clear();
    const data = Uint8Array.from(atob(packed), (one) => one.charCodeAt(0));
    const stream = new Blob([data]).stream().pipeThrough(new DecompressionStream("deflate"));
    const film = new Response(stream).arrayBuffer().then(unrolled).then(Object.freeze);
    known.set(packed, film);
    film.catch(() => known.delete(packed)); // it may come off another time
  }
  return known.get(packed);
}

function unrolled(buffer) {
  const size = new DataView(buffer).getUint32(0, true);
  const { arrays, ...film } = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, size)));
  let from = 4 + size;
  for (const [name, [kind, count, more]] of Object.entries(arrays)) {
    const wide = Number(kind[1]);
    const data = numbers(new Uint8Array(buffer, from, wide * count), kind, count);
    for (let k = more.row || count; k < count; k++) data[k] += data[k - more.row];
    film[name] = Object.freeze({ data, ...more });
    from += wide * count;
  }
  return film;
}

function numbers(planes, kind, count) {
  const kinds = { u1: Uint8Array, u2: Uint16Array, u4: Uint32Array, f4: Float32Array };
  const wide = Number(kind[1]);
  const bytes = new Uint8Array(wide * count);
  for (let plane = 0; plane < wide; plane++)
    for (let k = 0; k < count; k++) bytes[wide * k + plane] = planes[plane * count + k];
  return new kinds[kind](bytes.buffer);
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
    this.places = film.places.data;
    this.region = film.region.data;
    this.circles = film.communities.data;
    this.eligible = film.eligible.data;
    this.member = film.member.data;
    this.levels = {};
    for (const name of ["trust", "mandate", "commitment", "time", "staff", "engagement", "money"]) {
      const { data, low, high, steps } = film[name];
      this.levels[name] = { bytes: data, low, step: (high - low) / steps };
    }
    this.pairs = film.pairs.data;
    this.ends = film.ends.data;
    this.met = film.met.data.slice();
    for (let row = 0; row + 1 < this.ends.length; row++)
      for (let k = this.ends[row] + 1; k < this.ends[row + 1]; k++) this.met[k] += this.met[k - 1];
    this.happened = film.happened.data;
    this.happenedEnds = film.happened_ends.data;
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

  // Whether a month is there: all are in a whole film, one in a still.
  shows(month) {
    const { at, last } = this.film;
    return at === null || (month >= last ? this.records - 1 : month / this.every) === at;
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
