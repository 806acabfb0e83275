/** The left side: channels with their threads, the direct message, people, and oneself. */

import { act } from "./api.js";
import { CommandType, localName, menuCommands } from "./commands.js";
import { h, hiddenText } from "./dom.js";
import { addressFor } from "./identity.js";
import { icon } from "./icons.js";
import { t } from "./i18n.js";
import { openMenu } from "./menu.js";
import { avatar, channelIcon, channelName, nameOf, roleColour } from "./names.js";
import { noticeIfRefused } from "./notice.js";
import { mayDo } from "./permissions.js";
import { goTo, linkTo } from "./router.js";
import { isThread } from "./store.js";
import { wish } from "./wishes.js";

const MANAGE_SERVER = 1n << 5n;

/** Draws the side bar; on a narrow screen it slides in. */
export class Sidebar {
  #openId = null;

  constructor(store, { settings }) {
    this.store = store;
    this.settings = settings;
    this.head = h("div", { class: "side-head" });
    this.body = h("div", { class: "side-body" });
    this.foot = h("div", { class: "side-foot" });
    this.nav = h("nav", { class: "sidebar", id: "sidebar" }, this.head, this.body, this.foot);
    this.backdrop = h("div", { class: "backdrop", on: { click: () => this.hide() } });
    this.element = [this.nav, this.backdrop];
    for (const event of ["channels", "unread", "people", "bot"]) store.on(event, () => this.draw());
    this.nav.addEventListener("keydown", (event) => event.key === "Escape" && this.hide());
    this.narrow = matchMedia("(max-width: 760px)");
    this.narrow.addEventListener("change", () => this.hide());
    this.hide();
  }

  /** Marks the channel that is shown. */
  open(channelId) {
    this.#openId = channelId;
    this.hide();
    this.draw();
  }

  show() {
    document.documentElement.classList.add("side-open");
    this.nav.inert = false;
    (this.body.querySelector("[aria-current]") ?? this.body.querySelector("a"))?.focus();
  }

  hide() {
    document.documentElement.classList.remove("side-open");
    this.nav.inert = this.narrow.matches;
  }

  draw() {
    if (!this.store.me) return;
    const focused = this.nav.contains(document.activeElement)
      ? document.activeElement.dataset.key
      : null;
    this.nav.setAttribute("aria-label", t("sidebar.label"));
    swap(this.head, this.#headNodes());
    swap(this.body, [this.#channels(), this.#direct(), this.#people()]);
    swap(this.foot, this.#footNodes());
    if (focused)
      this.nav.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  }

  #headNodes() {
    return [
      h("span", { class: "brand-mark", "aria-hidden": "true" }),
      h(
        "div",
        { class: "brand" },
        h("b", {}, this.store.guild.name),
        h("span", { class: "practice-tag" }, t("page.practice")),
      ),
      h(
        "button",
        {
          type: "button",
          class: "icon-button side-close",
          "aria-label": t("sidebar.close"),
          on: { click: () => this.hide() },
        },
        icon("close"),
      ),
    ];
  }

  #channels() {
    const rows = this.store.textChannels().map((channel) => {
      const threads = this.store
        .threadsOf(channel.id)
        .filter((thread) => !thread.thread_metadata?.archived || thread.id === this.#openId);
      return h(
        "li",
        {},
        this.#link(channel),
        threads.length
          ? h(
              "ul",
              { class: "threads" },
              threads.map((thread) => h("li", {}, this.#link(thread))),
            )
          : null,
      );
    });
    return section(t("sidebar.channels"), h("ul", {}, rows));
  }

  #direct() {
    const channel = this.store.directChannel();
    const row = channel ? this.#link(channel) : this.#newDirect();
    return section(t("sidebar.direct"), h("ul", {}, h("li", {}, row)));
  }

  #link(channel) {
    const unread = channel.id === this.#openId ? 0 : this.store.unreadIn(channel.id);
    const name = channelName(this.store, channel);
    return h(
      "a",
      {
        class: unread ? "side-link unread" : "side-link",
        href: linkTo(channel.id),
        "aria-label": name,
        "aria-current": channel.id === this.#openId ? "page" : null,
        "aria-description": unread ? t("sidebar.unread", { count: unread }) : null,
        title: channel.thread_metadata?.archived ? `${name} (${t("sidebar.archived")})` : name,
        data: { key: `channel-${channel.id}` },
        on: { click: () => this.hide() },
      },
      isThread(channel) || channel.type !== 1
        ? icon(channelIcon(channel))
        : this.#person(this.store.bot),
      h("span", { class: "side-name" }, name),
      unread
        ? h("span", { class: "badge", "aria-hidden": "true" }, unread > 99 ? "99+" : String(unread))
        : null,
    );
  }

  #newDirect() {
    const { bot } = this.store;
    if (!bot) return null;
    const open = async (event) => {
      event.preventDefault();
      await noticeIfRefused(
        act("open_dm", {}).then((channel) => {
          this.store.putChannel(channel);
          goTo(channel.id);
        }),
      );
    };
    return h(
      "a",
      { class: "side-link", href: "#/direct", data: { key: "direct" }, on: { click: open } },
      this.#person(bot),
      h("span", { class: "side-name" }, nameOf(this.store, bot)),
    );
  }

  #person(user) {
    return h(
      "span",
      { class: "presence-box", "aria-hidden": "true" },
      avatar(this.store, user, "small"),
      user?.bot ? h("span", { class: this.store.botOnline ? "presence on" : "presence" }) : null,
    );
  }

  #people() {
    const members = [...this.store.members.values()].sort((a, b) =>
      nameOf(this.store, a.user).localeCompare(nameOf(this.store, b.user)),
    );
    const rows = members.map(({ user }) => h("li", {}, this.#personButton(user)));
    return section(t("sidebar.people"), h("ul", { class: "people" }, rows));
  }

  #personButton(user) {
    const name = nameOf(this.store, user);
    const colour = roleColour(this.store, user.id);
    const state = user.bot ? t(this.store.botOnline ? "person.online" : "person.offline") : null;
    return h(
      "button",
      {
        type: "button",
        class: "side-link",
        "aria-haspopup": "menu",
        data: { key: `person-${user.id}` },
        on: { click: (event) => this.#openPersonMenu(user, event.currentTarget) },
      },
      this.#person(user),
      h("span", { class: "side-name", vars: colour ? { "--role": colour } : {} }, name),
      user.id === this.store.me.id ? h("span", { class: "side-note" }, t("person.you")) : null,
      user.bot ? h("span", { class: "tag" }, t("tag.app")) : null,
      state ? hiddenText(state) : null,
    );
  }

  #openPersonMenu(user, at) {
    const name = nameOf(this.store, user);
    const channel = this.store.channels.get(this.#openId);
    const commands = channel ? menuCommands(this.store, channel, CommandType.user) : [];
    const other = !user.bot && user.id !== this.store.me.id;
    const items = [
      { icon: "reply", label: t("person.mention"), run: () => this.#mention(user) },
      other && {
        icon: "link",
        label: t("person.open", { name }),
        run: () => window.open(addressFor(user.username), "_blank", "noopener"),
      },
      commands.length > 0 && { title: t("action.apps") },
      ...commands.map((command) => ({
        icon: "apps",
        label: localName(command),
        run: () => wish("run", { command, targetId: user.id }),
      })),
    ];
    openMenu({ items: items.filter(Boolean), at, label: t("person.menu", { name }) });
  }

  #mention(user) {
    this.hide();
    wish("mention", user);
  }

  #footNodes() {
    const { store } = this;
    const manager = mayDo(store.permissions, MANAGE_SERVER);
    return [
      h(
        "div",
        { class: "me" },
        avatar(store, store.me, "small"),
        h(
          "div",
          { class: "me-name" },
          h("b", {}, nameOf(store, store.me)),
          manager ? h("span", { class: "side-note" }, t("person.manager")) : null,
        ),
        this.settings.buttons(),
      ),
      h("p", { class: "practice-note" }, t("page.practice.note")),
    ];
  }
}

function section(title, content) {
  return h("section", { class: "side-section" }, h("h2", {}, title), content);
}

/** Replaces what changed and nothing else: a row must not vanish between press and release. */
function swap(parent, nodes) {
  nodes.forEach((node, index) => {
    const old = parent.children[index];
    if (!old) parent.append(node);
    else if (!old.isEqualNode(node)) old.replaceWith(node);
  });
}
