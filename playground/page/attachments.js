/** Attached files: pictures, text files with a preview, cards for the rest. */

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { locale, t } from "./i18n.js";
import { localUrl, pictureButton } from "./media.js";

const TEXT_NAME =
  /\.(txt|log|md|json|ya?ml|toml|ini|conf|cfg|env|sh|py|js|ts|html?|css|csv|xml|sql|diff|patch)$|^(dockerfile|makefile|compose)/i;
const PREVIEW_LINES = 8;
const PREVIEW_BYTES = 64 * 1024;
const READ_DEADLINE_MS = 10_000;
const IS_SPOILER = 8;

/** What shows the attachments of a message. */
export function attachmentNodes(attachments) {
  const pictures = attachments.filter(isPicture);
  const files = attachments.filter((attachment) => !isPicture(attachment));
  return [
    pictures.length
      ? h(
          "div",
          { class: `pictures pictures-${Math.min(pictures.length, 4)}` },
          pictures.map(picture),
        )
      : null,
    ...files.map((attachment) => fileCard(attachment)),
  ].filter(Boolean);
}

/** True for attachments that the browser shows as a picture. */
export function isPicture({ content_type: type, filename }) {
  return (
    /^image\/(png|jpe?g|gif|webp|avif)/.test(type ?? "") ||
    (!type && /\.(png|jpe?g|gif|webp|avif)$/i.test(filename))
  );
}

function picture(attachment) {
  return pictureButton({
    url: localUrl(attachment.url),
    name: attachment.description || attachment.filename,
    width: attachment.width,
    height: attachment.height,
    spoiler: isSpoiler(attachment),
  });
}

function isSpoiler({ filename, flags }) {
  return filename.startsWith("SPOILER_") || Boolean((flags ?? 0) & IS_SPOILER);
}

/**
 * A card with name, size and download; text files can be read in place. `folded`: nothing of the
 * text is shown, nor loaded, before it is asked for.
 */
export function fileCard(attachment, { folded = false } = {}) {
  const url = localUrl(attachment.url);
  const name = fileName(attachment);
  const bar = h(
    "div",
    { class: "file-bar" },
    icon("file"),
    h("span", { class: "file-name" }, name),
    h("span", { class: "file-size" }, sizeText(attachment.size)),
    h(
      "a",
      {
        class: "icon-button",
        href: url,
        download: name,
        "aria-label": t("file.download", { name }),
      },
      icon("download"),
    ),
  );
  const card = h("div", { class: "file-card" }, bar);
  if (isText(attachment)) card.prepend(textPreview(url, name, folded ? 0 : PREVIEW_LINES));
  return card;
}

/** Discord keeps a name that is not plain ASCII as a title without its ending. */
function fileName({ title, filename }) {
  const ending = /\.\w+$/.exec(filename)?.[0] ?? "";
  return title ? title + ending : filename;
}

function isText({ content_type: type, filename, size }) {
  return size > 0 && (/^text\/|json|yaml|xml/.test(type ?? "") || TEXT_NAME.test(filename));
}

function textPreview(url, name, lines) {
  const pre = h("pre", { tabindex: "0", "aria-label": name }, "…");
  const toggle = h(
    "button",
    { type: "button", class: "preview-toggle", hidden: true, "aria-expanded": "false" },
    t("file.show"),
  );
  const box = h("div", { class: "file-preview" }, pre, toggle);
  let whole = null;
  const show = (open) => {
    const all = whole.split("\n");
    toggle.hidden = all.length <= lines;
    toggle.setAttribute("aria-expanded", String(open));
    toggle.textContent = t(open ? "file.hide" : "file.show");
    pre.textContent = open ? whole : all.slice(0, lines).join("\n");
    pre.hidden = !open && lines === 0;
  };
  toggle.addEventListener("click", async () => {
    whole ??= await textOf(url);
    show(toggle.getAttribute("aria-expanded") !== "true");
  });
  if (lines === 0) {
    pre.hidden = true;
    toggle.hidden = false;
  } else {
    void textOf(url).then((text) => {
      whole = text;
      show(false);
    });
  }
  return box;
}

async function textOf(url) {
  try {
    const headers = { Range: `bytes=0-${PREVIEW_BYTES - 1}` };
    const response = await fetch(url, { headers, signal: AbortSignal.timeout(READ_DEADLINE_MS) });
    if (!response.ok) throw new Error(response.statusText);
    return (await response.text()).slice(0, PREVIEW_BYTES).replace(/\n+$/, "");
  } catch {
    return t("file.gone");
  }
}

/** A size as people read it. */
export function sizeText(bytes) {
  const [unit, scale] =
    bytes >= 1_048_576 ? ["MB", 1_048_576] : bytes >= 1_024 ? ["KB", 1_024] : ["B", 1];
  const number = new Intl.NumberFormat(locale(), { maximumFractionDigits: scale === 1 ? 0 : 1 });
  return `${number.format(bytes / scale)} ${unit}`;
}
