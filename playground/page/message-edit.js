/** Editing one's own message in its place. */

import { act } from "./api.js";
import { h, isComposing } from "./dom.js";
import { t } from "./i18n.js";
import { readableMentions, withMentions } from "./mentions.js";
import { noticeIfRefused } from "./notice.js";

/** Turns a message's text into a box until it is saved or left. */
export function editMessage(store, view) {
  if (view.element.querySelector(".edit-box")) return;
  const field = h("textarea", {
    class: "field",
    rows: 1,
    "aria-label": t("edit.label"),
    value: readableMentions(store, view.message.content),
  });
  const leave = () => {
    box.remove();
    view.element.classList.remove("editing");
    view.element.focus({ preventScroll: true });
  };
  const save = async () => {
    const content = withMentions(store, field.value.trim());
    if (content && (await saved(view.message, content))) leave();
  };
  field.addEventListener("keydown", (event) => onKey(event, { leave, save }));
  field.addEventListener("input", () => fit(field));
  const box = h("div", { class: "edit-box" }, field, foot({ leave, save }));
  view.element.classList.add("editing");
  view.body.append(box);
  fit(field);
  field.focus();
  field.setSelectionRange(field.value.length, field.value.length);
}

async function saved(message, content) {
  if (content === message.content) return true;
  const body = { channel_id: message.channel_id, message_id: message.id, content };
  return noticeIfRefused(act("edit", body));
}

function onKey(event, { leave, save }) {
  if (isComposing(event)) return;
  if (event.key === "Escape") leave();
  else if (event.key === "Enter" && !event.shiftKey) void save();
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function foot({ leave, save }) {
  const button = (text, click) =>
    h("button", { type: "button", class: "text-button", on: { click } }, text);
  return h(
    "p",
    { class: "edit-foot" },
    h("span", {}, t("edit.hint")),
    button(t("cancel"), leave),
    button(t("edit.save"), () => void save()),
  );
}

function fit(field) {
  field.style.setProperty("height", "auto");
  field.style.setProperty("height", `${field.scrollHeight + 2}px`);
}
