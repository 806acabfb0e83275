/** Which channel the page shows, kept in the address so that Back, links and reloads work. */

const DISCORD_LINK = /^https?:\/\/[^/]+\/channels\/(?:@me|\d+)\/(\d+)(?:\/(\d+))?\/?$/;

/** The address of a channel, or of one message in it, within this page. */
export function linkTo(channelId, messageId = null) {
  return `#/${channelId}${messageId ? `/${messageId}` : ""}`;
}

/**
 * Where a Discord link to a channel or message leads in this page; null for every other link.
 *
 * @param {string} url
 * @returns {{channelId: string, messageId: string | null} | null}
 */
export function placeOf(url) {
  const match = DISCORD_LINK.exec(url);
  return match ? { channelId: match[1], messageId: match[2] ?? null } : null;
}

/** What the address says now. */
export function currentPlace() {
  const match = /^#\/(\d+)(?:\/(\d+))?$/.exec(location.hash);
  return match ? { channelId: match[1], messageId: match[2] ?? null } : null;
}

/** Shows a place without a step in the history, for the first one. */
export function replacePlace(channelId) {
  history.replaceState(null, "", linkTo(channelId));
}

/** Goes to a place; going to where one already is shows it again. */
export function goTo(channelId, messageId = null) {
  const target = linkTo(channelId, messageId);
  if (location.hash === target) dispatchEvent(new HashChangeEvent("hashchange"));
  else location.hash = target;
}
