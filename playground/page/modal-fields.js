/** The fields of a dialog: text, selects, file upload, radio group, checkboxes; each checks and sends itself. */

import { freshId, h } from "./dom.js";
import { t } from "./i18n.js";
import { chosenValues, SELECTS, selectElement } from "./select.js";

const TEXT_INPUT = 4;
const FILE_UPLOAD = 19;
const RADIO_GROUP = 21;
const CHECKBOX_GROUP = 22;
const CHECKBOX = 23;
const PARAGRAPH = 2;
const LONGEST_TEXT = 4_000;

/**
 * Makes a field with its label.
 *
 * @param {import("./store.js").Store} store
 * @param {object} component the interactive component
 * @param {{label?: string, description?: string}} words where its label and description stand
 * @returns {{element: HTMLElement, check: () => boolean, collect: (files: File[]) => object}}
 */
export function modalField(store, component, { label = "", description = "" }) {
  const make = SELECTS.has(component.type) ? select : FIELDS[component.type];
  const field = make(store, component, label);
  return frame(component, { label, description }, field);
}

const FIELDS = {
  [TEXT_INPUT]: textInput,
  [FILE_UPLOAD]: fileUpload,
  [RADIO_GROUP]: radioGroup,
  [CHECKBOX_GROUP]: checkboxGroup,
  [CHECKBOX]: checkbox,
};

/** Puts label, description and error around a control, and connects them for screen readers. */
function frame(
  component,
  { label, description },
  { control, group = false, inline = false, problem, answer },
) {
  const error = h("p", { class: "field-error", id: freshId("error"), role: "alert", hidden: true });
  const hint = h("p", { class: "field-hint", id: freshId("hint") }, description);
  const mark = requirementMark(component);
  control.setAttribute("aria-describedby", `${hint.id} ${error.id}`);
  const title =
    group || inline
      ? h("span", { class: "field-label", "aria-hidden": "true" }, label, mark)
      : h("label", { class: "field-label", for: control.id }, label, mark);
  const check = () => {
    const sentence = problem();
    error.textContent = sentence ?? "";
    error.hidden = !sentence;
    (group ? control.querySelector("input") : control).setAttribute(
      "aria-invalid",
      String(Boolean(sentence)),
    );
    return !sentence;
  };
  control.addEventListener("input", () => !error.hidden && check());
  control.addEventListener("change", () => !error.hidden && check());
  return {
    element: h(
      "div",
      { class: inline ? "modal-field inline" : "modal-field" },
      title,
      hint,
      control,
      error,
    ),
    check,
    collect: (files) => ({
      type: component.type,
      id: component.id,
      custom_id: component.custom_id,
      ...answer(files),
    }),
  };
}

function requirementMark({ type, required = true }) {
  // A single checkbox is an answer either way.
  if (type === CHECKBOX) return null;
  if (required) return h("span", { class: "required-mark", "aria-hidden": "true" }, " *");
  return h("span", { class: "mark", "aria-hidden": "true" }, t("modal.optional"));
}

function textInput(_store, component, label) {
  const { min_length: min = 0, max_length: max = LONGEST_TEXT, required = true } = component;
  const long = component.style === PARAGRAPH;
  const control = h(long ? "textarea" : "input", {
    class: "field",
    id: freshId("input"),
    "aria-label": label,
    "aria-required": String(required),
    placeholder: component.placeholder,
    value: component.value ?? "",
    autocomplete: "off",
    rows: long ? 4 : null,
    type: long ? null : "text",
  });
  const problem = () => {
    const { length } = control.value;
    if (required && !control.value.trim()) return t("modal.required");
    if (length > 0 && length < min) return t("modal.short", { min });
    return length > max ? t("modal.long", { max }) : null;
  };
  return { control, problem, answer: () => ({ value: control.value }) };
}

function select(store, component, label) {
  const { required = true } = component;
  const control = selectElement(
    store,
    { ...component, min_values: required ? (component.min_values ?? 1) : 0 },
    label || component.placeholder,
  );
  control.id = freshId("select");
  const problem = () => countProblem(component, chosenValues(control).length);
  return { control, problem, answer: () => ({ values: chosenValues(control) }) };
}

function countProblem({ required = true, min_values: min = 1, max_values: max = 1 }, count) {
  if (count === 0) return required && min > 0 ? t("modal.required") : null;
  if (count < min) return t("modal.choose.min", { min });
  return count > max ? t("modal.choose.max", { max }) : null;
}

function fileUpload(_store, component, label) {
  const control = h("input", {
    type: "file",
    class: "field",
    id: freshId("file"),
    "aria-label": label,
    multiple: (component.max_values ?? 1) > 1,
  });
  const problem = () => countProblem(component, control.files.length);
  const answer = (files) => {
    const first = files.length;
    files.push(...control.files);
    return { values: [...control.files].map((_file, index) => first + index) };
  };
  return { control, problem, answer };
}

function radioGroup(_store, component, label) {
  const { required = true } = component;
  const control = choices(component, label, "radio");
  const chosen = () => control.querySelector("input:checked")?.value ?? null;
  const problem = () => (required && chosen() === null ? t("modal.required") : null);
  return { control, group: true, problem, answer: () => ({ value: chosen() }) };
}

function checkboxGroup(_store, component, label) {
  const control = choices(component, label, "checkbox");
  const chosen = () => [...control.querySelectorAll("input:checked")].map((input) => input.value);
  const limits = { max_values: component.options.length, ...component };
  const problem = () => countProblem(limits, chosen().length);
  return { control, group: true, problem, answer: () => ({ values: chosen() }) };
}

function choices({ options }, label, type) {
  const name = freshId("choice");
  return h(
    "div",
    { class: "choices", role: type === "radio" ? "radiogroup" : "group", "aria-label": label },
    options.map((option) =>
      h(
        "label",
        { class: "choice" },
        h("input", {
          type,
          name,
          value: option.value,
          checked: Boolean(option.default),
          "aria-label": option.label,
        }),
        h(
          "span",
          {},
          h("span", { class: "choice-label" }, option.label),
          option.description ? h("span", { class: "choice-hint" }, option.description) : null,
        ),
      ),
    ),
  );
}

function checkbox(_store, component, label) {
  const control = h("input", {
    type: "checkbox",
    id: freshId("check"),
    "aria-label": label,
    checked: Boolean(component.default),
  });
  return { control, inline: true, problem: () => null, answer: () => ({ value: control.checked }) };
}
