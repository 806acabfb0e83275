/** Names, colours and pictures of people, roles and channels. */

import { h } from "./dom.js";
import { t } from "./i18n.js";
import { ChannelType, isThread } from "./store.js";
import { idNumber } from "./snowflake.js";
import { localUrl } from "./media.js";

const HUES = 8;

/** What a person is called in this guild. */
export function nameOf(store, user) {
  if (!user) return t("mention.unknown");
  const nick = store.members.get(user.id)?.nick;
  return nick || user.global_name || user.username || t("mention.unknown");
}

/** What a channel is called: its own name, or the other person's for a direct message. */
export function channelName(store, channel) {
  if (channel?.type === ChannelType.direct) {
    const other = channel.recipients?.find((user) => user.id !== store.me.id) ?? store.bot;
    return nameOf(store, other);
  }
  return channel?.name ?? t("mention.channel.unknown");
}

/** The icon that stands before a channel's name. */
export function channelIcon(channel) {
  if (channel?.type === ChannelType.direct) return "direct";
  return isThread(channel) ? "thread" : "hash";
}

/** The colour of a member's highest coloured role as CSS, or null. */
export function roleColour(store, userId) {
  const held = new Set(store.members.get(userId)?.roles ?? []);
  const coloured = store.guild.roles
    .filter((role) => held.has(role.id) && role.color)
    .sort((a, b) => b.position - a.position);
  return coloured.length ? cssColour(coloured[0].color) : null;
}

/** Discord's colour number as CSS. */
export function cssColour(number) {
  return `#${Math.max(0, Number(number) & 0xffffff)
    .toString(16)
    .padStart(6, "0")}`;
}

/** A person's picture: their own if they have one, else initials on a colour of theirs. */
export function avatar(store, user, size = "medium") {
  const hue = user ? idNumber(user.id) % HUES : 0;
  const classes = `avatar avatar-${size} hue-${hue}`;
  if (user?.avatar) return picture(user, classes);
  if (user?.bot && user.id === store.bot?.id)
    return h("span", { class: `${classes} avatar-docent`, "aria-hidden": "true" });
  return h("span", { class: classes, "aria-hidden": "true" }, initials(nameOf(store, user)));
}

function picture(user, classes) {
  const source = localUrl(`/cdn/avatars/${user.id}/${user.avatar}.png`);
  return h("span", { class: classes, "aria-hidden": "true" }, h("img", { src: source, alt: "" }));
}

function initials(name) {
  const letters = [...name.trim()];
  // One Hangul syllable says as much as two Latin letters.
  if (/[\u3131-\ud7a3]/.test(letters[0] ?? "")) return letters[0];
  const words = name.split(/[\s._-]+/).filter(Boolean);
  const two = words.length > 1 ? words[0][0] + words[1][0] : letters.slice(0, 2).join("");
  return two.toUpperCase();
}
