/** What this person can see, as the playground's events tell it; views listen and draw. */

import { personName, remembered } from "./identity.js";
import { compareIds } from "./snowflake.js";

const TYPING_MS = 10_000;
const KEPT_PER_CHANNEL = 800;
const HISTORY_PAGE = 50;

/** Channel types of Discord that the page knows. */
export const ChannelType = Object.freeze({ text: 0, direct: 1, category: 4, announcement: 5 });
const THREADS = new Set([10, 11, 12]);

/** Message flags of Discord that the page knows. */
export const MessageFlag = Object.freeze({
  noEmbeds: 4,
  ephemeral: 64,
  loading: 128,
  componentsV2: 32768,
});

/** True for public, private and announcement threads. */
export function isThread(channel) {
  return THREADS.has(channel?.type);
}

/** True when a message carries a flag. */
export function hasFlag(message, flag) {
  return Boolean((message.flags ?? 0) & flag);
}

/**
 * The page's picture of the guild. Events it emits:
 * `reset`, `message` ({message, fresh}), `gone` ({id, channelId}), `channels`, `people`, `commands`,
 * `typing` ({channelId}), `unread`, `bot`.
 */
export class Store {
  #listeners = new Map();
  #typing = new Map();
  #read = readMarks();

  me = null;
  bot = null;
  botOnline = true;
  guild = { id: "0", name: "", roles: [] };
  permissions = "0";
  members = new Map();
  channels = new Map();
  commands = [];
  messages = new Map();
  complete = new Set();

  /** Calls `listener(detail)` whenever something of that kind changed. */
  on(type, listener) {
    if (!this.#listeners.has(type)) this.#listeners.set(type, []);
    this.#listeners.get(type).push(listener);
  }

  #emit(type, detail = {}) {
    for (const listener of this.#listeners.get(type) ?? []) listener(detail);
  }

  /** Takes one event of the protocol in. */
  apply(type, data) {
    EVENTS[type]?.(this, data);
  }

  reset(hello) {
    const kept = this.messages;
    this.me = hello.me;
    this.bot = hello.bot;
    this.botOnline = hello.bot_online ?? true;
    this.guild = hello.guild;
    this.permissions = hello.permissions ?? "0";
    this.members = new Map(hello.members.map((member) => [member.user.id, member]));
    this.channels = new Map(hello.channels.map((channel) => [channel.id, channel]));
    this.commands = hello.commands ?? [];
    this.messages = new Map();
    this.complete.clear();
    for (const [channelId, messages] of Object.entries(hello.messages ?? {})) {
      this.messages.set(channelId, merge(messages, kept.get(channelId)));
      if (messages.length < HISTORY_PAGE) this.complete.add(channelId);
    }
    this.#typing.clear();
    this.#firstMarks();
    this.#emit("reset");
  }

  /** Messages of a channel, oldest first. */
  messagesIn(channelId) {
    return this.messages.get(channelId) ?? [];
  }

  messageById(channelId, id) {
    return this.messagesIn(channelId).find((message) => message.id === id) ?? null;
  }

  putMessage(message, { fresh = false } = {}) {
    const list = this.#listOf(message.channel_id);
    const index = list.findIndex((other) => other.id === message.id);
    if (index >= 0) list[index] = message;
    else insert(list, message);
    if (fresh && list.length > KEPT_PER_CHANNEL) {
      list.splice(0, list.length - KEPT_PER_CHANNEL);
      this.complete.delete(message.channel_id);
    }
    if (fresh) this.#noteArrival(message);
    this.#emit("message", { message, fresh: fresh && index < 0 });
  }

  removeMessage(channelId, id) {
    const list = this.#listOf(channelId);
    const index = list.findIndex((message) => message.id === id);
    if (index < 0) return;
    list.splice(index, 1);
    this.#emit("gone", { id, channelId });
    this.#emit("unread");
  }

  /** Takes older messages in; a page that is not full means that the beginning is reached. */
  addHistory(channelId, older) {
    const list = this.#listOf(channelId);
    const known = new Set(list.map((message) => message.id));
    const missing = older.filter((message) => !known.has(message.id));
    list.unshift(...missing);
    list.sort((a, b) => compareIds(a.id, b.id));
    if (older.length < HISTORY_PAGE) this.complete.add(channelId);
  }

  putChannel(channel) {
    this.channels.set(channel.id, { ...this.channels.get(channel.id), ...channel });
    if (!this.messages.has(channel.id)) {
      this.messages.set(channel.id, []);
      this.complete.add(channel.id);
    }
    this.#emit("channels");
  }

  removeChannel(id) {
    this.channels.delete(id);
    this.messages.delete(id);
    this.#emit("channels");
  }

  putMember(member) {
    this.members.set(member.user.id, member);
    this.#emit("people");
  }

  setCommands(commands) {
    this.commands = commands;
    this.#emit("commands");
  }

  setBotOnline(online) {
    this.botOnline = online;
    this.#emit("bot");
  }

  noteTyping(channelId, user) {
    if (user.id === this.me?.id) return;
    const people = this.#typing.get(channelId) ?? new Map();
    clearTimeout(people.get(user.id)?.timer);
    const timer = setTimeout(() => this.#stopTyping(channelId, user.id), TYPING_MS);
    this.#typing.set(channelId, people.set(user.id, { user, timer }));
    this.#emit("typing", { channelId });
  }

  /** Users who are typing in a channel. */
  typingIn(channelId) {
    return [...(this.#typing.get(channelId)?.values() ?? [])].map(({ user }) => user);
  }

  /** How many messages of others arrived after the person last looked. */
  unreadIn(channelId) {
    const mark = this.#read[channelId];
    if (!mark) return 0;
    const others = (message) =>
      message.author.id !== this.me.id && compareIds(message.id, mark) > 0;
    return this.messagesIn(channelId).filter(others).length;
  }

  /** The first message that the person has not seen, or null. */
  firstUnreadIn(channelId) {
    const mark = this.#read[channelId];
    if (!mark) return null;
    return (
      this.messagesIn(channelId).find((message) => compareIds(message.id, mark) > 0)?.id ?? null
    );
  }

  markRead(channelId) {
    const last = this.messagesIn(channelId).at(-1)?.id;
    if (!last || this.#read[channelId] === last) return;
    this.#read[channelId] = last;
    this.#saveMarks();
    this.#emit("unread");
  }

  /** The direct channel with the bot, when there is one. */
  directChannel() {
    return (
      [...this.channels.values()].find((channel) => channel.type === ChannelType.direct) ?? null
    );
  }

  /** Where a newcomer lands: the channel named general, else the first text channel. */
  firstChannel() {
    const texts = this.textChannels();
    return texts.find((channel) => channel.name === "general") ?? texts[0] ?? this.directChannel();
  }

  textChannels() {
    const texts = new Set([ChannelType.text, ChannelType.announcement]);
    return [...this.channels.values()]
      .filter((channel) => texts.has(channel.type))
      .sort(byPosition);
  }

  threadsOf(channelId) {
    return [...this.channels.values()]
      .filter((channel) => isThread(channel) && channel.parent_id === channelId)
      .sort((a, b) => compareIds(a.id, b.id));
  }

  #listOf(channelId) {
    if (!this.messages.has(channelId)) this.messages.set(channelId, []);
    return this.messages.get(channelId);
  }

  #noteArrival(message) {
    this.#stopTyping(message.channel_id, message.author.id);
    if (!this.#read[message.channel_id]) this.#read[message.channel_id] = "1";
    this.#emit("unread");
  }

  #stopTyping(channelId, userId) {
    const entry = this.#typing.get(channelId)?.get(userId);
    if (!entry) return;
    clearTimeout(entry.timer);
    this.#typing.get(channelId).delete(userId);
    this.#emit("typing", { channelId });
  }

  #firstMarks() {
    // What was there before the first visit counts as read.
    for (const [channelId, list] of this.messages) {
      this.#read[channelId] ??= list.at(-1)?.id ?? "1";
    }
    this.#saveMarks();
  }

  #saveMarks() {
    remembered.set(`read.${personName}`, JSON.stringify(this.#read));
  }
}

function readMarks() {
  try {
    return JSON.parse(remembered.get(`read.${personName}`) ?? "{}");
  } catch {
    return {};
  }
}

/** The server's list plus what it no longer knows but the person still looks at: ephemeral notes. */
function merge(messages, before = []) {
  const known = new Set(messages.map((message) => message.id));
  const notes = before.filter(
    (message) => hasFlag(message, MessageFlag.ephemeral) && !known.has(message.id),
  );
  return [...messages, ...notes].sort((a, b) => compareIds(a.id, b.id));
}

function insert(list, message) {
  let index = list.length;
  while (index > 0 && compareIds(list[index - 1].id, message.id) > 0) index -= 1;
  list.splice(index, 0, message);
}

function byPosition(a, b) {
  return (a.position ?? 0) - (b.position ?? 0) || compareIds(a.id, b.id);
}

const EVENTS = {
  HELLO: (store, data) => store.reset(data),
  MESSAGE_CREATE: (store, data) => store.putMessage(data.message ?? data, { fresh: true }),
  MESSAGE_UPDATE: (store, data) => store.putMessage(data.message ?? data),
  MESSAGE_DELETE: (store, data) => store.removeMessage(data.channel_id, data.id),
  REACTION: (store, data) => store.putMessage(data.message),
  CHANNEL_CREATE: (store, data) => store.putChannel(data.channel ?? data),
  CHANNEL_UPDATE: (store, data) => store.putChannel(data.channel ?? data),
  CHANNEL_DELETE: (store, data) => store.removeChannel((data.channel ?? data).id),
  THREAD_CREATE: (store, data) => store.putChannel(data.channel ?? data),
  THREAD_UPDATE: (store, data) => store.putChannel(data.channel ?? data),
  THREAD_DELETE: (store, data) => store.removeChannel((data.channel ?? data).id),
  MEMBER_ADD: (store, data) => store.putMember(data.member ?? data),
  COMMANDS: (store, data) => store.setCommands(data.commands),
  TYPING: (store, data) => store.noteTyping(data.channel_id, data.user),
  BOT: (store, data) => store.setBotOnline(data.online),
};
