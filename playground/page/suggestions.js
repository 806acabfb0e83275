/** A `listbox` above a text box: arrows choose, Enter and Tab pick, Escape closes. */

import { freshId, h } from "./dom.js";

/**
 * Suggestions for one text box, which keeps the keyboard's focus all the time.
 */
export class Suggestions {
  #items = [];
  #index = 0;
  #moved = false;

  /**
   * @param {HTMLElement} field the text box
   * @param {{onPick: (item: object) => void, draw: (item: object) => Node[], preselect?: boolean}} wanted
   *   without `preselect` Enter belongs to the text box until the arrows have chosen something.
   */
  constructor(field, { onPick, draw, preselect = true }) {
    this.field = field;
    this.onPick = onPick;
    this.draw = draw;
    this.preselect = preselect;
    this.element = h("div", {
      class: "suggestions",
      role: "listbox",
      id: freshId("suggestions"),
      hidden: true,
    });
    field.setAttribute("aria-autocomplete", "list");
  }

  get isOpen() {
    return !this.element.hidden;
  }

  /** The item that Enter would pick, or null. */
  get current() {
    return this.isOpen ? (this.#items[this.#index] ?? null) : null;
  }

  /** True when the person moved to the current item with the arrows. */
  get isChosen() {
    return this.#moved;
  }

  /** Shows items under a name; none closes. */
  show(items, label) {
    this.#items = items;
    this.#index = this.preselect ? 0 : -1;
    this.#moved = false;
    if (!items.length) {
      this.close();
      return;
    }
    this.element.setAttribute("aria-label", label);
    this.element.replaceChildren(...items.map((item, index) => this.#option(item, index)));
    this.element.hidden = false;
    this.field.setAttribute("aria-controls", this.element.id);
    this.#mark();
  }

  close() {
    this.element.hidden = true;
    this.element.replaceChildren();
    this.field.removeAttribute("aria-activedescendant");
    this.field.removeAttribute("aria-controls");
  }

  /** Handles a key of the text box; true when it was one of the list's. */
  onKey(event) {
    if (!this.isOpen) return false;
    const picks = event.key === "Tab" || event.key === "Enter";
    if (picks && !this.current) return false;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      this.#move(event.key === "ArrowDown" ? 1 : -1);
    } else if (picks) {
      this.onPick(this.current);
    } else if (event.key === "Escape") {
      this.close();
    } else {
      return false;
    }
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  #option(item, index) {
    const option = h(
      "div",
      { class: "suggestion", role: "option", id: `${this.element.id}-${index}` },
      this.draw(item),
    );
    // A press must not take the focus out of the text box.
    option.addEventListener("pointerdown", (event) => event.preventDefault());
    option.addEventListener("mousedown", (event) => event.preventDefault());
    option.addEventListener("click", () => this.onPick(item));
    return option;
  }

  #move(by) {
    const from = this.#index < 0 && by < 0 ? 0 : this.#index;
    this.#index = (from + by + this.#items.length) % this.#items.length;
    this.#moved = true;
    this.#mark();
  }

  #mark() {
    [...this.element.children].forEach((option, index) => {
      option.setAttribute("aria-selected", String(index === this.#index));
    });
    const current = this.element.children[this.#index];
    if (!current) return;
    this.field.setAttribute("aria-activedescendant", current.id);
    current.scrollIntoView({ block: "nearest" });
  }
}
