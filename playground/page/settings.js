/** Theme and language, as this browser remembers them. */

import { act } from "./api.js";
import { h } from "./dom.js";
import { remembered } from "./identity.js";
import { icon } from "./icons.js";
import { locale, t, useLocale } from "./i18n.js";
import { noticeIfRefused } from "./notice.js";

const OTHER = { ko: "en-US", "en-US": "ko" };

/** The two switches; `onLanguage` is told when every word on the page has to be written again. */
export class Settings {
  constructor({ onLanguage, onTheme }) {
    this.onLanguage = onLanguage;
    this.onTheme = onTheme;
    this.system = matchMedia("(prefers-color-scheme: dark)");
    this.system.addEventListener("change", () => this.#applyTheme());
    useLocale(locale());
    this.#applyTheme();
  }

  /** The buttons that switch them. */
  buttons() {
    const dark = this.#isDark();
    const theme = button(
      t(dark ? "settings.light" : "settings.dark"),
      icon(dark ? "sun" : "moon"),
      "theme",
    );
    theme.addEventListener("click", () => this.#toggleTheme());
    const language = button(t("settings.language"), t("settings.language.short"), "language");
    language.addEventListener("click", () => void this.#toggleLanguage());
    return h("div", { class: "settings" }, language, theme);
  }

  #isDark() {
    const chosen = remembered.get("theme");
    return chosen ? chosen === "dark" : this.system.matches;
  }

  #toggleTheme() {
    const wanted = this.#isDark() ? "light" : "dark";
    // What the system says already need not be remembered: the page then goes on following it.
    remembered.set("theme", (wanted === "dark") === this.system.matches ? "" : wanted);
    this.#applyTheme();
    this.onTheme();
  }

  #applyTheme() {
    const chosen = remembered.get("theme");
    if (chosen) document.documentElement.dataset.theme = chosen;
    else delete document.documentElement.dataset.theme;
  }

  async #toggleLanguage() {
    useLocale(OTHER[locale()]);
    this.onLanguage();
    await noticeIfRefused(act("locale", { locale: locale() }));
  }
}

function button(label, content, key) {
  return h(
    "button",
    { type: "button", class: "icon-button", "aria-label": label, title: label, data: { key } },
    content,
  );
}
