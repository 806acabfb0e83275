/** What stands at the beginning of a channel; in the first channel also three first steps. */

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { t } from "./i18n.js";
import { channelIcon, channelName } from "./names.js";
import { ChannelType, isThread } from "./store.js";
import { wish } from "./wishes.js";

const PRIVATE_THREAD = 12;

const STEPS = [
  {
    command: "start",
    text: "/start",
    icon: "terminal",
    title: "intro.step.start",
    hint: "intro.step.start.text",
  },
  {
    command: "lesson",
    text: "/lesson",
    icon: "file",
    title: "intro.step.lesson",
    hint: "intro.step.lesson.text",
  },
  {
    command: "docker",
    text: "/docker version",
    icon: "send",
    title: "intro.step.docker",
    hint: "intro.step.docker.text",
  },
];

/** The beginning of a channel. */
export function introNode(store, channel) {
  const name = channelName(store, channel);
  return h(
    "div",
    { class: "intro" },
    h("span", { class: "intro-icon", "aria-hidden": "true" }, icon(channelIcon(channel))),
    h(
      "h2",
      {},
      channel.type === ChannelType.direct || isThread(channel)
        ? name
        : t("intro.channel", { name }),
    ),
    h("p", {}, sentence(channel, name)),
    channel.topic ? h("p", { class: "intro-topic" }, channel.topic) : null,
    channel.id === store.firstChannel()?.id ? firstSteps(store) : null,
  );
}

function sentence(channel, name) {
  if (channel.type === ChannelType.direct) return t("intro.direct.text", { name });
  if (isThread(channel))
    return t(channel.type === PRIVATE_THREAD ? "intro.thread.text" : "intro.thread.public");
  return t("intro.channel.text");
}

function firstSteps(store) {
  const known = new Set(store.commands.map((command) => command.name));
  const steps = STEPS.filter(({ command }) => known.has(command));
  if (!steps.length) return null;
  return h(
    "section",
    { class: "first-steps", "aria-label": t("intro.steps") },
    h("h3", {}, t("intro.steps")),
    h("div", { class: "step-cards" }, steps.map(stepCard)),
    h("p", { class: "intro-note" }, t("page.practice.note")),
  );
}

function stepCard(step, index) {
  return h(
    "button",
    { type: "button", class: "step-card", on: { click: () => wish("suggest", step.text) } },
    h("span", { class: "step-number", "aria-hidden": "true" }, String(index + 1)),
    h("span", { class: "step-title" }, t(step.title)),
    h("span", { class: "step-hint" }, t(step.hint)),
    h("code", {}, step.text),
  );
}
