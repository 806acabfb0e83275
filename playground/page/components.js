/** Components of messages: rows, buttons, selects, and the cards of Components V2. */

import { isPicture, fileCard } from "./attachments.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { failureSentence, interact } from "./interactions.js";
import { t } from "./i18n.js";
import { markdown } from "./markdown-view.js";
import { attachmentOf, covered, mediaUrl, pictureButton } from "./media.js";
import { cssColour } from "./names.js";
import { linkTo, placeOf } from "./router.js";
import { chosenValues, SELECTS, selectElement } from "./select.js";
import { beginsAnew } from "./settling.js";

const STYLES = { 1: "primary", 2: "secondary", 3: "success", 4: "danger", 5: "link", 6: "primary" };

// A bot registers the buttons of a message when Discord's answer arrives, a moment after the message
// itself did. A press in that moment would reach nobody, so it waits this long.
const SETTLE_MS = 100;

/**
 * What shows the components of a view's message.
 *
 * @param {import("./message.js").MessageView} view
 */
export function componentNodes(view) {
  const { components } = view.message;
  return (components ?? []).map((component) => draw(view, component)).filter(Boolean);
}

const DRAW = {
  1: (view, { components }) =>
    h(
      "div",
      { class: "action-row" },
      components.map((child) => draw(view, child)),
    ),
  2: button,
  9: section,
  10: ({ store }, { content }) => h("div", { class: "text-display" }, markdown(store, content)),
  11: thumbnail,
  12: gallery,
  13: file,
  14: (_view, { divider = true, spacing = 1 }) =>
    h("div", {
      class: `separator spacing-${spacing}${divider ? " divider" : ""}`,
      role: divider ? "separator" : null,
    }),
  17: container,
};

function draw(view, component) {
  if (SELECTS.has(component.type)) return selectMenu(view, component);
  return DRAW[component.type]?.(view, component) ?? null;
}

function button(view, component) {
  const content = [
    emojiNode(component.emoji),
    component.label ? h("span", { class: "button-label" }, component.label) : null,
  ];
  if (component.style === 5) return linkButton(component, content);
  const element = h(
    "button",
    {
      type: "button",
      class: `button button-${STYLES[component.style] ?? "secondary"}`,
      disabled: component.disabled,
      "aria-label": component.label ? null : component.emoji?.name,
      data: { key: component.custom_id },
    },
    content,
  );
  element.addEventListener("click", () => void press(view, element, component));
  return element;
}

function emojiNode(emoji) {
  if (!emoji) return null;
  return h(
    "span",
    { class: "button-emoji", "aria-hidden": "true" },
    emoji.id ? `:${emoji.name}:` : emoji.name,
  );
}

function linkButton({ url, disabled }, content) {
  if (disabled)
    return h(
      "button",
      { type: "button", class: "button button-link", disabled: true },
      content,
      icon("link"),
    );
  const place = placeOf(url);
  if (place)
    return h(
      "a",
      { class: "button button-link", href: linkTo(place.channelId, place.messageId) },
      content,
    );
  const safe = /^https?:\/\//i.test(url) ? url : null;
  return h(
    "a",
    { class: "button button-link", href: safe, target: "_blank", rel: "noopener noreferrer" },
    content,
    icon("link"),
  );
}

function selectMenu(view, component) {
  const name = component.placeholder || t("select.placeholder");
  const select = selectElement(view.store, component, name);
  if (select.multiple) return manySelect(view, component, select);
  const box = h("div", { class: "select-box" }, select);
  select.addEventListener("change", () => {
    // An edit empties it, so that the same can be chosen again.
    beginsAnew(box);
    void press(view, select, component, chosenValues(select));
  });
  return box;
}

function manySelect(view, component, select) {
  const { min_values: min = 1, max_values: max = 1, placeholder } = component;
  const range = min === max ? t("select.exact", { min }) : t("select.range", { min, max });
  const done = h(
    "button",
    { type: "button", class: "button button-primary", disabled: true },
    t("select.done"),
  );
  const check = () => {
    const count = chosenValues(select).length;
    done.disabled = component.disabled || count < min || count > max;
  };
  select.addEventListener("change", check);
  done.addEventListener(
    "click",
    () => void press(view, select, component, chosenValues(select)),
  );
  return h(
    "div",
    { class: "select-box many" },
    h(
      "p",
      { class: "select-title", "aria-hidden": "true" },
      placeholder ? `${placeholder} · ${range}` : range,
    ),
    select,
    done,
  );
}

async function press(view, element, component, values) {
  if (element.getAttribute("aria-disabled") === "true") return;
  setPending(element, true);
  try {
    await settled(view);
    await interact("component", {
      channel_id: view.message.channel_id,
      message_id: view.message.id,
      custom_id: component.custom_id,
      component_type: component.type,
      ...(values ? { values } : {}),
    });
  } catch (error) {
    view.showFailure(failureSentence(error));
  } finally {
    setPending(element, false);
  }
}

function settled({ arrived }) {
  const left = SETTLE_MS - (performance.now() - arrived);
  return left > 0 ? new Promise((resolve) => setTimeout(resolve, left)) : null;
}

function setPending(element, pending) {
  // Not `disabled`: that would take the keyboard's focus away from the button.
  element.classList.toggle("pending", pending);
  if (pending) element.setAttribute("aria-disabled", "true");
  else element.removeAttribute("aria-disabled");
}

function section(view, { components, accessory }) {
  return h(
    "div",
    { class: "section" },
    h(
      "div",
      { class: "section-text" },
      components.map((child) => draw(view, child)),
    ),
    accessory ? h("div", { class: "section-accessory" }, draw(view, accessory)) : null,
  );
}

function thumbnail({ message }, { media, description, spoiler }) {
  const name = description || attachmentOf(message, media.url)?.filename || "thumbnail";
  return h(
    "div",
    { class: "thumbnail" },
    pictureButton({ url: mediaUrl(message, media), name, spoiler }),
  );
}

function gallery({ message }, { items }) {
  return h(
    "div",
    { class: `pictures pictures-${Math.min(items.length, 4)}` },
    items.map(({ media, description, spoiler }) =>
      pictureButton({
        url: mediaUrl(message, media),
        name: description || attachmentOf(message, media.url)?.filename || "image",
        width: media.width,
        height: media.height,
        spoiler,
      }),
    ),
  );
}

function file({ message }, { file: media, name, size, spoiler }) {
  const attachment = attachmentOf(message, media.url) ?? {
    url: media.url,
    filename: name ?? media.url.split("/").at(-1).split("?")[0],
    size: size ?? 0,
    content_type: media.content_type,
  };
  const card = isPicture(attachment)
    ? fileCard({ ...attachment, content_type: "application/octet-stream" })
    : fileCard(attachment, { folded: true });
  return spoiler ? covered(card) : card;
}

function container(view, { components, accent_color: accent, spoiler }) {
  const coloured = accent !== undefined && accent !== null;
  const box = h(
    "div",
    {
      class: coloured ? "container accented" : "container",
      vars: coloured ? { "--accent-line": cssColour(accent) } : {},
    },
    components.map((child) => draw(view, child)),
  );
  return spoiler ? covered(box) : box;
}
