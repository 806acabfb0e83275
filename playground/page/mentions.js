/** Mentions as one writes them (`@name`) and as Discord sends them (`<@id>`). */

import { nameOf } from "./names.js";

const BEFORE_CARET = /(?:^|\s)@([^\s@]*)$/;
const SHOWN = 8;

/**
 * People to suggest for the `@…` right before the caret; null when there is none.
 *
 * @returns {{people: object[], start: number} | null}
 */
export function peopleAt(store, text, caret) {
  const match = BEFORE_CARET.exec(text.slice(0, caret));
  if (!match) return null;
  const wanted = match[1].toLowerCase();
  const people = [...store.members.values()]
    .map(({ user }) => user)
    .filter((user) =>
      [nameOf(store, user), user.username].some((name) => name.toLowerCase().includes(wanted)),
    )
    .slice(0, SHOWN);
  return { people, start: caret - match[1].length - 1 };
}

/** `@name` of known people → `<@id>`; only where a word begins, so that addresses stay as they are. */
export function withMentions(store, text) {
  if (!text.includes("@")) return text;
  const names = [...store.members.values()]
    .flatMap(({ user }) =>
      [nameOf(store, user), user.username].map((name) => ({ name, id: user.id })),
    )
    .sort((a, b) => b.name.length - a.name.length);
  return text.replace(/(^|\s)@(\S[^\n]*)/g, (all, space, rest) => {
    const found = names.find(({ name }) => startsWithName(rest, name));
    return found
      ? `${space}<@${found.id}>${withMentions(store, rest.slice(found.name.length))}`
      : all;
  });
}

function startsWithName(text, name) {
  const next = text[name.length] ?? " ";
  return text.toLowerCase().startsWith(name.toLowerCase()) && !/[\p{L}\p{N}_]/u.test(next);
}

/** `<@id>` → `@name`, for editing and recalling what was sent. */
export function readableMentions(store, text) {
  return text.replace(/<@!?(\d+)>/g, (mark, id) => {
    const member = store.members.get(id);
    return member ? `@${nameOf(store, member.user)}` : mark;
  });
}
