/** Reactions below a message, and choosing one. */

import { act } from "./api.js";
import { h } from "./dom.js";
import { t } from "./i18n.js";
import { noticeIfRefused } from "./notice.js";

const EMOJI = [
  "👍",
  "❤️",
  "😄",
  "🎉",
  "👀",
  "🙏",
  "✅",
  "❌",
  "🔥",
  "🤔",
  "😢",
  "🚀",
  "🐳",
  "💡",
  "👏",
  "💯",
];

/** The reactions of a message as buttons. */
export function reactionNodes(message) {
  return (message.reactions ?? []).map((reaction) => reactionButton(message, reaction));
}

function reactionButton(message, { emoji, count, me }) {
  const name = emoji.id ? `:${emoji.name}:` : emoji.name;
  return h(
    "button",
    {
      type: "button",
      class: "reaction",
      "aria-pressed": String(Boolean(me)),
      "aria-label": t("reaction.toggle", { emoji: name, count }),
      data: { key: `react-${emoji.id ?? name}` },
      on: { click: () => react(message, emoji, !me) },
    },
    h("span", { "aria-hidden": "true" }, name),
    h("span", { "aria-hidden": "true", class: "reaction-count" }, String(count)),
  );
}

function react(message, emoji, on) {
  const name = emoji.id ? `${emoji.name}:${emoji.id}` : emoji.name;
  return noticeIfRefused(
    act("react", { channel_id: message.channel_id, message_id: message.id, emoji: name, on }),
  );
}

/** Lets the person choose a reaction in a small dialog. */
export function pickReaction(message, returnTo) {
  const dialog = h("dialog", { class: "emoji-picker", "aria-label": t("reaction.pick") });
  dialog.append(
    ...EMOJI.map((name) => {
      const choose = () => {
        dialog.close();
        void react(message, { name }, true);
      };
      return h(
        "button",
        { type: "button", class: "emoji", "aria-label": name, on: { click: choose } },
        name,
      );
    }),
  );
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  dialog.addEventListener("close", () => {
    dialog.remove();
    returnTo?.focus({ preventScroll: true });
  });
  document.body.append(dialog);
  dialog.showModal();
}
