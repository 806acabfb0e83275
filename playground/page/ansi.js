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

/** What each code of a sequence changes. */
const CODES = new Map([
  [0, PLAIN],
  [1, { bold: true }],
  [2, { faint: true }],
  [4, { underline: true }],
  [22, { bold: false, faint: false }],
  [24, { underline: false }],
  [39, { front: null }],
  [49, { back: null }],
]);
for (let colour = 0; colour < 8; colour += 1) {
  CODES.set(30 + colour, { front: colour });
  CODES.set(90 + colour, { front: colour });
  CODES.set(40 + colour, { back: colour });
}

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
  return Object.assign({}, before, ...codes.split(";").map((code) => CODES.get(Number(code))));
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
