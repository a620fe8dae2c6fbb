// Elements; text only ever enters them as text, never as HTML.

export const byId = (id) => document.getElementById(id);

export function element(name, { text, className, ...attributes } = {}, ...children) {
  return filled(document.createElement(name), text, className, attributes, children);
}

export function shape(name, { text, className, ...attributes } = {}) {
  return filled(document.createElementNS("http://www.w3.org/2000/svg", name), text, className, attributes, []);
}

export function share(node, value) {
  node.style.setProperty("--share", Math.min(Math.max(value ?? 0, 0), 1));
  return node;
}

export const percent = (value) => (value === null || value === undefined ? "?" : `${Math.round(100 * value)}%`);

export const clock = (stamp) => new Date(1000 * Number(stamp)).toLocaleTimeString();

function filled(node, text, className, attributes, children) {
  if (text !== undefined) node.textContent = text;
  if (className) node.setAttribute("class", className);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}
