/** What is on its way or could not be sent, below the messages of a channel. */

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { t } from "./i18n.js";
import { markdown } from "./markdown-view.js";
import { avatar, nameOf } from "./names.js";

/** The rows for a channel's outbox. */
export function outboxRows(store, outbox, channelId) {
  return outbox
    .itemsIn(channelId)
    .map((item) =>
      item.kind === "message" ? messageRow(store, outbox, item) : commandRow(store, outbox, item),
    );
}

function messageRow(store, outbox, item) {
  return row(store, item, [
    h("div", { class: "message-text" }, markdown(store, item.content)),
    item.files.map((file) => h("p", { class: "outbox-file" }, icon("file"), file.name)),
    item.state === "failed" ? failed(outbox, item) : null,
  ]);
}

function commandRow(store, outbox, item) {
  const text =
    item.state === "failed"
      ? null
      : h("p", { class: "thinking" }, t("command.sending", { command: item.content }));
  return row(store, item, [
    text,
    item.state === "failed"
      ? [h("p", { class: "mention command-echo" }, item.content), failed(outbox, item)]
      : null,
  ]);
}

function row(store, item, children) {
  const name = nameOf(store, store.me);
  return h(
    "article",
    {
      class: `message outbox ${item.state}`,
      "aria-label": `${name}: ${item.content}`,
      "aria-busy": String(item.state === "sending"),
    },
    h(
      "div",
      { class: "message-body" },
      h(
        "div",
        { class: "part" },
        avatar(store, store.me),
        h("div", { class: "message-meta" }, h("span", { class: "author" }, name)),
      ),
      children,
    ),
  );
}

function failed(outbox, item) {
  return h(
    "p",
    { class: "send-failed", role: "alert" },
    icon("warn"),
    h("span", {}, item.error),
    h(
      "button",
      { type: "button", class: "text-button", on: { click: () => void outbox.retry(item) } },
      t("message.retry"),
    ),
    h(
      "button",
      { type: "button", class: "text-button", on: { click: () => outbox.discard(item) } },
      t("message.discard"),
    ),
  );
}
