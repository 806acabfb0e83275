/** Copying text. */

import { t } from "./i18n.js";
import { announce, notice } from "./notice.js";

/** Copies and says so; false when the browser does not allow it. */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    announce(t("action.copied"));
    return true;
  } catch {
    // Without a secure context (a phone that opens the page by IP address) there is no clipboard API.
    return copyBySelection(text);
  }
}

function copyBySelection(text) {
  const field = document.createElement("textarea");
  field.className = "visually-hidden";
  field.value = text;
  document.body.append(field);
  field.select();
  const copied = document.execCommand("copy");
  field.remove();
  if (!copied) notice(t("error.clipboard"), "error");
  return copied;
}
