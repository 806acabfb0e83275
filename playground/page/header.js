/** The bar above the messages, and the bars that say when something is not there. */

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { t } from "./i18n.js";
import { channelIcon, channelName, nameOf } from "./names.js";
import { linkTo } from "./router.js";
import { ChannelType, isThread } from "./store.js";

/** Where one is. */
export class Header {
  #channelId = null;

  constructor(store, { onMenu }) {
    this.store = store;
    this.menu = h(
      "button",
      {
        type: "button",
        class: "icon-button menu-button",
        "aria-controls": "sidebar",
        on: { click: onMenu },
      },
      icon("menu"),
    );
    this.title = h("div", { class: "head-title" });
    this.element = h("header", { class: "head" }, this.menu, this.title);
    for (const event of ["channels", "unread"]) store.on(event, () => this.draw());
  }

  open(channelId) {
    this.#channelId = channelId;
    this.draw();
  }

  draw() {
    const { store } = this;
    const channel = store.channels.get(this.#channelId);
    if (!channel) return;
    this.menu.setAttribute("aria-label", t("sidebar.open"));
    const parent = isThread(channel) ? store.channels.get(channel.parent_id) : null;
    const name = channelName(store, channel);
    this.title.replaceChildren(
      ...[
        parent &&
          h("a", { class: "head-parent", href: linkTo(parent.id) }, icon("hash"), parent.name),
        parent && h("span", { class: "head-sep", "aria-hidden": "true" }, "›"),
        icon(channelIcon(channel)),
        h("h1", {}, name),
        h(
          "p",
          { class: "head-topic" },
          channel.topic ?? (channel.type === ChannelType.direct ? t("log.direct") : ""),
        ),
      ].filter(Boolean),
    );
    this.#nameTab(name);
  }

  #nameTab(name) {
    const others = [...this.store.channels.keys()].filter((id) => id !== this.#channelId);
    const unread = others.reduce((sum, id) => sum + this.store.unreadIn(id), 0);
    document.title = `${unread ? `(${unread}) ` : ""}${name} · ${t("page.title")}`;
    this.menu.classList.toggle("has-unread", unread > 0);
  }
}

/** Says that the connection is lost, or that the bot is not there. */
export class Banners {
  #state = "first";

  constructor(store, { onRetry }) {
    this.store = store;
    this.onRetry = onRetry;
    this.element = h("div", { class: "banners", role: "status" });
    store.on("bot", () => this.draw());
    this.draw();
  }

  setConnection(state) {
    this.#state = state === "lost" && this.#state === "first" ? "first" : state;
    this.draw();
  }

  draw() {
    this.element.replaceChildren(...[this.#connection(), this.#bot()].filter(Boolean));
  }

  #connection() {
    if (this.#state === "open") return null;
    const text = t(`connection.${this.#state}`);
    const retry = h(
      "button",
      { type: "button", class: "text-button", on: { click: () => this.onRetry() } },
      t("connection.retry"),
    );
    return h(
      "div",
      { class: "banner warn" },
      icon("warn"),
      h("span", {}, text),
      this.#state === "lost" ? retry : null,
    );
  }

  #bot() {
    if (this.#state !== "open" || this.store.botOnline) return null;
    return h(
      "div",
      { class: "banner" },
      icon("moon"),
      h("span", {}, t("bot.offline", { name: nameOf(this.store, this.store.bot) })),
    );
  }
}

/** Who is typing, below the messages. */
export class TypingLine {
  #channelId = null;

  constructor(store) {
    this.store = store;
    this.element = h("div", { class: "typing" });
    store.on("typing", ({ channelId }) => channelId === this.#channelId && this.draw());
  }

  open(channelId) {
    this.#channelId = channelId;
    this.draw();
  }

  draw() {
    const names = this.store.typingIn(this.#channelId).map((user) => nameOf(this.store, user));
    const key =
      { 0: null, 1: "typing.one", 2: "typing.two" }[names.length] ??
      (names.length ? "typing.many" : null);
    const dots = h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i"));
    this.element.replaceChildren(...(key ? [dots, t(key, { a: names[0], b: names[1] })] : []));
  }
}
