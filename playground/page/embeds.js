/** Embeds: the framed summaries of older bots' messages. */

import { h } from "./dom.js";
import { markdown } from "./markdown-view.js";
import { localUrl, mediaUrl, pictureButton } from "./media.js";
import { cssColour } from "./names.js";
import { when } from "./time.js";

/** What shows the embeds of a message. */
export function embedNodes(store, message) {
  return (message.embeds ?? []).map((embed) => embedNode(store, message, embed));
}

function embedNode(store, message, embed) {
  const colour =
    embed.color === undefined || embed.color === null ? {} : { "--embed": cssColour(embed.color) };
  return h(
    "div",
    { class: "embed", vars: colour },
    h(
      "div",
      { class: "embed-body" },
      embed.author?.name
        ? h("p", { class: "embed-author" }, linked(embed.author.url, embed.author.name))
        : null,
      embed.title ? h("p", { class: "embed-title" }, titleNodes(store, embed)) : null,
      embed.description
        ? h("div", { class: "embed-text" }, markdown(store, embed.description))
        : null,
      embed.fields?.length
        ? h(
            "dl",
            { class: "embed-fields" },
            embed.fields.map((field) => fieldNode(store, field)),
          )
        : null,
    ),
    embed.thumbnail?.url
      ? h("div", { class: "embed-thumbnail" }, imageNode(message, embed.thumbnail, embed.title))
      : null,
    embed.image?.url
      ? h("div", { class: "embed-image" }, imageNode(message, embed.image, embed.title))
      : null,
    footer(embed),
  );
}

function titleNodes(store, { url, title }) {
  return url && localUrl(url) ? linked(url, title) : markdown(store, title);
}

function linked(url, text) {
  if (!url || !localUrl(url)) return text;
  return h("a", { href: localUrl(url), target: "_blank", rel: "noopener noreferrer" }, text);
}

function fieldNode(store, { name, value, inline }) {
  return h(
    "div",
    { class: inline ? "embed-field inline" : "embed-field" },
    h("dt", {}, markdown(store, name)),
    h("dd", {}, markdown(store, value)),
  );
}

function imageNode(message, image, title) {
  return pictureButton({
    url: mediaUrl(message, image),
    name: title || "image",
    width: image.width,
    height: image.height,
  });
}

function footer({ footer: foot, timestamp }) {
  const parts = [foot?.text, timestamp ? when(new Date(timestamp)) : null].filter(Boolean);
  return parts.length ? h("p", { class: "embed-footer" }, parts.join(" · ")) : null;
}
