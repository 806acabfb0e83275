/** `ansi` code blocks: text with SGR escape sequences → spans with classes. */

import { h } from "./dom.js";

const SEQUENCE = /\u001b\[([\d;:?]*)([A-Za-z])/g;

const PLAIN = Object.freeze({
  bold: false,
  faint: false,
  underline: false,
  front: null,
  back: null,
});

/**
 * Splits text into runs of one style. Unknown sequences are dropped, as Discord does.
 *
 * @param {string} source
 * @returns {{text: string, style: typeof PLAIN}[]}
 */
function runs(source) {
  const found = [];
  let style = PLAIN;
  let from = 0;
  for (const match of source.matchAll(SEQUENCE)) {
    if (match.index > from) found.push({ text: source.slice(from, match.index), style });
    if (match[2] === "m") style = restyle(style, match[1]);
    from = match.index + match[0].length;
  }
  if (from < source.length) found.push({ text: source.slice(from), style });
  return found;
}

function restyle(before, codes) {
  const style = { ...before };
  for (const code of codes.split(";").map(Number)) {
    if (code === 0) Object.assign(style, PLAIN);
    else if (code === 1) style.bold = true;
    else if (code === 2) style.faint = true;
    else if (code === 4) style.underline = true;
    else if (code === 22) Object.assign(style, { bold: false, faint: false });
    else if (code === 24) style.underline = false;
    else if (code >= 30 && code <= 37) style.front = code - 30;
    else if (code >= 90 && code <= 97) style.front = code - 90;
    else if (code === 39) style.front = null;
    else if (code >= 40 && code <= 47) style.back = code - 40;
    else if (code === 49) style.back = null;
  }
  return style;
}

/** The nodes that show such a text. */
export function ansiNodes(source) {
  return runs(source).map(({ text, style }) => {
    const names = classes(style);
    return names ? h("span", { class: names }, text) : document.createTextNode(text);
  });
}

function classes({ bold, faint, underline, front, back }) {
  return [
    bold && "ansi-bold",
    faint && "ansi-faint",
    underline && "ansi-underline",
    front !== null && `ansi-front-${front}`,
    back !== null && `ansi-back-${back}`,
  ]
    .filter(Boolean)
    .join(" ");
}
