/** Pictures and files of messages: where they are on this server, and looking at them enlarged. */

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { t } from "./i18n.js";

/**
 * The address of a file as this page may load it.
 *
 * The playground writes whole URLs with the host it was started with; the page may have been
 * opened under another name of the same host, and loads from its own origin alone.
 */
export function localUrl(url) {
  try {
    const parsed = new URL(url, location.href);
    if (parsed.pathname.startsWith("/cdn/")) return parsed.pathname + parsed.search;
    return /^(https?|data):$/.test(parsed.protocol) ? parsed.href : "";
  } catch {
    return "";
  }
}

/** The attachment that `attachment://name` or a resolved URL in a component means, or null. */
export function attachmentOf(message, url) {
  const attachments = message?.attachments ?? [];
  if (url?.startsWith("attachment://")) {
    const name = url.slice("attachment://".length);
    return attachments.find((attachment) => attachment.filename === name) ?? null;
  }
  return attachments.find((attachment) => attachment.url === url) ?? null;
}

/** Where a component's media item is, whichever way it was written. */
export function mediaUrl(message, media) {
  const attachment = attachmentOf(message, media?.url);
  return localUrl(attachment?.url ?? media?.url ?? "");
}

/**
 * A picture that opens enlarged when it is clicked.
 *
 * @param {{url: string, name: string, width?: number, height?: number, spoiler?: boolean}} picture
 */
export function pictureButton({ url, name, width, height, spoiler = false }) {
  const image = h("img", {
    src: url,
    alt: name,
    width,
    height,
    loading: "lazy",
    decoding: "async",
  });
  const button = h(
    "button",
    {
      type: "button",
      class: "picture",
      "aria-label": t("file.open", { name }),
      on: { click: () => enlarge(url, name) },
    },
    image,
  );
  // The answer to a picture that cannot be shown is its name and a link, not a broken frame.
  image.addEventListener("error", () => button.replaceWith(brokenPicture(url, name)));
  return spoiler ? covered(button) : button;
}

function brokenPicture(url, name) {
  return h(
    "a",
    { class: "file-link", href: url, target: "_blank", rel: "noopener noreferrer" },
    icon("file"),
    name,
  );
}

/** Covers something until it is clicked. */
export function covered(content, inline = false) {
  const cover = h("button", {
    type: "button",
    class: "spoiler-cover",
    "aria-label": t("spoiler.show"),
  });
  const box = h(
    inline ? "span" : "div",
    { class: "spoiler" },
    h("span", { class: "spoiler-content", inert: true }, content),
    cover,
  );
  cover.addEventListener("click", () => {
    box.classList.add("shown");
    box.firstChild.inert = false;
    cover.remove();
  });
  return box;
}

function enlarge(url, name) {
  const dialog = h(
    "dialog",
    { class: "lightbox", "aria-label": name, on: { click: () => dialog.close() } },
    h("img", { src: url, alt: name }),
    h(
      "div",
      { class: "lightbox-bar" },
      h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, name),
      h(
        "button",
        {
          type: "button",
          class: "icon-button",
          "aria-label": t("close"),
          on: { click: () => dialog.close() },
        },
        icon("close"),
      ),
    ),
  );
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
