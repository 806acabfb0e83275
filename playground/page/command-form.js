/** The fields for a command's options, above the composer, once a command was picked. */

import { freshId, h } from "./dom.js";
import { localDescription, localName, nest, OptionType, readOption } from "./commands.js";
import { icon } from "./icons.js";
import { t } from "./i18n.js";
import { OptionField } from "./option-field.js";

/** Asks for the options of one command. */
export class CommandForm {
  /**
   * @param {import("./store.js").Store} store
   * @param {{entry: object, channelId: string, raw?: Map<string, string>, onRun: (run: object) => void,
   *   onLeave: () => void}} wanted
   */
  constructor(store, { entry, channelId, raw = new Map(), onRun, onLeave }) {
    this.store = store;
    this.entry = entry;
    this.onRun = onRun;
    this.onLeave = onLeave;
    const shared = { store, channelId, commandBody: (focused) => this.#body(channelId, focused) };
    this.fields = entry.options.map(
      (option) => new OptionField(option, raw.get(option.name) ?? "", shared),
    );
    this.element = this.#draw();
    this.element.addEventListener("keydown", (event) => this.#onKey(event));
  }

  focus() {
    (
      this.fields.find((field) => field.option.required && field.isEmpty) ?? this.fields[0]
    )?.focus();
  }

  /** Runs the command, or says what is missing. */
  run() {
    const readings = this.fields.map((field) => field.read());
    const bad = this.fields.find((_field, index) => readings[index].problem);
    if (bad) {
      bad.focus();
      return;
    }
    const files = [];
    const values = readings
      .filter(({ value }) => value !== undefined)
      .map((reading) => withFile(reading, files));
    this.onRun({ entry: this.entry, options: nest(this.entry.path, values), files, values });
  }

  #draw() {
    const titleId = freshId("command");
    const name = `/${this.entry.title}`;
    return h(
      "div",
      {
        class: "command-form",
        role: "group",
        "aria-label": t("command.options", { command: name }),
      },
      h(
        "div",
        { class: "command-head", id: titleId },
        h("b", {}, name),
        h("span", { class: "command-description" }, this.entry.description),
        h(
          "button",
          {
            type: "button",
            class: "icon-button",
            "aria-label": t("command.leave"),
            on: { click: () => this.onLeave() },
          },
          icon("close"),
        ),
      ),
      h(
        "div",
        { class: "command-fields" },
        this.fields.map((field) => field.element),
      ),
      h(
        "div",
        { class: "command-foot" },
        h("span", { class: "command-hint" }, t("command.hint")),
        h(
          "button",
          { type: "button", class: "button button-primary", on: { click: () => this.run() } },
          t("command.run"),
        ),
      ),
    );
  }

  #body(channelId, focused) {
    const values = this.fields.flatMap((field) => field.partial(field === focused));
    return {
      channel_id: channelId,
      command_id: this.entry.command.id,
      name: this.entry.command.name,
      type: 1,
      options: nest(this.entry.path, values),
    };
  }

  #onKey(event) {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Escape") this.onLeave();
    else if (event.key === "Enter" && event.target.matches("input, select")) this.run();
    else if (
      event.key === "Backspace" &&
      event.target === this.fields[0]?.control &&
      this.fields[0].isEmpty
    )
      this.onLeave();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

function withFile({ name, type, value }, files) {
  if (type !== OptionType.attachment) return { name, type, value };
  files.push(value);
  return { name, type, value: files.length - 1 };
}

/** A command typed out in full: its option values, or what keeps it from running. */
export function readRaw(store, options, raw) {
  const values = [];
  for (const option of options) {
    const text = raw.get(option.name);
    if (text === undefined) {
      if (option.required) return { problem: t("command.missing", { name: localName(option) }) };
      continue;
    }
    const reading = readOption(store, option, text);
    if (reading.problem) return { problem: t(reading.problem, reading.values) };
    values.push({ name: option.name, type: option.type, value: reading.value });
  }
  return { values };
}

/** The line that shows what a command expects while it is typed out. */
export function usageLine({ title, options }) {
  return h(
    "span",
    { class: "usage" },
    `/${title}`,
    options.map((option) =>
      h(
        "span",
        {
          class: option.required ? "usage-option required" : "usage-option",
          title: localDescription(option),
        },
        localName(option),
      ),
    ),
  );
}
