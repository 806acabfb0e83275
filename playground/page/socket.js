/** The live connection to the playground, which mends itself when it breaks. */

import { personName } from "./identity.js";

const FIRST_WAIT_MS = 400;
const LONGEST_WAIT_MS = 8_000;
const OPEN_DEADLINE_MS = 8_000;

/**
 * Keeps one WebSocket open for as long as the page lives.
 *
 * @param {{locale: () => string, onEvent: (type: string, data: object) => void,
 *   onState: (state: "open" | "lost") => void}} handlers
 * @returns {{retryNow: () => void}}
 */
export function keepConnected({ locale, onEvent, onState }) {
  let socket = null;
  let wait = FIRST_WAIT_MS;
  let timer = 0;

  function open() {
    clearTimeout(timer);
    const opened = new WebSocket(address(locale()));
    socket = opened;
    const deadline = setTimeout(() => opened.close(), OPEN_DEADLINE_MS);
    opened.addEventListener("message", ({ data }) => {
      const event = JSON.parse(data);
      if (event.t === "HELLO") {
        clearTimeout(deadline);
        wait = FIRST_WAIT_MS;
        onState("open");
      }
      onEvent(event.t, event.d ?? {});
    });
    opened.addEventListener("close", () => {
      clearTimeout(deadline);
      if (socket === opened) lost();
    });
  }

  function lost() {
    socket = null;
    onState("lost");
    // Spread the pages of a class out, so that they don't all knock in the same moment.
    timer = setTimeout(open, wait * (0.75 + Math.random() / 2));
    wait = Math.min(wait * 2, LONGEST_WAIT_MS);
  }

  function retryNow() {
    if (socket) return;
    wait = FIRST_WAIT_MS;
    open();
  }

  addEventListener("online", retryNow);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) retryNow();
  });
  open();
  return { retryNow };
}

function address(locale) {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  return `${scheme}://${location.host}/page/ws?${new URLSearchParams({ as: personName, locale })}`;
}
