/** Who this page is open as, and what this browser remembers for that person. */

/** The name in `/?as=NAME`. */
export const personName =
  new URLSearchParams(location.search).get("as")?.trim().toLowerCase() || "newcomer";

/** False for a name that the playground lets nobody in with. */
export const isNameAllowed = /^[a-z0-9_.\-가-힣ㄱ-ㅎㅏ-ㅣ]{1,32}$/.test(personName);

/** The address of this page for another person. */
export function addressFor(name) {
  return `${location.pathname}?${new URLSearchParams({ as: name })}`;
}

// Storage can be switched off in a browser; the page then simply forgets.
function attempt(use, otherwise) {
  try {
    return use();
  } catch {
    return otherwise;
  }
}

/** Settings of this browser (theme, language, what was read), kept over visits. */
export const remembered = {
  get: (key) => attempt(() => localStorage.getItem(`docent.${key}`), null),
  set: (key, value) => attempt(() => localStorage.setItem(`docent.${key}`, value), undefined),
};

/** What was typed and not sent, kept for this tab: a reload or a lost connection loses nothing. */
export const drafts = {
  get: (channelId) => attempt(() => sessionStorage.getItem(draftKey(channelId)), null) ?? "",
  set(channelId, text) {
    attempt(() => {
      if (text) sessionStorage.setItem(draftKey(channelId), text);
      else sessionStorage.removeItem(draftKey(channelId));
    }, undefined);
  },
};

function draftKey(channelId) {
  return `docent.draft.${personName}.${channelId}`;
}
