/** What this person sent and the server has not confirmed: messages and commands on their way. */

import { act, ApiError } from "./api.js";
import { failureSentence, interact } from "./interactions.js";
import { t } from "./i18n.js";

const SHOWN_AFTER_MS = 400;

/**
 * Holds what is on its way, channel by channel. Nothing is lost when sending fails: the item stays,
 * with its reason, until it is sent again or discarded.
 */
export class Outbox {
  #items = [];
  #listeners = [];
  #sequence = 0;

  constructor(store) {
    this.store = store;
    store.on("message", ({ message, fresh }) => {
      if (fresh && message.nonce) this.#confirm(String(message.nonce));
    });
  }

  /** Calls `listener(channelId)` when the items of a channel changed. */
  onChange(listener) {
    this.#listeners.push(listener);
  }

  itemsIn(channelId) {
    return this.#items.filter((item) => item.channelId === channelId && item.shown);
  }

  /** Sends a message; it shows at once, dimmed, and turns into the real one. */
  async send({ channelId, content, replyTo = null, files = [] }) {
    const item = this.#add({ kind: "message", channelId, content, replyTo, files, shown: true });
    await this.#deliver(item);
  }

  /** Runs a command; it shows only when the bot takes its time, or fails. */
  async command(body, { text, files = [] }) {
    const item = this.#add({
      kind: "command",
      channelId: body.channel_id,
      content: text,
      body,
      files,
      shown: false,
    });
    await this.#deliver(item);
  }

  async retry(item) {
    item.state = "sending";
    item.error = null;
    this.#changed(item);
    await this.#deliver(item);
  }

  discard(item) {
    this.#items = this.#items.filter((other) => other !== item);
    this.#changed(item);
  }

  #add(fields) {
    this.#sequence += 1;
    const nonce = `${Date.now()}${String(this.#sequence).padStart(4, "0")}`;
    const item = { nonce, state: "sending", error: null, at: new Date(), ...fields };
    this.#items.push(item);
    if (item.shown) this.#changed(item);
    else setTimeout(() => this.#show(item), SHOWN_AFTER_MS);
    return item;
  }

  #show(item) {
    if (item.shown || !this.#items.includes(item)) return;
    item.shown = true;
    this.#changed(item);
  }

  async #deliver(item) {
    try {
      if (item.kind === "message") this.store.putMessage(await this.#post(item), { fresh: true });
      else await interact("command", item.body, item.files);
      this.discard(item);
    } catch (error) {
      item.state = "failed";
      item.error = this.#reason(item, error);
      item.shown = true;
      if (this.#items.includes(item)) this.#changed(item);
    }
  }

  #post({ channelId, content, replyTo, nonce, files }) {
    return act(
      "send",
      { channel_id: channelId, content, nonce, ...(replyTo ? { reply_to: replyTo } : {}) },
      files,
    );
  }

  #reason(item, error) {
    if (item.kind === "command") return failureSentence(error, t("interaction.silent"));
    if (!(error instanceof ApiError)) throw error;
    return error.code === 0
      ? t("message.failed.offline")
      : `${t("message.failed")} ${error.message}`;
  }

  #confirm(nonce) {
    const item = this.#items.find((other) => other.nonce === nonce && other.kind === "message");
    if (item) this.discard(item);
  }

  #changed({ channelId }) {
    for (const listener of this.#listeners) listener(channelId);
  }
}
