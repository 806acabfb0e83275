/** Small menus that open beside a button or where the pointer is. */

import { h } from "./dom.js";
import { icon } from "./icons.js";

const EDGE_PX = 8;

let open = null;

/**
 * Opens a menu and gives its choice the keyboard.
 *
 * @param {{items: ({icon?: string, label: string, danger?: boolean, run: () => void} | {title: string})[],
 *   at: {x: number, y: number} | Element, label: string}} menu
 */
export function openMenu({ items, at, label }) {
  closeMenu();
  const before = document.activeElement;
  const list = h(
    "div",
    { class: "menu", role: "menu", "aria-label": label, tabindex: "-1" },
    items.map(row),
  );
  list.addEventListener("keydown", onKey);
  document.body.append(list);
  place(list, at);
  open = { list, before };
  (list.querySelector("[role=menuitem]") ?? list).focus({ preventScroll: true });
  document.addEventListener("pointerdown", onOutside, true);
}

/** Closes the menu that is open, and gives the keyboard back. */
export function closeMenu() {
  if (!open) return;
  const { list, before } = open;
  open = null;
  document.removeEventListener("pointerdown", onOutside, true);
  const hadFocus = list.contains(document.activeElement);
  list.remove();
  if (hadFocus && before?.isConnected) before.focus({ preventScroll: true });
}

function row(item) {
  if (item.title) return h("p", { class: "menu-title", role: "presentation" }, item.title);
  return h(
    "button",
    {
      type: "button",
      role: "menuitem",
      tabindex: "-1",
      class: item.danger ? "menu-item danger" : "menu-item",
      on: {
        click: () => {
          closeMenu();
          item.run();
        },
      },
    },
    item.icon ? icon(item.icon) : null,
    item.label,
  );
}

function place(list, at) {
  const anchor = at instanceof Element ? at.getBoundingClientRect() : null;
  const wanted = anchor ? { x: anchor.right - list.offsetWidth, y: anchor.bottom + 4 } : at;
  const x = Math.max(EDGE_PX, Math.min(wanted.x, innerWidth - list.offsetWidth - EDGE_PX));
  const fits = wanted.y + list.offsetHeight < innerHeight - EDGE_PX;
  const above = (anchor ? anchor.top : wanted.y) - list.offsetHeight - 4;
  list.style.setProperty("left", `${x}px`);
  list.style.setProperty("top", `${fits ? wanted.y : Math.max(EDGE_PX, above)}px`);
}

function onOutside(event) {
  if (!open?.list.contains(event.target)) closeMenu();
}

function onKey(event) {
  const rows = [...open.list.querySelectorAll("[role=menuitem]")];
  const index = rows.indexOf(document.activeElement);
  const moves = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: -1 };
  if (event.key === "Escape" || event.key === "Tab") closeMenu();
  else if (event.key in moves) rows.at(moves[event.key] % rows.length)?.focus();
  else return;
  event.preventDefault();
  event.stopPropagation();
}
