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
    ...files.map(fileCard),
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

/** A card with name, size and download; text files can be read in place. */
export function fileCard(attachment) {
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
  if (isText(attachment)) card.prepend(textPreview(url, name));
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

function textPreview(url, name) {
  const pre = h("pre", { tabindex: "0", "aria-label": name }, "…");
  const toggle = h(
    "button",
    { type: "button", class: "preview-toggle", hidden: true, "aria-expanded": "false" },
    t("file.show"),
  );
  const box = h("div", { class: "file-preview" }, pre, toggle);
  void readInto(pre, toggle, url);
  return box;
}

async function readInto(pre, toggle, url) {
  let text;
  try {
    const headers = { Range: `bytes=0-${PREVIEW_BYTES - 1}` };
    const response = await fetch(url, { headers, signal: AbortSignal.timeout(READ_DEADLINE_MS) });
    if (!response.ok) throw new Error(response.statusText);
    text = (await response.text()).slice(0, PREVIEW_BYTES).replace(/\n+$/, "");
  } catch {
    pre.textContent = t("file.gone");
    return;
  }
  const lines = text.split("\n");
  const short = lines.slice(0, PREVIEW_LINES).join("\n");
  pre.textContent = short;
  if (lines.length > PREVIEW_LINES) foldable(pre, toggle, { short, text });
}

function foldable(pre, toggle, { short, text }) {
  toggle.hidden = false;
  toggle.addEventListener("click", () => {
    const open = toggle.getAttribute("aria-expanded") !== "true";
    toggle.setAttribute("aria-expanded", String(open));
    toggle.textContent = t(open ? "file.hide" : "file.show");
    pre.textContent = open ? text : short;
  });
}

/** A size as people read it. */
export function sizeText(bytes) {
  const [unit, scale] =
    bytes >= 1_048_576 ? ["MB", 1_048_576] : bytes >= 1_024 ? ["KB", 1_024] : ["B", 1];
  const number = new Intl.NumberFormat(locale(), { maximumFractionDigits: scale === 1 ? 0 : 1 });
  return `${number.format(bytes / scale)} ${unit}`;
}
