/** What this person may do, as far as the page has to know to show or hide things. */

import { hasBits } from "./snowflake.js";

const ADMINISTRATOR = 1n << 3n;
const MANAGE_MESSAGES = 1n << 13n;
const IN_GUILD = 0;
const IN_BOT_DM = 1;

/** True when the person holds every wanted permission; an administrator holds all. */
export function mayDo(held, wanted) {
  return hasBits(held, ADMINISTRATOR) || hasBits(held, wanted);
}

/** True when the person may delete messages of others in a channel. */
export function mayModerate(held) {
  return mayDo(held, MANAGE_MESSAGES);
}

/**
 * True when a command shows up for this person in this place, by Discord's rules.
 *
 * @param {object} command application command
 * @param {string} held permission bits
 * @param {boolean} inGuild
 */
export function showsCommand(command, held, inGuild) {
  const contexts =
    command.contexts ?? (command.dm_permission === false ? [IN_GUILD] : [IN_GUILD, IN_BOT_DM]);
  if (!contexts.includes(inGuild ? IN_GUILD : IN_BOT_DM)) return false;
  const wanted = command.default_member_permissions;
  if (!inGuild || wanted === null || wanted === undefined) return true;
  // "0" means: nobody but administrators.
  return wanted === "0" ? hasBits(held, ADMINISTRATOR) : mayDo(held, wanted);
}
