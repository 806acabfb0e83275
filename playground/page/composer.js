/** The box one writes in: messages, files, replies, and commands after `/`. */

import { act, ApiError } from "./api.js";
import { CommandForm, readRaw, usageLine } from "./command-form.js";
import { entriesFor, filterEntries, localName, nest, rawOptions, spelledOut } from "./commands.js";
import { h, isComposing } from "./dom.js";
import { acceptDrops, FileTray } from "./files.js";
import { drafts } from "./identity.js";
import { icon } from "./icons.js";
import { t } from "./i18n.js";
import { peopleAt, readableMentions, withMentions } from "./mentions.js";
import { authorName, messageText } from "./message.js";
import { avatar, channelName, nameOf } from "./names.js";
import { notice } from "./notice.js";
import { Recall } from "./recall.js";
import { ChannelType, isThread } from "./store.js";
import { Suggestions } from "./suggestions.js";
import { onWish } from "./wishes.js";

const LONGEST = 2_000;
const COUNT_FROM = 1_800;
const TYPING_EVERY_MS = 8_000;
const TALLEST_PX = 260;

/** The composer for the open channel. */
export class Composer {
  #channel = null;
  #form = null;
  #replyTo = null;
  #typedAt = 0;

  constructor(store, outbox, { dropArea }) {
    this.store = store;
    this.outbox = outbox;
    this.recall = new Recall(store);
    this.tray = new FileTray();
    this.#build();
    acceptDrops(dropArea, (files) => this.#addFiles(files));
    onWish("suggest", (text) => this.setText(text));
    onWish("reply", (message) => this.#setReply(message));
    onWish("mention", (user) => this.#insert(`@${nameOf(store, user)} `));
    onWish("run", ({ command, targetId }) => void this.#runOn(command, targetId));
    store.on("commands", () => this.#refresh());
    store.on("channels", () => this.#relabel());
  }

  #build() {
    this.field = h("textarea", {
      class: "composer-field",
      id: "message",
      rows: 1,
      "aria-label": "Message",
      autocomplete: "off",
      enterkeyhint: "send",
      on: {
        input: () => this.#onInput(),
        keydown: (event) => this.#onKey(event),
        paste: (event) => this.#onPaste(event),
        blur: () => this.suggestions.close(),
      },
    });
    this.suggestions = new Suggestions(this.field, {
      onPick: (item) => this.#pick(item),
      draw: (item) => (item.user ? drawPerson(this.store, item.user) : drawEntry(item.entry)),
    });
    this.picker = h("input", {
      type: "file",
      multiple: true,
      hidden: true,
      on: { change: () => this.#onPicked() },
    });
    this.counter = h("span", { class: "counter", "aria-live": "polite" });
    this.problem = h("p", { class: "composer-problem", role: "alert", hidden: true });
    this.replyBar = h("div", { class: "reply-to", hidden: true });
    this.formBox = h("div", { class: "form-box" });
    this.attach = iconButton("plus", () => this.picker.click());
    this.sendButton = iconButton("send", () => this.#submit());
    this.sendButton.classList.add("send-button");
    this.element = h(
      "div",
      // Until one is in, there is no channel to write to.
      { class: "composer", hidden: true },
      this.suggestions.element,
      this.formBox,
      this.problem,
      this.replyBar,
      this.tray.element,
      h("div", { class: "composer-row" }, this.attach, this.field, this.counter, this.sendButton),
      this.picker,
    );
  }

  /** Turns to a channel, with what was being written there. */
  open(channel) {
    this.element.hidden = false;
    if (channel.id !== this.#channel?.id) {
      this.#channel = channel;
      this.#closeForm();
      this.#setReply(null);
      this.recall.reset();
      this.field.value = drafts.get(channel.id);
      this.#resize();
    }
    this.suggestions.close();
    this.#relabel();
  }

  focus() {
    this.field.focus({ preventScroll: true });
  }

  /** Puts text in, as if typed; `/…` shows the matching commands. */
  setText(text) {
    this.#closeForm();
    this.field.value = text;
    this.focus();
    this.field.setSelectionRange(text.length, text.length);
    this.#onInput();
  }

  /** Writes the box's own words again, in the language that is on. */
  relabel() {
    this.#closeForm();
    this.#relabel();
    if (this.#replyTo) this.#setReply(this.#replyTo);
  }

  #relabel() {
    if (!this.#channel) return;
    this.#channel = this.store.channels.get(this.#channel.id) ?? this.#channel;
    const name = channelName(this.store, this.#channel);
    this.field.placeholder = t(`composer.placeholder.${kindOf(this.#channel)}`, { name });
    for (const [button, key] of [
      [this.attach, "composer.attach"],
      [this.sendButton, "composer.send"],
    ]) {
      button.setAttribute("aria-label", t(key));
      button.title = t(key);
    }
  }

  #onInput() {
    this.#hideProblem();
    drafts.set(this.#channel.id, this.field.value);
    if (this.#form && this.field.value.trim() !== `/${this.#form.entry.title}`) this.#closeForm();
    this.#resize();
    this.#refresh();
    this.#sayTyping();
  }

  #resize() {
    const { style } = this.field;
    style.setProperty("height", "auto");
    style.setProperty("height", `${Math.min(this.field.scrollHeight, TALLEST_PX)}px`);
    const { length } = this.field.value;
    this.counter.textContent = length >= COUNT_FROM ? String(LONGEST - length) : "";
    this.counter.classList.toggle("over", length > LONGEST);
    this.sendButton.classList.toggle("ready", length > 0 || !this.tray.isEmpty);
  }

  #refresh() {
    const text = this.field.value;
    if (!this.#channel || this.#form || document.activeElement !== this.field) return;
    if (text.startsWith("/")) {
      const found = filterEntries(entriesFor(this.store, this.#channel), text.slice(1));
      this.suggestions.show(
        found.map((entry) => ({ entry })),
        t("command.list"),
      );
      return;
    }
    const mention = peopleAt(this.store, text, this.field.selectionStart);
    this.suggestions.show(
      (mention?.people ?? []).map((user) => ({ user, start: mention.start })),
      t("composer.suggestions"),
    );
  }

  #onKey(event) {
    // While an input method composes, its Enter and arrows are not ours.
    if (isComposing(event)) return;
    if (event.key === "Enter" && !event.shiftKey && this.#enterRuns()) {
      event.preventDefault();
      this.#submit();
    } else if (this.suggestions.onKey(event)) {
      return;
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.#submit();
    } else if (event.key === "Escape") {
      this.#escape();
    } else if (event.key === "ArrowUp" || event.key === "ArrowDown") {
      this.#walk(event);
    }
  }

  /** A command that is spelled out runs, even though the list above still shows it. */
  #enterRuns() {
    const { current, isChosen } = this.suggestions;
    if (!current?.entry) return !current;
    const spelled = this.#spelled();
    return Boolean(spelled) && (!isChosen || current.entry === spelled.entry);
  }

  #spelled() {
    const text = this.field.value;
    return text.startsWith("/") ? spelledOut(entriesFor(this.store, this.#channel), text) : null;
  }

  #walk(event) {
    const text = this.field.value;
    if (this.#form || !this.recall.mayWalk(text)) return;
    const recalled = this.recall.walk(this.#channel.id, event.key === "ArrowUp" ? 1 : -1);
    if (recalled === null) return;
    event.preventDefault();
    this.field.value = readableMentions(this.store, recalled);
    this.field.setSelectionRange(this.field.value.length, this.field.value.length);
    drafts.set(this.#channel.id, this.field.value);
    this.#resize();
  }

  #escape() {
    if (this.#form) this.#closeForm();
    else if (this.#replyTo) this.#setReply(null);
  }

  #pick(item) {
    this.suggestions.close();
    if (item.user) this.#replaceMention(item);
    else this.#pickEntry(item.entry);
  }

  #replaceMention({ user, start }) {
    const caret = this.field.selectionStart;
    this.field.setRangeText(`@${nameOf(this.store, user)} `, start, caret, "end");
    this.#onInput();
  }

  #pickEntry(entry) {
    const typed = this.#spelled();
    const raw =
      typed?.entry.title === entry.title ? rawOptions(entry.options, typed.rest) : new Map();
    this.#setCommandText(entry);
    if (entry.options.length) this.#openForm(entry, raw);
  }

  #setCommandText(entry) {
    this.field.value = `/${entry.title}`;
    drafts.set(this.#channel.id, this.field.value);
    this.#resize();
    this.focus();
  }

  #openForm(entry, raw) {
    this.#form = new CommandForm(this.store, {
      entry,
      raw,
      channelId: this.#channel.id,
      onRun: (run) => void this.#run(run),
      onLeave: () => {
        this.#closeForm();
        this.focus();
      },
    });
    this.formBox.replaceChildren(this.#form.element);
    this.#form.focus();
  }

  #closeForm() {
    this.#form = null;
    this.formBox.replaceChildren();
  }

  #submit() {
    this.suggestions.close();
    if (this.#form) {
      this.#form.run();
      return;
    }
    const spelled = this.#spelled();
    if (spelled) this.#runTyped(spelled);
    else void this.#send();
  }

  #runTyped({ entry, rest }) {
    const raw = rawOptions(entry.options, rest);
    const reading = readRaw(this.store, entry.options, raw);
    if (reading.problem) {
      this.#setCommandText(entry);
      this.#openForm(entry, raw);
      this.#complain(reading.problem);
      return;
    }
    const { values } = reading;
    void this.#run({ entry, values, options: nest(entry.path, values), files: [] });
  }

  async #run({ entry, values, options, files }) {
    const { command, title } = entry;
    const given = values.map(({ name, value }) => ` ${name}:${value}`).join("");
    const { id: channelId } = this.#channel;
    this.recall.note(channelId, `/${title}${given}`);
    this.#clear();
    this.focus();
    const body = {
      channel_id: channelId,
      command_id: command.id,
      name: command.name,
      type: 1,
      options,
    };
    await this.outbox.command(body, { text: `/${title}${given}`, files });
  }

  async #runOn(command, targetId) {
    const body = {
      channel_id: this.#channel.id,
      command_id: command.id,
      name: command.name,
      type: command.type,
      options: [],
      target_id: targetId,
    };
    await this.outbox.command(body, { text: localName(command) });
  }

  async #send() {
    const text = this.field.value.trim();
    if (!text && this.tray.isEmpty) return;
    const content = withMentions(this.store, text);
    if (content.length > LONGEST) {
      this.#complain(t("composer.long", { count: content.length.toLocaleString() }));
      return;
    }
    const { id: channelId } = this.#channel;
    const replyTo = this.#replyTo?.id ?? null;
    const files = this.tray.take();
    this.recall.note(channelId, content);
    this.#clear();
    await this.outbox.send({ channelId, content, replyTo, files });
  }

  #clear() {
    this.#typedAt = 0;
    this.#closeForm();
    this.#setReply(null);
    this.#hideProblem();
    this.field.value = "";
    drafts.set(this.#channel.id, "");
    this.#resize();
  }

  #insert(text) {
    this.field.setRangeText(text, this.field.selectionStart, this.field.selectionEnd, "end");
    this.focus();
    this.#onInput();
  }

  #setReply(message) {
    this.#replyTo = message;
    this.replyBar.hidden = !message;
    if (!message) return;
    this.replyBar.replaceChildren(
      icon("reply"),
      h("b", {}, t("composer.reply", { name: authorName(this.store, message) })),
      h("span", { class: "reply-text" }, messageText(this.store, message)),
      closeButton(t("composer.reply.cancel"), () => this.#setReply(null)),
    );
    this.focus();
  }

  #onPaste(event) {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    this.#addFiles(files);
  }

  #onPicked() {
    this.#addFiles([...this.picker.files]);
    this.picker.value = "";
  }

  #addFiles(files) {
    this.tray.add(files);
    this.#resize();
    this.focus();
  }

  #complain(sentence) {
    this.problem.textContent = sentence;
    this.problem.hidden = false;
  }

  #hideProblem() {
    this.problem.hidden = true;
  }

  #sayTyping() {
    const text = this.field.value;
    if (!text || text.startsWith("/") || Date.now() - this.#typedAt < TYPING_EVERY_MS) return;
    this.#typedAt = Date.now();
    // Nobody misses it when this does not arrive.
    act("typing", { channel_id: this.#channel.id }).catch((error) => {
      if (!(error instanceof ApiError)) notice(String(error), "error");
    });
  }
}

function kindOf(channel) {
  if (channel.thread_metadata?.archived) return "archived";
  if (channel.type === ChannelType.direct) return "direct";
  return isThread(channel) ? "thread" : "channel";
}

function iconButton(name, onClick) {
  return h("button", { type: "button", class: "icon-button", on: { click: onClick } }, icon(name));
}

function closeButton(label, onClick) {
  const button = iconButton("close", onClick);
  button.setAttribute("aria-label", label);
  return button;
}

function drawEntry(entry) {
  return [
    h("span", { class: "suggestion-name" }, usageLine(entry)),
    // Lessons speak of /start: whoever reads /시작 has to recognise it.
    entry.name === entry.title ? null : h("span", { class: "suggestion-alias" }, `/${entry.name}`),
    h("span", { class: "suggestion-description" }, entry.description),
  ];
}

function drawPerson(store, user) {
  const name = nameOf(store, user);
  return [
    avatar(store, user, "tiny"),
    h("span", { class: "suggestion-name" }, name),
    name === user.username ? null : h("span", { class: "suggestion-description" }, user.username),
  ];
}
