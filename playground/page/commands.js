/** The application's commands: finding them as one types, and reading one that was typed out. */

import { locale } from "./i18n.js";
import { showsCommand } from "./permissions.js";

/** Option types of Discord. */
export const OptionType = Object.freeze({
  subcommand: 1,
  group: 2,
  string: 3,
  integer: 4,
  boolean: 5,
  user: 6,
  channel: 7,
  role: 8,
  mentionable: 9,
  number: 10,
  attachment: 11,
});

/** Types of commands: typed after `/`, or chosen from the menu of a person or a message. */
export const CommandType = Object.freeze({ slash: 1, user: 2, message: 3 });

const YES = new Set(["true", "yes", "1", "예", "네", "참"]);
const NO = new Set(["false", "no", "0", "아니요", "아니오", "거짓"]);

/** The name of a command or option in the person's language. */
export function localName(thing) {
  return thing.name_localizations?.[locale()] ?? thing.name;
}

/** The description of a command, option or choice in the person's language. */
export function localDescription(thing) {
  return thing.description_localizations?.[locale()] ?? thing.description ?? "";
}

/**
 * Everything that can be typed after `/` in a place; sub-commands stand for themselves.
 *
 * @returns {{command: object, path: object[], options: object[], title: string, description: string}[]}
 */
export function entriesFor(store, channel) {
  const inGuild = channel.type !== 1;
  return store.commands
    .filter((command) => (command.type ?? 1) === CommandType.slash)
    .filter((command) => showsCommand(command, store.permissions, inGuild))
    .flatMap((command) => unfold(command, [command]))
    .sort((a, b) => a.title.localeCompare(b.title, locale()));
}

/** The commands of a message's or person's menu in a place. */
export function menuCommands(store, channel, type) {
  const inGuild = channel.type !== 1;
  return store.commands.filter(
    (command) => command.type === type && showsCommand(command, store.permissions, inGuild),
  );
}

function unfold(command, path) {
  const last = path.at(-1);
  const below = (last.options ?? []).filter(
    ({ type }) => type === OptionType.subcommand || type === OptionType.group,
  );
  if (below.length) return below.flatMap((part) => unfold(command, [...path, part]));
  return [
    {
      command,
      path,
      options: last.options ?? [],
      title: path.map(localName).join(" "),
      name: path.map((part) => part.name).join(" "),
      description: localDescription(last),
    },
  ];
}

/** The entries that fit what stands after `/`, the best first. */
export function filterEntries(entries, query) {
  const wanted = query.toLowerCase().replace(/\s+/g, " ");
  const rank = (entry) => Math.min(rankOf(entry.title, wanted), rankOf(entry.name, wanted));
  return entries
    .map((entry) => ({ entry, rank: rank(entry) }))
    .filter(({ rank: place }) => place < Infinity)
    .sort((a, b) => a.rank - b.rank)
    .map(({ entry }) => entry);
}

function rankOf(name, wanted) {
  const lower = name.toLowerCase();
  if (lower === wanted.trim()) return 0;
  if (lower.startsWith(wanted)) return 1;
  // "/docker ps -a": the command is complete and its text follows.
  if (wanted.startsWith(`${lower} `)) return 2;
  return wanted && lower.includes(wanted) ? 3 : Infinity;
}

/**
 * The command that a line spells out, with the rest of the line; null when there is none.
 *
 * @returns {{entry: object, rest: string} | null}
 */
export function spelledOut(entries, line) {
  const text = line.replace(/^\//, "");
  const names = entries.flatMap((entry) =>
    [entry.title, entry.name].map((name) => ({ entry, name })),
  );
  names.sort((a, b) => b.name.length - a.name.length);
  const lower = text.toLowerCase();
  const found = names.find(
    ({ name }) => lower === name.toLowerCase() || /^\s/.test(tail(lower, name)),
  );
  return found ? { entry: found.entry, rest: text.slice(found.name.length).trim() } : null;
}

function tail(text, name) {
  return text.startsWith(name.toLowerCase()) ? text.slice(name.length) : "";
}

/**
 * Reads options from text: `name:value name:value`, or just text for the first text option.
 *
 * @returns {Map<string, string>} raw text by option name
 */
export function rawOptions(options, rest) {
  const marks = options
    .flatMap((option) => [option.name, localName(option)].map((name) => ({ option, name })))
    .flatMap(({ option, name }) =>
      positions(rest, `${name}:`).map((at) => ({ option, at, end: at + name.length + 1 })),
    )
    .sort((a, b) => a.at - b.at)
    .filter((mark, index, all) => index === 0 || mark.at !== all[index - 1].at);
  const raw = new Map();
  if (!rest) return raw;
  if (!marks.length || marks[0].at > 0) {
    const first = firstTextOption(options);
    if (first) raw.set(first.name, rest);
    return raw;
  }
  marks.forEach(({ option, end }, index) =>
    raw.set(option.name, rest.slice(end, marks[index + 1]?.at).trim()),
  );
  return raw;
}

function positions(text, mark) {
  const found = [];
  for (let at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + 1)) {
    // `--name:x` is not an option called name: it has to begin a word.
    if (at === 0 || /\s/.test(text[at - 1])) found.push(at);
  }
  return found;
}

function firstTextOption(options) {
  const texts = options.filter(({ type }) => type === OptionType.string);
  return texts.find(({ required }) => required) ?? texts[0] ?? options[0];
}

/**
 * Turns the raw text of an option into the value Discord sends.
 *
 * @returns {{value: string | number | boolean} | {problem: string, values: object}} the problem is a key of i18n.js
 */
export function readOption(store, option, raw) {
  const text = raw.trim();
  if (option.choices?.length) return readChoice(option, text);
  if (option.type === OptionType.integer || option.type === OptionType.number)
    return readNumber(option, text);
  if (option.type === OptionType.boolean) return readBoolean(option, text);
  if (option.type === OptionType.string) return readText(option, text);
  const id =
    /^<[@#]?[!&]?(\d+)>$/.exec(text)?.[1] ?? (/^\d{5,}$/.test(text) ? text : idByName(store, text));
  return id ? { value: id } : problem("command.bad.choice", option);
}

function problem(key, option, values = {}) {
  return { problem: key, values: { name: localName(option), ...values } };
}

function readChoice(option, text) {
  const choice = option.choices.find((other) =>
    [other.name, localName(other), String(other.value)].includes(text),
  );
  return choice ? { value: choice.value } : problem("command.bad.choice", option);
}

function readNumber(option, text) {
  const value = Number(text);
  if (!text || !Number.isFinite(value)) return problem("command.bad.number", option);
  if (option.type === OptionType.integer && !Number.isSafeInteger(value))
    return problem("command.bad.integer", option);
  if (value < (option.min_value ?? -Infinity))
    return problem("command.bad.min", option, { min: option.min_value });
  if (value > (option.max_value ?? Infinity))
    return problem("command.bad.max", option, { max: option.max_value });
  return { value };
}

function readBoolean(option, text) {
  const lower = text.toLowerCase();
  if (YES.has(lower)) return { value: true };
  return NO.has(lower) ? { value: false } : problem("command.bad.choice", option);
}

function readText(option, text) {
  const { min_length: min = 0, max_length: max = 6000 } = option;
  if (text.length < min) return problem("command.bad.short", option, { min });
  if (text.length > max) return problem("command.bad.long", option, { max });
  return { value: text };
}

function idByName(store, text) {
  const name = text.replace(/^[@#]/, "").toLowerCase();
  const user = [...store.members.values()].find((member) =>
    [member.nick, member.user.global_name, member.user.username].some(
      (other) => other?.toLowerCase() === name,
    ),
  );
  const channel = [...store.channels.values()].find((other) => other.name?.toLowerCase() === name);
  const role = store.guild.roles.find(
    (other) => other.name.replace(/^@/, "").toLowerCase() === name,
  );
  return user?.user.id ?? channel?.id ?? role?.id ?? null;
}

/**
 * Nests option values below their sub-command, as Discord sends them.
 *
 * @param {object[]} path command, then group and sub-command
 * @param {object[]} values `{name, type, value, focused?}`
 */
export function nest(path, values) {
  return path.slice(1).reduceRight((options, { name, type }) => [{ name, type, options }], values);
}
