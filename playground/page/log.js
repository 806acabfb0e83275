/** The messages of the open channel: order, grouping, scrolling, older ones on the way up. */

import { act, ApiError, history } from "./api.js";
import { h, hiddenText } from "./dom.js";
import { icon } from "./icons.js";
import { t } from "./i18n.js";
import { introNode } from "./intro.js";
import { authorName, isSystem, MessageView, messageText, usedCommand } from "./message.js";
import { channelName } from "./names.js";
import { announce, noticeIfRefused } from "./notice.js";
import { outboxRows } from "./outbox-view.js";
import { compareIds } from "./snowflake.js";
import { dayName, sameDay } from "./time.js";

const GROUP_MS = 7 * 60_000;
const NEAR_END_PX = 60;
const NEAR_TOP_PX = 240;
const FLASH_MS = 2_000;
const REPLY = 19;

/** Draws one channel at a time into a scrolling box. */
export class Log {
  #rows = new Map();
  #order = [];
  #channelId = null;
  #firstUnread = null;
  #atEnd = true;
  #top = 0;
  #missed = 0;
  #loading = false;

  constructor(store, outbox) {
    this.store = store;
    this.outbox = outbox;
    this.intro = h("div", { class: "intro-box" });
    this.list = h("div", { class: "log-list" });
    this.pending = h("div", { class: "log-pending" });
    this.content = h("div", { class: "log-content" }, this.intro, this.list, this.pending);
    this.box = h(
      "div",
      { class: "log", role: "log", "aria-live": "off", tabindex: "0" },
      this.content,
    );
    this.jump = h("button", {
      type: "button",
      class: "jump",
      hidden: true,
      on: { click: () => this.toEnd() },
    });
    this.element = h("div", { class: "log-frame" }, this.box, this.jump);
    this.box.addEventListener("scroll", () => this.#onScroll(), { passive: true });
    // Whatever grows (an edit, a loaded picture, a smaller window) keeps the end in sight if it was.
    const keepEnd = new ResizeObserver(() => this.#stick());
    keepEnd.observe(this.content);
    keepEnd.observe(this.box);
    this.#listen();
  }

  #listen() {
    const { store, outbox } = this;
    store.on("message", ({ message, fresh }) => this.#onMessage(message, fresh));
    store.on("gone", ({ id, channelId }) => channelId === this.#channelId && this.#remove(id));
    store.on("people", () => this.redraw());
    store.on("commands", () => this.#drawIntro());
    outbox.onChange((channelId) => channelId === this.#channelId && this.#drawOutbox(true));
    document.addEventListener("visibilitychange", () => this.#readIfSeen());
  }

  get channelId() {
    return this.#channelId;
  }

  /** Shows a channel from its end, or from one of its messages. */
  open(channelId, messageId = null) {
    if (channelId !== this.#channelId) {
      this.#channelId = channelId;
      this.#firstUnread = this.store.firstUnreadIn(channelId);
      this.redraw();
      this.toEnd();
    }
    if (messageId) void this.showMessage(messageId);
    this.#readIfSeen();
  }

  /** Draws everything again: after a new connection, another language, new names. */
  redraw() {
    if (!this.#channelId) return;
    const atEnd = this.#atEnd;
    const top = this.box.scrollTop;
    this.box.setAttribute(
      "aria-label",
      t("log.label", { name: channelName(this.store, this.store.channels.get(this.#channelId)) }),
    );
    this.#rows.clear();
    this.#order = this.store.messagesIn(this.#channelId).map((message) => message.id);
    for (const message of this.store.messagesIn(this.#channelId))
      this.#rows.set(message.id, this.#makeRow(message));
    this.list.replaceChildren(...this.#order.map((id) => this.#rows.get(id).element));
    this.#order.forEach((_id, index) => this.#arrange(index));
    this.#drawIntro();
    this.#drawOutbox(false);
    if (atEnd) this.toEnd();
    else this.box.scrollTop = top;
  }

  toEnd() {
    this.#atEnd = true;
    this.#missed = 0;
    this.#stick();
    this.#drawJump();
    this.#readIfSeen();
  }

  /** Brings a message into sight, loading older ones until it is there. */
  async showMessage(id) {
    while (!this.#rows.has(id) && !this.store.complete.has(this.#channelId)) {
      if (!(await this.#loadOlder())) break;
    }
    const row = this.#rows.get(id);
    if (!row) return;
    this.#atEnd = false;
    row.view.element.scrollIntoView({ block: "center" });
    row.view.element.classList.add("flash");
    setTimeout(() => row.view.element.classList.remove("flash"), FLASH_MS);
    row.view.element.focus({ preventScroll: true });
  }

  /** The message that an element of the page belongs to, or null. */
  messageAt(element) {
    const id = element?.closest?.("article[data-id]")?.dataset.id;
    return this.#rows.get(id)?.view.message ?? null;
  }

  /** The view of a message that is shown now, or null. */
  viewOf(id) {
    return this.#rows.get(id)?.view ?? null;
  }

  /** Moves the keyboard's focus from message to message. */
  step(from, by) {
    const index = this.#order.indexOf(from?.dataset?.id);
    const next = index < 0 ? this.#order.length - 1 : index + by;
    const row = this.#rows.get(this.#order[Math.max(0, Math.min(next, this.#order.length - 1))]);
    row?.view.element.focus();
    row?.view.element.scrollIntoView({ block: "nearest" });
  }

  #makeRow(message) {
    const view = new MessageView(this.store, message, {
      onDismiss: ({ channel_id: channelId, id }) => void this.#dismiss(channelId, id),
    });
    const lines = h("div", { class: "lines" });
    return { view, lines, element: h("div", { class: "row" }, lines, view.element) };
  }

  async #dismiss(channelId, id) {
    this.store.removeMessage(channelId, id);
    try {
      await act("delete", { channel_id: channelId, message_id: id });
    } catch (error) {
      // The note is gone from this page either way; the server forgets it sooner or later.
      if (!(error instanceof ApiError)) throw error;
    }
  }

  #onMessage(message, fresh) {
    if (message.channel_id !== this.#channelId) return;
    const row = this.#rows.get(message.id);
    if (row) row.view.update(message);
    else this.#insert(message);
    if (!fresh) return;
    const own = message.author.id === this.store.me.id;
    if (own) this.toEnd();
    else if (!this.#atEnd || document.hidden) this.#miss(message);
    if (!own) this.#say(message);
    this.#readIfSeen();
  }

  #miss(message) {
    this.#missed += 1;
    if (!this.#firstUnread) {
      this.#firstUnread = message.id;
      this.#arrange(this.#order.indexOf(message.id));
    }
    this.#drawJump();
  }

  #say(message) {
    // A bot that edits while a command runs is told once; the rest can be read in the log.
    const text = messageText(this.store, message);
    announce(
      t("announce.message", { name: authorName(this.store, message), text: text.slice(0, 300) }),
    );
  }

  #insert(message) {
    let index = this.#order.length;
    while (index > 0 && compareIds(this.#order[index - 1], message.id) > 0) index -= 1;
    const row = this.#makeRow(message);
    this.#rows.set(message.id, row);
    const next = this.#order[index];
    this.list.insertBefore(row.element, next ? this.#rows.get(next).element : null);
    this.#order.splice(index, 0, message.id);
    this.#dropForgotten();
    const now = this.#order.indexOf(message.id);
    this.#arrange(now);
    this.#arrange(now + 1);
  }

  #dropForgotten() {
    // The store keeps a bounded number of messages; the page follows it.
    const oldest = this.store.messagesIn(this.#channelId)[0]?.id;
    while (this.#order.length && oldest && compareIds(this.#order[0], oldest) < 0)
      this.#remove(this.#order[0]);
  }

  #remove(id) {
    const index = this.#order.indexOf(id);
    if (index < 0) return;
    const { element } = this.#rows.get(id);
    const hadFocus = element.contains(document.activeElement);
    element.remove();
    this.#rows.delete(id);
    this.#order.splice(index, 1);
    this.#arrange(index);
    if (hadFocus) this.box.focus({ preventScroll: true });
  }

  /** Decides what stands above a message: the day, the mark of new ones, its author again or not. */
  #arrange(index) {
    const row = this.#rows.get(this.#order[index]);
    if (!row) return;
    const { message } = row.view;
    const before = this.#rows.get(this.#order[index - 1])?.view.message;
    const newDay = !before || !sameDay(new Date(before.timestamp), new Date(message.timestamp));
    const firstNew = message.id === this.#firstUnread;
    row.lines.replaceChildren(
      ...[newDay && dayLine(message), firstNew && newLine()].filter(Boolean),
    );
    row.view.setGrouped(!newDay && !firstNew && goesOn(before, message));
  }

  #drawIntro() {
    const complete = this.store.complete.has(this.#channelId);
    const channel = this.store.channels.get(this.#channelId);
    this.intro.replaceChildren(
      ...[complete && channel ? introNode(this.store, channel) : null].filter(Boolean),
    );
  }

  #drawOutbox(toEnd) {
    this.pending.replaceChildren(...outboxRows(this.store, this.outbox, this.#channelId));
    if (toEnd && this.pending.childElementCount) this.toEnd();
  }

  #drawJump() {
    this.jump.hidden = this.#atEnd;
    const text = this.#missed ? t("log.new.count", { count: this.#missed }) : t("log.jump");
    this.jump.replaceChildren(icon("down"), text, this.#missed ? hiddenText(t("log.jump")) : "");
  }

  #onScroll() {
    const left = this.box.scrollHeight - this.box.scrollTop - this.box.clientHeight;
    // Only going up leaves the end: what grew since the last frame also makes the way there longer.
    const wentUp = this.box.scrollTop < this.#top;
    this.#top = this.box.scrollTop;
    const atEnd = left < NEAR_END_PX || (this.#atEnd && !wentUp);
    if (atEnd !== this.#atEnd) {
      this.#atEnd = atEnd;
      if (atEnd) this.#missed = 0;
      this.#drawJump();
      this.#readIfSeen();
    }
    if (this.box.scrollTop < NEAR_TOP_PX) void this.#loadOlder();
  }

  #stick() {
    if (this.#atEnd) this.box.scrollTop = this.box.scrollHeight;
  }

  #readIfSeen() {
    if (this.#channelId && this.#atEnd && !document.hidden) this.store.markRead(this.#channelId);
  }

  async #loadOlder() {
    const channelId = this.#channelId;
    const oldest = this.store.messagesIn(channelId)[0];
    if (this.#loading || this.store.complete.has(channelId) || !oldest) return false;
    this.#loading = true;
    this.intro.replaceChildren(h("p", { class: "log-loading", role: "status" }, t("log.loading")));
    const done = await noticeIfRefused(
      history(channelId, oldest.id).then((older) => this.store.addHistory(channelId, older)),
    );
    this.#loading = false;
    if (channelId === this.#channelId) this.#prepend();
    return done;
  }

  #prepend() {
    const anchor = this.#rows.get(this.#order[0])?.element;
    const before = anchor?.getBoundingClientRect().top ?? 0;
    const messages = this.store.messagesIn(this.#channelId);
    const older = messages.filter((message) => !this.#rows.has(message.id));
    for (const message of older) this.#rows.set(message.id, this.#makeRow(message));
    this.#order = messages.map((message) => message.id);
    this.list.prepend(...older.map((message) => this.#rows.get(message.id).element));
    for (let index = 0; index <= older.length; index += 1) this.#arrange(index);
    this.#drawIntro();
    if (anchor) this.box.scrollTop += anchor.getBoundingClientRect().top - before;
  }
}

function goesOn(before, message) {
  if (!before || isSystem(before) || isSystem(message)) return false;
  if (message.type === REPLY || usedCommand(message)) return false;
  const gap = new Date(message.timestamp) - new Date(before.timestamp);
  return before.author.id === message.author.id && gap < GROUP_MS && before.flags === message.flags;
}

function dayLine(message) {
  return h(
    "div",
    { class: "day-line", role: "separator" },
    h("span", {}, dayName(new Date(message.timestamp))),
  );
}

function newLine() {
  return h(
    "div",
    { class: "new-line", role: "separator", "aria-label": t("log.new") },
    h("span", {}, t("log.new")),
  );
}
