// Words that a text uses and the glossary explains, on hover and on focus by keyboard.

(() => {
  const made = new Map();

  // What finds any of the terms, as a whole word; which one it was is the number of its group.
  const finder = (terms) => {
    const key = terms.map((one) => one.match).join('|');
    if (!made.has(key)) made.set(key, new RegExp('(?<!\\p{L})(?:' + terms.map((one) => '(' + one.match + ')').join('|') + ')(?!\\p{L})', 'giu'));
    return made.get(key);
  };

  // A text in pieces, each with what explains it; a term is explained where it first stands.
  window.cisimTerms = (text, terms) => {
    if (!text || !terms.length) return [{ text: text || '', says: '' }];
    const pieces = [], told = new Set();
    let from = 0;
    for (const found of text.matchAll(finder(terms))) {
      const which = terms[found.slice(1).findIndex((one) => one !== undefined)];
      if (told.has(which)) continue;
      told.add(which);
      pieces.push({ text: text.slice(from, found.index), says: '' }, { text: found[0], says: which.says });
      from = found.index + found[0].length;
    }
    pieces.push({ text: text.slice(from), says: '' });
    return pieces.filter((one) => one.text);
  };
})();
