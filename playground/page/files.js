/** Files on their way into a message: chosen, pasted or dropped, shown as chips until they are sent. */

import { sizeText } from "./attachments.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { t } from "./i18n.js";
import { notice } from "./notice.js";

const MOST = 10;
const LARGEST_BYTES = 10 * 1024 * 1024;
const PREVIEW_BYTES = 3 * 1024 * 1024;

/** Collects the files for one message. */
export class FileTray {
  #files = [];

  constructor() {
    this.element = h("ul", { class: "file-tray", hidden: true });
  }

  get isEmpty() {
    return this.#files.length === 0;
  }

  /** Takes files in, as far as Discord would. */
  add(files) {
    for (const file of files) {
      if (file.size > LARGEST_BYTES) notice(t("composer.files.big", { name: file.name }), "error");
      else if (this.#files.length >= MOST) return notice(t("composer.files.many"), "error");
      else this.#files.push(file);
    }
    return this.#draw();
  }

  /** Hands all files out and is empty again. */
  take() {
    const taken = this.#files;
    this.#files = [];
    this.#draw();
    return taken;
  }

  #draw() {
    this.element.replaceChildren(...this.#files.map((file) => this.#chip(file)));
    this.element.hidden = this.isEmpty;
  }

  #chip(file) {
    const remove = () => {
      this.#files = this.#files.filter((other) => other !== file);
      this.#draw();
    };
    const picture = h("span", { class: "chip-picture", "aria-hidden": "true" }, icon("file"));
    if (file.type.startsWith("image/") && file.size < PREVIEW_BYTES) preview(file, picture);
    return h(
      "li",
      { class: "file-chip" },
      picture,
      h("span", { class: "file-name" }, file.name),
      h("span", { class: "file-size" }, sizeText(file.size)),
      h(
        "button",
        {
          type: "button",
          class: "icon-button",
          "aria-label": t("composer.attachment.remove", { name: file.name }),
          on: { click: remove },
        },
        icon("close"),
      ),
    );
  }
}

function preview(file, picture) {
  // A data: URL, since the page's policy does not let it load blob: ones.
  const reader = new FileReader();
  reader.addEventListener("load", () =>
    picture.replaceChildren(h("img", { src: reader.result, alt: "" })),
  );
  reader.readAsDataURL(file);
}

/** Lets files be dropped anywhere on an element; `take` gets them. */
export function acceptDrops(element, take) {
  const cover = h("div", { class: "drop-cover", hidden: true });
  element.append(cover);
  const holdsFiles = (event) => event.dataTransfer?.types.includes("Files");
  element.addEventListener("dragover", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    cover.textContent = t("composer.drop");
    cover.hidden = false;
  });
  element.addEventListener("dragleave", (event) => {
    if (!element.contains(event.relatedTarget)) cover.hidden = true;
  });
  element.addEventListener("drop", (event) => {
    cover.hidden = true;
    if (!holdsFiles(event)) return;
    event.preventDefault();
    take([...event.dataTransfer.files]);
  });
}
