/** Short notes at the edge of the page, and what screen readers are told. */

import { ApiError } from "./api.js";
import { h } from "./dom.js";
import { t } from "./i18n.js";

const SHOWN_MS = 5_000;
const SPOKEN_MS = 1_000;

const polite = h("div", { class: "visually-hidden", "aria-live": "polite" });
const notes = h("div", { class: "notes", role: "status" });
document.body.append(polite, notes);

/** Tells screen readers, politely, without showing anything. */
export function announce(text) {
  if (document.ariaNotify) {
    document.ariaNotify(text);
    return;
  }
  // Older browsers speak what is added to a live region.
  const line = h("p", {}, text);
  polite.append(line);
  setTimeout(() => line.remove(), SPOKEN_MS);
}

/** Shows a note for some seconds. */
export function notice(text, kind = "info") {
  const note = h("p", { class: `note note-${kind}` }, text);
  // An open dialog makes the rest of the page inert: the note then belongs into it.
  (document.querySelector("dialog[open]") ?? notes).append(note);
  setTimeout(() => note.remove(), SHOWN_MS);
}

/** The sentence for an error of an action. Errors that are not ours rise further. */
function sentenceFor(error) {
  if (!(error instanceof ApiError)) throw error;
  return error.code === 0 ? t("error.unreachable") : error.message;
}

/** Does something and shows a note when the playground refuses it; true when it was done. */
export async function noticeIfRefused(doing) {
  try {
    await doing;
    return true;
  } catch (error) {
    notice(sentenceFor(error), "error");
    return false;
  }
}
