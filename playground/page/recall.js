/** What was sent before, as Up and Down bring it back. */

const KEPT = 100;

/** Remembers what was sent in each channel and walks through it. */
export class Recall {
  #sent = new Map();
  #steps = 0;
  #shown = null;

  constructor(store) {
    this.store = store;
  }

  /** Notes what was just sent. */
  note(channelId, text) {
    const list = this.#sent.get(channelId) ?? [];
    if (text && list.at(-1) !== text) list.push(text);
    this.#sent.set(channelId, list.slice(-KEPT));
    this.reset();
  }

  /** Forgets how far back one went. */
  reset() {
    this.#steps = 0;
    this.#shown = null;
  }

  /** True when `text` is empty or what was brought back last, unchanged: then Up and Down walk. */
  mayWalk(text) {
    return text === "" || text === this.#shown;
  }

  /** The text one step further back (1) or forward (-1); null when there is none. */
  walk(channelId, by) {
    const list = this.#listFor(channelId);
    const steps = this.#steps + by;
    if (steps < 0 || steps > list.length) return null;
    this.#steps = steps;
    this.#shown = steps === 0 ? "" : list.at(-steps);
    return this.#shown;
  }

  #listFor(channelId) {
    const own = this.store
      .messagesIn(channelId)
      .filter((message) => message.author.id === this.store.me.id && message.content)
      .map((message) => message.content);
    const here = this.#sent.get(channelId) ?? [];
    // What was sent before this visit comes from the channel itself.
    const earlier = own.slice(
      0,
      Math.max(0, own.length - here.filter((text) => !text.startsWith("/")).length),
    );
    return [...earlier, ...here];
  }
}
