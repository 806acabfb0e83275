/** Select menus of messages and dialogs, as the browser's own `select` with rich options. */

import { h } from "./dom.js";
import { t } from "./i18n.js";
import { channelName, nameOf } from "./names.js";
import { isThread } from "./store.js";

/** Component types of Discord's selects. */
export const SELECTS = new Set([3, 5, 6, 7, 8]);

// Where the browser can't style options, the description becomes part of the option's text.
const RICH = CSS.supports("appearance", "base-select");

/**
 * The options of a select: its own ones, or people, roles and channels of the guild.
 *
 * @returns {{value: string, label: string, description?: string, emoji?: string, chosen?: boolean}[]}
 */
function optionsOf(store, component) {
  if (component.type === 3) return component.options.map(stringOption);
  const chosen = new Set((component.default_values ?? []).map(({ id }) => id));
  return SOURCES[component.type](store, component).map((option) => ({
    ...option,
    chosen: chosen.has(option.value),
  }));
}

function stringOption({ value, label, description, emoji, default: chosen }) {
  return { value, label, description, emoji: emoji && !emoji.id ? emoji.name : undefined, chosen };
}

const SOURCES = {
  5: (store) => userOptions(store),
  6: (store) => roleOptions(store),
  7: (store) => [...userOptions(store), ...roleOptions(store)],
  8: (store, component) => channelOptions(store, component.channel_types),
};

/** Everybody who can be chosen where a user is asked for. */
export function userOptions(store) {
  return [...store.members.values()].map(({ user }) => ({
    value: user.id,
    label: nameOf(store, user),
    description: nameOf(store, user) === user.username ? undefined : user.username,
  }));
}

/** Every role that can be chosen. */
export function roleOptions(store) {
  return store.guild.roles.map(({ id, name }) => ({
    value: id,
    label: name.startsWith("@") ? name : `@${name}`,
  }));
}

/** Every channel and thread that can be chosen, of some types if these are given. */
export function channelOptions(store, types) {
  return [...store.channels.values()]
    .filter((channel) => channel.type !== 1 && (!types?.length || types.includes(channel.type)))
    .map((channel) => ({
      value: channel.id,
      label: `${isThread(channel) ? "" : "#"}${channelName(store, channel)}`,
    }));
}

/**
 * A `select` element for a component. A single choice starts with the placeholder as its empty option.
 *
 * @param {import("./store.js").Store} store
 * @param {object} component
 * @param {string} name its accessible name
 */
export function selectElement(store, component, name) {
  const many = (component.max_values ?? 1) > 1;
  const options = optionsOf(store, component);
  const placeholder = component.placeholder || t("select.placeholder");
  const select = h(
    "select",
    {
      class: many ? "select select-many" : "select",
      "aria-label": name,
      multiple: many,
      size: many ? Math.min(Math.max(options.length, 2), 6) : null,
      disabled: component.disabled,
      data: { key: component.custom_id },
    },
    many
      ? null
      : h(
          "option",
          {
            value: "",
            class: "placeholder",
            disabled: (component.min_values ?? 1) > 0,
            hidden: true,
          },
          placeholder,
        ),
    options.map(optionElement),
  );
  if (!many && !options.some((option) => option.chosen)) select.value = "";
  if (many) toggleOnPress(select);
  return select;
}

function optionElement({ value, label, description, emoji, chosen }) {
  const text = RICH || !description ? label : `${label} — ${description}`;
  const prefix = emoji && !RICH ? `${emoji} ` : "";
  return h(
    "option",
    {
      value,
      selected: Boolean(chosen),
      "aria-label": label,
      data: { emoji: emoji ?? "", description: description ?? "" },
    },
    prefix + text,
  );
}

/** Lets a press take an option in or out; the browser's own way would ask for the Ctrl key. */
function toggleOnPress(select) {
  select.addEventListener("mousedown", (event) => {
    const option = event.target.closest?.("option");
    if (!option || select.disabled) return;
    event.preventDefault();
    const top = select.scrollTop;
    option.selected = !option.selected;
    select.focus();
    // Focusing scrolls to the first chosen option in some browsers.
    select.scrollTop = top;
    select.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

/** What is chosen now. */
export function chosenValues(select) {
  return [...select.selectedOptions].map((option) => option.value).filter(Boolean);
}
