// A component of the page without Vue: what it is given, its data, what follows from them, and what
// is done when one of them changes. So the network's player plays in a file, too. What is drawn
// around it is its host's: `changed` is told.

export function hosted(component, given, refs, changed) {
  const self = { $refs: refs, $nextTick: (then) => Promise.resolve().then(then) };
  const held = {};
  const derived = new Map();
  let due = false;

  const change = (name, value) => {
    if (Object.is(held[name], value)) return;
    held[name] = value;
    derived.clear();
    if (!due) Promise.resolve().then(flush);
    due = true;
  };
  const known = (name) => {
    if (!derived.has(name)) derived.set(name, component.computed[name].call(self));
    return derived.get(name);
  };
  const reactive = (name, value) => {
    held[name] = value;
    Object.defineProperty(self, name, { get: () => held[name], set: (now) => change(name, now) });
  };
  for (const [name, method] of Object.entries(component.methods)) self[name] = method.bind(self);
  for (const [name, value] of Object.entries(given)) reactive(name, value);
  for (const [name, value] of Object.entries(component.data.call(self))) if (!(name in given)) reactive(name, value);
  for (const name of Object.keys(component.computed)) Object.defineProperty(self, name, { get: () => known(name) });
  const watched = Object.entries(component.watch).map(([name, what]) => ({
    name, was: self[name], what: typeof what === "string" ? self[what] : what.bind(self),
  }));

  function flush() {
    due = false;
    for (const one of watched) {
      const was = one.was;
      one.was = self[one.name];
      if (!Object.is(was, one.was)) one.what(one.was, was);
    }
    changed(self);
  }

  component.created.call(self);
  component.mounted.call(self);
  return { self, end: () => component.beforeDestroy.call(self) };
}
