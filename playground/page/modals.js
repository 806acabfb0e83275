/** Dialogs that the bot opens: real `dialog` elements that check what is filled in and send it. */

import { freshId, h } from "./dom.js";
import { icon } from "./icons.js";
import { failureSentence, interact } from "./interactions.js";
import { t } from "./i18n.js";
import { markdown } from "./markdown-view.js";
import { modalField } from "./modal-fields.js";

const ROW = 1;
const TEXT = 10;
const LABEL = 18;

/**
 * Opens a dialog of the bot's.
 *
 * @param {import("./store.js").Store} store
 * @param {{interaction_id: string, modal: {custom_id: string, title: string, components: object[]}}} event
 */
export function openModal(store, { interaction_id: interactionId, modal }) {
  const parts = modal.components.map((component) => part(store, component));
  const titleId = freshId("modal");
  const failure = h("p", { class: "field-error", role: "alert", hidden: true });
  const submit = h("button", { type: "submit", class: "button button-primary" }, t("modal.submit"));
  const close = () => dialog.close();
  const form = h(
    "form",
    { novalidate: true },
    h("header", { class: "modal-head" }, h("h2", { id: titleId }, modal.title), iconClose(close)),
    h(
      "div",
      { class: "modal-body" },
      parts.map(({ element }) => element),
      failure,
    ),
    h(
      "footer",
      { class: "modal-foot" },
      h(
        "button",
        { type: "button", class: "button button-secondary", on: { click: close } },
        t("cancel"),
      ),
      submit,
    ),
  );
  const dialog = h("dialog", { class: "modal", "aria-labelledby": titleId }, form);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void send({ dialog, submit, failure, parts, interactionId, customId: modal.custom_id });
  });
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  dialog.querySelector(".modal-body :is(input, textarea, select)")?.focus();
}

function iconClose(close) {
  return h(
    "button",
    { type: "button", class: "icon-button", "aria-label": t("close"), on: { click: close } },
    icon("close"),
  );
}

/** A part of the dialog: what it shows, whether it is right, and what it sends. */
function part(store, component) {
  if (component.type === TEXT) {
    const element = h("div", { class: "modal-text" }, markdown(store, component.content));
    return { element, check: () => true, collect: () => ({ type: TEXT, id: component.id }) };
  }
  if (component.type === LABEL) return labelled(store, component);
  const fields = component.components.map((child) => modalField(store, child, child));
  return {
    element: h(
      "div",
      {},
      fields.map((field) => field.element),
    ),
    check: () => fields.map((field) => field.check()).every(Boolean),
    collect: (files) => ({
      type: ROW,
      id: component.id,
      components: fields.map((field) => field.collect(files)),
    }),
  };
}

function labelled(store, component) {
  const field = modalField(store, component.component, component);
  return {
    element: field.element,
    check: field.check,
    collect: (files) => ({ type: LABEL, id: component.id, component: field.collect(files) }),
  };
}

async function send({ dialog, submit, failure, parts, interactionId, customId }) {
  if (submit.getAttribute("aria-disabled") === "true") return;
  failure.hidden = true;
  if (!parts.map(({ check }) => check()).every(Boolean)) {
    dialog.querySelector("[aria-invalid=true]")?.focus();
    return;
  }
  const files = [];
  const components = parts.map(({ collect }) => collect(files));
  setPending(submit, true);
  try {
    await interact(
      "modal",
      { interaction_id: interactionId, custom_id: customId, components },
      files,
    );
    dialog.close();
  } catch (error) {
    failure.textContent = failureSentence(error);
    failure.hidden = false;
  } finally {
    setPending(submit, false);
  }
}

function setPending(button, pending) {
  button.classList.toggle("pending", pending);
  if (pending) button.setAttribute("aria-disabled", "true");
  else button.removeAttribute("aria-disabled");
}
