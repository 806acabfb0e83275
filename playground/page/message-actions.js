/** What can be done with a message: the small bar on the one pointed at, and its menu. */

import { act } from "./api.js";
import { copyText } from "./clipboard.js";
import { CommandType, localName, menuCommands } from "./commands.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { t } from "./i18n.js";
import { openMenu } from "./menu.js";
import { editMessage } from "./message-edit.js";
import { isSystem, sourceText } from "./message.js";
import { noticeIfRefused } from "./notice.js";
import { mayModerate } from "./permissions.js";
import { pickReaction } from "./reactions.js";
import { hasFlag, MessageFlag } from "./store.js";
import { wish } from "./wishes.js";

const LONG_PRESS_MS = 500;

/**
 * One bar for the whole log, which moves to the message that is pointed at or has the focus:
 * five hundred messages then need no two thousand buttons.
 */
export class MessageActions {
  #view = null;

  constructor(store, log) {
    this.store = store;
    this.log = log;
    this.bar = h("div", { class: "message-bar", role: "toolbar" });
    const { list } = log;
    list.addEventListener(
      "pointerover",
      (event) => event.pointerType === "mouse" && this.#moveTo(event.target),
    );
    list.addEventListener("focusin", (event) => this.#moveTo(event.target));
    log.box.addEventListener("pointerleave", () => this.#leave());
    list.addEventListener("contextmenu", (event) => this.#onContextMenu(event));
    log.box.addEventListener("keydown", (event) => this.#onKey(event));
    this.#openOnLongPress(list);
  }

  #moveTo(target) {
    const message = this.log.messageAt(target);
    const view = message ? this.log.viewOf(message.id) : null;
    if (!view || isSystem(message) || view === this.#view) return;
    this.#view = view;
    this.bar.setAttribute("aria-label", t("message.actions"));
    this.bar.replaceChildren(...this.#buttons(view));
    view.element.append(this.bar);
  }

  #leave() {
    if (this.bar.contains(document.activeElement)) return;
    this.bar.remove();
    this.#view = null;
  }

  #buttons(view) {
    const { message } = view;
    const own = this.#canEdit(message);
    return [
      this.#isShared(message) &&
        button("smile", "action.react", (event) => pickReaction(message, event.currentTarget)),
      this.#isShared(message) && button("reply", "action.reply", () => wish("reply", message)),
      own && button("edit", "action.edit", () => editMessage(this.store, view)),
      button("more", "action.more", (event) => this.#openMenu(view, event.currentTarget)),
    ].filter(Boolean);
  }

  #openMenu(view, at) {
    openMenu({ items: this.#items(view), at, label: t("message.actions") });
  }

  #items(view) {
    const { message } = view;
    const shared = this.#isShared(message);
    const commands = shared
      ? menuCommands(this.store, this.store.channels.get(message.channel_id), CommandType.message)
      : [];
    return [
      shared && {
        icon: "smile",
        label: t("action.react"),
        run: () => pickReaction(message, view.element),
      },
      shared && { icon: "reply", label: t("action.reply"), run: () => wish("reply", message) },
      sourceText(message) && {
        icon: "copy",
        label: t("action.copy"),
        run: () => void copyText(sourceText(message)),
      },
      this.#canEdit(message) && {
        icon: "edit",
        label: t("action.edit"),
        run: () => editMessage(this.store, view),
      },
      this.#canDelete(message) && {
        icon: "trash",
        label: t("action.delete"),
        danger: true,
        run: () => void this.#delete(message),
      },
      commands.length > 0 && { title: t("action.apps") },
      ...commands.map((command) => ({
        icon: "apps",
        label: localName(command),
        run: () => wish("run", { command, targetId: message.id }),
      })),
    ].filter(Boolean);
  }

  #isShared(message) {
    return !hasFlag(message, MessageFlag.ephemeral) && !hasFlag(message, MessageFlag.loading);
  }

  #canEdit(message) {
    return message.author.id === this.store.me.id;
  }

  #canDelete(message) {
    return (
      this.#isShared(message) && (this.#canEdit(message) || mayModerate(this.store.permissions))
    );
  }

  #delete(message) {
    return noticeIfRefused(
      act("delete", { channel_id: message.channel_id, message_id: message.id }),
    );
  }

  #onContextMenu(event) {
    // Text that was selected, links and pictures keep the browser's own menu.
    if (event.target.closest("a, img, textarea, input") || String(getSelection())) return;
    const message = this.log.messageAt(event.target);
    if (!message || isSystem(message)) return;
    event.preventDefault();
    this.#openMenu(this.log.viewOf(message.id), { x: event.clientX, y: event.clientY });
  }

  #openOnLongPress(list) {
    let timer = 0;
    const stop = () => clearTimeout(timer);
    list.addEventListener("pointerdown", (event) => {
      stop();
      if (event.pointerType !== "touch" || event.target.closest("button, a, select, input, pre"))
        return;
      const message = this.log.messageAt(event.target);
      const at = { x: event.clientX, y: event.clientY };
      if (message && !isSystem(message))
        timer = setTimeout(() => this.#openMenu(this.log.viewOf(message.id), at), LONG_PRESS_MS);
    });
    for (const type of ["pointerup", "pointercancel", "pointermove", "scroll"])
      list.addEventListener(type, stop, { passive: true });
  }

  #onKey(event) {
    const article = document.activeElement?.closest?.("article[data-id]");
    const onArticle = article === document.activeElement;
    if (!onArticle && document.activeElement !== this.log.box) return;
    if (event.key === "ArrowUp" || event.key === "ArrowDown") {
      event.preventDefault();
      this.log.step(article, event.key === "ArrowUp" ? -1 : 1);
    } else if (onArticle && (event.key === "ContextMenu" || event.key === "Enter")) {
      event.preventDefault();
      const message = this.log.messageAt(article);
      if (message && !isSystem(message)) this.#openMenu(this.log.viewOf(message.id), article);
    }
  }
}

function button(name, key, onClick) {
  return h(
    "button",
    {
      type: "button",
      class: "icon-button",
      "aria-label": t(key),
      title: t(key),
      on: { click: onClick },
    },
    icon(name),
  );
}
