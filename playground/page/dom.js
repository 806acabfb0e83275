/** Building elements: whatever people or bots wrote only ever becomes text nodes, never HTML. */

/**
 * Makes an element.
 *
 * @param {string} tag
 * @param {Object<string, *>} [props] attributes; `class`, `data` (dataset), `vars` (CSS variables),
 *   `on` (listeners) are understood, `true` sets an empty attribute, null and false leave it out.
 * @param {...*} children nodes, strings, nested arrays; null and false are left out.
 * @returns {HTMLElement}
 */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) setProp(element, name, value);
  element.append(...flat(children));
  return element;
}

function setProp(element, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name === "data") Object.assign(element.dataset, value);
  else if (name === "vars") setVars(element, value);
  else if (name === "on") listen(element, value);
  else if (name === "value") element.value = value;
  else element.setAttribute(name, value === true ? "" : String(value));
}

function setVars(element, vars) {
  // Through the CSSOM: a style attribute would be refused by the page's Content-Security-Policy.
  for (const [name, value] of Object.entries(vars)) element.style.setProperty(name, value);
}

function listen(element, listeners) {
  for (const [type, listener] of Object.entries(listeners)) {
    element.addEventListener(type, listener);
  }
}

function flat(children) {
  return children
    .flat(Infinity)
    .filter((child) => child !== null && child !== undefined && child !== false);
}

/** Shows text to screen readers alone. */
export function hiddenText(text) {
  return h("span", { class: "visually-hidden" }, text);
}

let counter = 0;

/** An id that nothing else on the page has. */
export function freshId(prefix) {
  counter += 1;
  return `${prefix}-${counter}`;
}

/** True while an input method is composing: its Enter belongs to the composition, not to us. */
export function isComposing(event) {
  return event.isComposing || event.keyCode === 229;
}
