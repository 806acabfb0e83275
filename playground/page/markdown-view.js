/** Draws a tree of markdown.js with the names this guild knows. */

import { ansiNodes } from "./ansi.js";
import { copyText } from "./clipboard.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { t } from "./i18n.js";
import { parse, plainText } from "./markdown.js";
import { covered } from "./media.js";
import { channelIcon, channelName, cssColour, nameOf } from "./names.js";
import { linkTo, placeOf } from "./router.js";
import { timestamp } from "./time.js";
import { wish } from "./wishes.js";

const WIDE_LINE = 72;
const ONLY_EMOJI =
  /^(?:(?:\p{Extended_Pictographic}(?:[\ufe0f\u20e3]|\u200d\p{Extended_Pictographic}|[\u{1f3fb}-\u{1f3ff}])*|[\u{1f1e6}-\u{1f1ff}]{2})\s*){1,27}$/u;

/**
 * The nodes that show a text of a message.
 *
 * @param {import("./store.js").Store} store
 * @param {string} source
 * @returns {Node[]}
 */
export function markdown(store, source) {
  return parse(source).map((node) => draw(store, node));
}

/** True when a text is nothing but emoji, which are then shown large. */
export function isOnlyEmoji(source) {
  return ONLY_EMOJI.test(source.trim());
}

/** The words alone, mentions by name: for previews, copies of one line and screen readers. */
export function words(store, source) {
  const named = parse(source).map((node) => label(store, node));
  return plainText(named).replace(/\s+/g, " ").trim();
}

function label(store, node) {
  if (node.children)
    return { ...node, children: node.children.map((child) => label(store, child)) };
  return node.type === "mention" ? { ...node, label: mentionText(store, node) } : node;
}

const DRAW = {
  text: (_store, node) => document.createTextNode(node.text),
  strong: (store, node) => h("strong", {}, inside(store, node)),
  em: (store, node) => h("em", {}, inside(store, node)),
  u: (store, node) => h("u", {}, inside(store, node)),
  s: (store, node) => h("s", {}, inside(store, node)),
  spoiler: (store, node) => covered(inside(store, node), true),
  code: (_store, node) => h("code", {}, node.text),
  pre: (_store, node) => codeBlock(node.text, node.lang),
  heading: (store, node) => heading(node.level, inside(store, node)),
  subtext: (store, node) => h("p", { class: "subtext" }, inside(store, node)),
  quote: (store, node) => h("blockquote", {}, inside(store, node)),
  list: (store, node) => list(store, node),
  link: (store, node) => link(store, node),
  mention: (store, node) => mention(store, node),
  time: (_store, node) => timestamp(node.seconds, node.style),
};

function draw(store, node) {
  return DRAW[node.type](store, node);
}

function inside(store, node) {
  return node.children.map((child) => draw(store, child));
}

function heading(level, children) {
  // The page's own headings are levels 1 and 2; what a message calls a heading comes below them.
  return h(`h${level + 2}`, { class: `heading heading-${level}` }, children);
}

function list(store, { ordered, start, items }) {
  const rows = items.map((children) =>
    h(
      "li",
      {},
      children.map((child) => draw(store, child)),
    ),
  );
  return h(
    ordered ? "ol" : "ul",
    ordered ? { start, vars: { "--digits": String(start + items.length).length } } : {},
    rows,
  );
}

/** A code block: the code in `pre`, its language and a copy button beside it. */
function codeBlock(text, lang = "") {
  const code = h("code", {}, lang === "ansi" ? ansiNodes(text) : text);
  const pre = h("pre", { tabindex: "0", "aria-label": lang || t("code.label") }, code);
  const wide = text.split("\n").some((line) => line.length > WIDE_LINE);
  return h(
    "div",
    { class: wide ? "code-block wide" : "code-block" },
    lang && lang !== "ansi" ? h("span", { class: "code-lang", "aria-hidden": "true" }, lang) : null,
    pre,
    copyButton(() => pre.textContent),
  );
}

function copyButton(text) {
  const button = h(
    "button",
    { type: "button", class: "copy-button", "aria-label": t("code.copy"), title: t("code.copy") },
    icon("copy"),
  );
  button.addEventListener("click", async () => {
    if (!(await copyText(text()))) return;
    button.replaceChildren(icon("check"));
    button.setAttribute("aria-label", t("code.copied"));
    setTimeout(() => {
      button.replaceChildren(icon("copy"));
      button.setAttribute("aria-label", t("code.copy"));
    }, 1_600);
  });
  return button;
}

function link(store, { url, title, children }) {
  const place = placeOf(url);
  const shown = children.map((child) => draw(store, child));
  if (!place)
    return h(
      "a",
      { href: url, target: "_blank", rel: "noopener noreferrer", title: title || url },
      shown,
    );
  const bare = children.length === 1 && children[0].text === url;
  const channel = store.channels.get(place.channelId);
  return h(
    "a",
    { href: linkTo(place.channelId, place.messageId), class: bare ? "mention" : null },
    bare
      ? [icon(channelIcon(channel)), channelName(store, channel), place.messageId ? " › 💬" : ""]
      : shown,
  );
}

function mentionText(store, { kind, id, name }) {
  if (kind === "user") return `@${nameOf(store, userById(store, id))}`;
  if (kind === "role")
    return `@${store.guild.roles.find((role) => role.id === id)?.name ?? t("mention.role.unknown")}`;
  if (kind === "channel") return `#${channelName(store, store.channels.get(id))}`;
  return kind === "command" ? `/${name}` : `@${name}`;
}

function userById(store, id) {
  return store.members.get(id)?.user ?? (store.bot?.id === id ? store.bot : null);
}

function mention(store, node) {
  const text = mentionText(store, node);
  if (node.kind === "channel") return channelMention(store, node);
  if (node.kind === "command") {
    return h(
      "button",
      { type: "button", class: "mention", on: { click: () => wish("suggest", `${text} `) } },
      text,
    );
  }
  const role =
    node.kind === "role" ? store.guild.roles.find((other) => other.id === node.id) : null;
  return h(
    "span",
    { class: "mention", vars: role?.color ? { "--mention": cssColour(role.color) } : {} },
    text,
  );
}

function channelMention(store, { id }) {
  const channel = store.channels.get(id);
  if (!channel) return h("span", { class: "mention" }, `#${t("mention.channel.unknown")}`);
  return h(
    "a",
    { class: "mention", href: linkTo(id) },
    icon(channelIcon(channel)),
    channelName(store, channel),
  );
}
