/** One message as an `article` that is patched part by part when the message changes. */

import { attachmentNodes } from "./attachments.js";
import { componentNodes } from "./components.js";
import { h } from "./dom.js";
import { embedNodes } from "./embeds.js";
import { icon } from "./icons.js";
import { t } from "./i18n.js";
import { isOnlyEmoji, markdown, words } from "./markdown-view.js";
import { avatar, nameOf, roleColour } from "./names.js";
import { reactionNodes } from "./reactions.js";
import { linkTo } from "./router.js";
import { settle } from "./settling.js";
import { hasFlag, MessageFlag } from "./store.js";
import { clock, fully, when } from "./time.js";

const NAME_LENGTH = 160;
const REPLY = 19;

/** Message types that are written by Discord itself, as one quiet line. */
const SYSTEM = {
  1: (store, message) => memberAdded(store, message),
  4: (store, message) =>
    t("message.renamed", { name: authorName(store, message), thread: message.content }),
  6: (store, message) => t("message.pinned", { name: authorName(store, message) }),
  7: (store, message) => t("message.joined", { name: authorName(store, message) }),
  18: (store, message) =>
    t("message.thread.started", { name: authorName(store, message), thread: message.content }),
};

/** True for a line that Discord itself wrote. */
export function isSystem(message) {
  return message.type in SYSTEM || message.type === 21;
}

/** What the author of a message is called. */
export function authorName(store, message) {
  if (message.webhook_id && message.author?.id === message.webhook_id)
    return message.author.username;
  return nameOf(store, message.author);
}

/** The command that a message answers, or null. */
export function usedCommand(message) {
  const metadata = message.interaction_metadata;
  const name = message.interaction?.name ?? metadata?.name;
  const user = message.interaction?.user ?? metadata?.user;
  return name && user ? { name, user } : null;
}

/** A message on the page. `update` redraws only the parts that changed, so that nothing jumps or loses focus. */
export class MessageView {
  #drawn = new Map();
  #slots = new Map();

  // When the bot last changed what can be pressed.
  arrived = 0;

  /**
   * @param {import("./store.js").Store} store
   * @param {object} message
   * @param {{onDismiss: (message: object) => void}} handlers
   */
  constructor(store, message, { onDismiss }) {
    this.store = store;
    this.onDismiss = onDismiss;
    this.failure = h("p", { class: "interaction-failed", role: "alert", hidden: true });
    this.body = h("div", { class: "message-body" });
    this.element = h(
      "article",
      { class: "message", tabindex: "-1", data: { id: message.id } },
      this.#slot("top"),
      this.body,
    );
    for (const name of PARTS.keys()) if (name !== "top") this.body.append(this.#slot(name));
    this.body.append(this.failure);
    this.grouped = false;
    this.update(message);
  }

  update(message) {
    this.message = message;
    const { classList } = this.element;
    classList.toggle("ephemeral", hasFlag(message, MessageFlag.ephemeral));
    classList.toggle("mentions-me", mentionsMe(this.store, message));
    classList.toggle("system", isSystem(message));
    this.element.setAttribute("aria-label", this.#name());
    for (const [name, { key, build }] of PARTS) this.#patch(name, key(message, this), build);
  }

  /** Follows the message before it: without picture and name, as one goes on talking. */
  setGrouped(grouped) {
    this.grouped = grouped;
    this.element.classList.toggle("grouped", grouped);
  }

  /** Says below the message why an interaction came to nothing. */
  showFailure(sentence) {
    this.failure.textContent = sentence;
    this.failure.hidden = false;
  }

  #slot(name) {
    const slot = h("div", { class: `part part-${name}` });
    this.#slots.set(name, slot);
    return slot;
  }

  #patch(name, key, build) {
    const text = JSON.stringify(key) ?? "";
    if (this.#drawn.get(name) === text) return;
    this.#drawn.set(name, text);
    const slot = this.#slots.get(name);
    const kept = keepPlace(slot);
    settle(slot, [build(this.message, this)].flat().filter(Boolean));
    kept();
    if (name !== "components") return;
    this.arrived = performance.now();
    this.failure.hidden = true;
  }

  #name() {
    const text = messageText(this.store, this.message);
    const short = text.length > NAME_LENGTH ? `${text.slice(0, NAME_LENGTH)}…` : text;
    return `${authorName(this.store, this.message)}: ${short}`;
  }
}

/** Remembers the focus and the sideways scrolling inside a part; the answer puts both back. */
function keepPlace(slot) {
  const focused = slot.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  const offsets = [...slot.querySelectorAll("pre")].map((pre) => pre.scrollLeft);
  return () => {
    if (focused)
      slot.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
    slot.querySelectorAll("pre").forEach((pre, index) => {
      if (offsets[index]) pre.scrollLeft = offsets[index];
    });
  };
}

const PARTS = new Map([
  [
    "top",
    {
      key: (m) => [m.type, m.referenced_message?.id, m.referenced_message?.content, usedCommand(m)],
      build: topBar,
    },
  ],
  [
    "meta",
    {
      key: (m, { store }) => [m.author, m.timestamp, store.members.get(m.author?.id), m.type],
      build: meta,
    },
  ],
  ["content", { key: (m) => [m.content, m.edited_timestamp, m.type, m.flags], build: content }],
  ["embeds", { key: (m) => [m.embeds, m.flags], build: embeds }],
  ["attachments", { key: (m) => [m.attachments, m.flags], build: attachments }],
  ["components", { key: (m) => [m.components, m.attachments], build: components }],
  ["thread", { key: (m) => [m.thread], build: threadCard }],
  ["reactions", { key: (m) => [m.reactions], build: reactionNodes }],
  ["note", { key: (m) => [m.flags], build: ephemeralNote }],
]);

function topBar(message, { store }) {
  if (isSystem(message)) return null;
  const used = usedCommand(message);
  if (message.type === REPLY || message.message_reference?.message_id)
    return replyBar(store, message);
  if (!used) return null;
  return h(
    "div",
    { class: "top-bar" },
    avatar(store, used.user, "tiny"),
    h(
      "span",
      {},
      split(t("message.used"), {
        name: h("b", {}, nameOf(store, used.user)),
        command: h("span", { class: "mention" }, `/${used.name}`),
      }),
    ),
  );
}

function replyBar(store, message) {
  const original = message.referenced_message;
  if (!original)
    return h("div", { class: "top-bar" }, icon("reply"), h("i", {}, t("message.reply.gone")));
  return h(
    "a",
    {
      class: "top-bar reply-bar",
      href: linkTo(message.message_reference?.channel_id ?? message.channel_id, original.id),
    },
    avatar(store, original.author, "tiny"),
    h("b", {}, authorName(store, original)),
    h(
      "span",
      { class: "reply-text" },
      messageText(store, original) || t("message.reply.attachment"),
    ),
  );
}

/** Puts elements into the holes of a sentence, in the order its language wants. */
function split(sentence, elements) {
  return sentence.split(/\{(\w+)\}/).map((piece, index) => (index % 2 ? elements[piece] : piece));
}

function meta(message, { store }) {
  const date = new Date(message.timestamp);
  const short = h(
    "time",
    { class: "gutter-time", datetime: message.timestamp, title: fully(date) },
    clock(date),
  );
  if (isSystem(message)) return [short];
  const colour = roleColour(store, message.author.id);
  return [
    avatar(store, message.author),
    short,
    h(
      "div",
      { class: "message-meta" },
      h(
        "span",
        { class: "author", vars: colour ? { "--role": colour } : {} },
        authorName(store, message),
      ),
      message.author.bot ? h("span", { class: "tag" }, t("tag.app")) : null,
      h("time", { datetime: message.timestamp, title: fully(date) }, when(date)),
    ),
  ];
}

function content(message, { store }) {
  if (isSystem(message)) return systemLine(store, message);
  if (hasFlag(message, MessageFlag.loading)) return thinking(store, message);
  if (hasFlag(message, MessageFlag.componentsV2) || !message.content) return null;
  const classes = isOnlyEmoji(message.content) ? "message-text only-emoji" : "message-text";
  return h(
    "div",
    { class: classes },
    markdown(store, message.content),
    message.edited_timestamp ? edited(message) : null,
  );
}

function systemLine(store, message) {
  const line = SYSTEM[message.type]?.(store, message);
  if (!line) return null;
  const thread = message.type === 18 ? message.message_reference?.channel_id : null;
  return h(
    "p",
    { class: "system-line" },
    line,
    thread ? [" ", h("a", { href: linkTo(thread) }, t("message.thread.open"))] : null,
  );
}

function memberAdded(store, message) {
  const who = (message.mentions ?? []).map((user) => nameOf(store, user)).join(", ");
  return t("message.member.added", { name: authorName(store, message), who });
}

function thinking(store, message) {
  return h(
    "p",
    { class: "thinking" },
    h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i")),
    t("message.thinking", { name: authorName(store, message) }),
  );
}

function edited(message) {
  const time = when(new Date(message.edited_timestamp));
  return h(
    "span",
    { class: "edited", title: t("message.edited.at", { time }) },
    ` ${t("message.edited")}`,
  );
}

function embeds(message, { store }) {
  return hasFlag(message, MessageFlag.noEmbeds) ? null : embedNodes(store, message);
}

function attachments(message) {
  // Components V2 show a file only where a component refers to it.
  return hasFlag(message, MessageFlag.componentsV2)
    ? null
    : attachmentNodes(message.attachments ?? []);
}

function components(message, view) {
  const nodes = componentNodes(view);
  if (hasFlag(message, MessageFlag.componentsV2) && message.edited_timestamp)
    nodes.push(edited(message));
  return nodes;
}

function threadCard({ thread }) {
  return thread
    ? h("a", { class: "thread-card", href: linkTo(thread.id) }, icon("thread"), thread.name)
    : null;
}

function ephemeralNote(message, view) {
  if (!hasFlag(message, MessageFlag.ephemeral)) return null;
  const dismiss = () => view.onDismiss(view.message);
  return h(
    "p",
    { class: "ephemeral-note" },
    icon("eye"),
    t("message.ephemeral"),
    h(
      "button",
      { type: "button", class: "text-button", on: { click: dismiss } },
      t("message.dismiss"),
    ),
  );
}

function mentionsMe(store, message) {
  if (message.author?.id === store.me.id || isSystem(message)) return false;
  return (
    message.mention_everyone || (message.mentions ?? []).some((user) => user.id === store.me.id)
  );
}

/** Everything a message says, as one line of words. */
export function messageText(store, message) {
  if (isSystem(message)) return SYSTEM[message.type]?.(store, message) ?? "";
  if (hasFlag(message, MessageFlag.loading))
    return t("message.thinking", { name: authorName(store, message) });
  const texts = [
    message.content,
    ...textsOf(message.components),
    ...(message.embeds ?? []).flatMap(embedTexts),
  ];
  return texts
    .filter(Boolean)
    .map((text) => words(store, text))
    .join(" · ");
}

function textsOf(components = []) {
  return components.flatMap((component) => [
    component.type === 10 ? component.content : null,
    ...textsOf(component.components),
  ]);
}

function embedTexts({ title, description }) {
  return [title, description];
}

/** The text of a message as it was written, for copying. */
export function sourceText(message) {
  const texts = [
    message.content,
    ...textsOf(message.components),
    ...(message.embeds ?? []).flatMap(embedTexts),
  ];
  return texts.filter(Boolean).join("\n");
}
