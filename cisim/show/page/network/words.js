// A text with what is given filled in.

export const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
