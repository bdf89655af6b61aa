// Elements without markup in a text: what people have written is never read as HTML.

const SVG = "http://www.w3.org/2000/svg";

function made(element, given, children) {
  for (const [name, value] of Object.entries(given || {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

export const html = (tag, given, ...children) => made(document.createElement(tag), given, children);
export const svg = (tag, given, ...children) => made(document.createElementNS(SVG, tag), given, children);

// A button with a picture; its words are its name and stand in its tip.
export const key = (words, path, onclick, more) =>
  html("button", { type: "button", class: "key", "aria-label": words, title: words, onclick, ...more },
    svg("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" }, svg("path", { d: path })));
