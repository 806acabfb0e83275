/** One option of a command as a field: text, number, choice, person, channel, file; with suggestions. */

import { act } from "./api.js";
import { expectChoices } from "./autocomplete.js";
import { localDescription, localName, OptionType, readOption } from "./commands.js";
import { freshId, h, isComposing } from "./dom.js";
import { t } from "./i18n.js";
import { channelOptions, roleOptions, userOptions } from "./select.js";
import { Suggestions } from "./suggestions.js";

const ASK_AFTER_MS = 120;
const NUMBERS = new Set([OptionType.integer, OptionType.number]);

/** A labelled field that knows how to read itself. */
export class OptionField {
  #picked = null;
  #timer = 0;

  constructor(option, raw, { store, commandBody }) {
    this.option = option;
    this.store = store;
    this.commandBody = commandBody;
    this.control = this.#control(raw);
    this.error = h("p", {
      class: "field-error",
      id: freshId("error"),
      role: "alert",
      hidden: true,
    });
    this.element = this.#draw();
    this.control.addEventListener("input", () => this.#clearError());
  }

  get isEmpty() {
    return this.control.type === "file"
      ? this.control.files.length === 0
      : this.control.value === "";
  }

  focus() {
    this.control.focus();
  }

  /** The value for Discord, `{}` when left out, or a problem, which is then shown. */
  read() {
    if (this.isEmpty)
      return this.option.required
        ? this.#fail("command.missing", { name: localName(this.option) })
        : {};
    const { name, type } = this.option;
    if (type === OptionType.attachment) return { name, type, value: this.control.files[0] };
    const reading = this.#reading();
    return reading.problem
      ? this.#fail(reading.problem, reading.values)
      : { name, type, value: reading.value };
  }

  /** What is there so far, for a request for suggestions. */
  partial(focused) {
    const { name, type } = this.option;
    if (type === OptionType.attachment || (this.isEmpty && !focused)) return [];
    if (focused) return [{ name, type, value: this.control.value, focused: true }];
    const reading = this.#reading();
    return reading.problem ? [] : [{ name, type, value: reading.value }];
  }

  #reading() {
    // A picked suggestion shows its name and means its value.
    if (this.#picked?.name === this.control.value) return { value: this.#picked.value };
    return readOption(this.store, this.option, this.control.value);
  }

  #fail(key, values) {
    this.error.textContent = t(key, values);
    this.error.hidden = false;
    this.control.setAttribute("aria-invalid", "true");
    return { problem: key };
  }

  #clearError() {
    this.error.hidden = true;
    this.control.removeAttribute("aria-invalid");
  }

  #draw() {
    const { option } = this;
    const name = localName(option);
    const hint = freshId("hint");
    this.control.id = freshId("option");
    this.control.setAttribute("aria-label", name);
    this.control.setAttribute("aria-required", String(Boolean(option.required)));
    this.control.setAttribute("aria-describedby", `${hint} ${this.error.id}`);
    return h(
      "div",
      { class: "option-field" },
      h(
        "label",
        { for: this.control.id },
        name,
        h(
          "span",
          { class: option.required ? "mark required" : "mark" },
          t(option.required ? "command.required" : "command.optional"),
        ),
      ),
      h("div", { class: "option-control" }, this.control, this.suggestions?.element),
      h("p", { class: "field-hint", id: hint }, localDescription(option)),
      this.error,
    );
  }

  #control(raw) {
    const { option } = this;
    if (option.type === OptionType.attachment) return h("input", { type: "file", class: "field" });
    const choices = this.#choices();
    if (choices) return choiceSelect(choices, raw);
    const input = h("input", {
      type: "text",
      class: "field",
      value: raw,
      inputmode: NUMBERS.has(option.type) ? "decimal" : null,
      autocomplete: "off",
      spellcheck: "false",
      autocapitalize: "off",
    });
    if (option.autocomplete) this.#suggest(input);
    return input;
  }

  #choices() {
    const { option, store } = this;
    if (option.choices?.length)
      return option.choices.map((choice) => ({
        value: String(choice.value),
        label: localName(choice),
      }));
    if (option.type === OptionType.boolean) {
      return [
        { value: "true", label: t("command.true") },
        { value: "false", label: t("command.false") },
      ];
    }
    if (option.type === OptionType.user) return userOptions(store);
    if (option.type === OptionType.channel) return channelOptions(store, option.channel_types);
    if (option.type === OptionType.role) return roleOptions(store);
    return option.type === OptionType.mentionable
      ? [...userOptions(store), ...roleOptions(store)]
      : null;
  }

  #suggest(input) {
    input.setAttribute("role", "combobox");
    this.suggestions = new Suggestions(input, {
      onPick: (choice) => this.#pick(choice),
      draw: (choice) => [h("span", { class: "suggestion-name" }, localName(choice))],
      preselect: false,
    });
    input.addEventListener(
      "keydown",
      (event) => !isComposing(event) && this.suggestions.onKey(event),
    );
    input.addEventListener("input", () => this.#askSoon());
    input.addEventListener("focus", () => this.#askSoon());
    input.addEventListener("blur", () => this.suggestions.close());
  }

  #pick(choice) {
    this.#picked = { name: localName(choice), value: choice.value };
    this.control.value = this.#picked.name;
    this.suggestions.close();
    this.#clearError();
  }

  #askSoon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#ask(), ASK_AFTER_MS);
  }

  async #ask() {
    const { nonce, choices } = expectChoices();
    try {
      await act("autocomplete", { ...this.commandBody(this), nonce });
    } catch {
      return; // Suggestions are a help; without them the field is typed in as it is.
    }
    const found = await choices;
    if (!found || document.activeElement !== this.control) return;
    this.suggestions.show(found, t("command.suggestions", { name: localName(this.option) }));
  }
}

function choiceSelect(choices, raw) {
  const select = h(
    "select",
    { class: "field" },
    h("option", { value: "" }, t("command.choose")),
    choices.map(({ value, label }) => h("option", { value }, label)),
  );
  const wanted = raw.replace(/^<[@#]?[!&]?(\d+)>$/, "$1");
  select.value =
    choices.find(({ value, label }) => value === wanted || label === wanted)?.value ?? "";
  return select;
}
