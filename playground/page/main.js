/** Starts the page: brings store, connection and views together. */

import { noteChoices } from "./autocomplete.js";
import { Composer } from "./composer.js";
import { h } from "./dom.js";
import { Banners, Header, TypingLine } from "./header.js";
import { noteState } from "./interactions.js";
import { locale, t } from "./i18n.js";
import { isNameAllowed } from "./identity.js";
import { Log } from "./log.js";
import { closeMenu } from "./menu.js";
import { MessageActions } from "./message-actions.js";
import { openModal } from "./modals.js";
import { Outbox } from "./outbox.js";
import { currentPlace, replacePlace } from "./router.js";
import { Settings } from "./settings.js";
import { Sidebar } from "./sidebar.js";
import { keepConnected } from "./socket.js";
import { Store } from "./store.js";
import { keepTimesLive } from "./time.js";

const store = new Store();
const outbox = new Outbox(store);
const main = h("main", { class: "chat" });
const settings = new Settings({ onLanguage: () => relabel(), onTheme: () => sidebar.draw() });
const sidebar = new Sidebar(store, { settings });
const header = new Header(store, { onMenu: () => sidebar.show() });
const banners = new Banners(store, { onRetry: () => connection.retryNow() });
const log = new Log(store, outbox);
const typing = new TypingLine(store);
const composer = new Composer(store, outbox, { dropArea: main });
new MessageActions(store, log);

const skip = h("a", { class: "skip", href: "#message" });
skip.addEventListener("click", (event) => {
  event.preventDefault();
  composer.focus();
});

main.append(header.element, banners.element, log.element, typing.element, composer.element);
document.body.prepend(skip, ...sidebar.element, main);

/** Shows the place in the address; where it leads nowhere, the first channel. */
function openPlace() {
  if (!store.me) return;
  closeMenu();
  const place = currentPlace();
  if (!place || !store.channels.has(place.channelId)) {
    const first = store.firstChannel();
    if (!first) return;
    replacePlace(first.id);
    show(first.id, null);
  } else {
    show(place.channelId, place.messageId);
  }
}

function show(channelId, messageId) {
  const moved = channelId !== log.channelId;
  log.open(channelId, messageId);
  header.open(channelId);
  typing.open(channelId);
  composer.open(store.channels.get(channelId));
  sidebar.open(channelId);
  // A phone's keyboard must not cover the messages before anyone wants to write.
  if (moved && !messageId && matchMedia("(hover: hover)").matches) composer.focus();
}

function redraw() {
  skip.textContent = t("page.skip");
  sidebar.draw();
  header.draw();
  banners.draw();
  typing.draw();
  log.redraw();
}

function relabel() {
  redraw();
  composer.relabel();
}

const MODAL = "MODAL";
const OTHER_EVENTS = {
  INTERACTION: noteState,
  AUTOCOMPLETE: noteChoices,
  [MODAL]: (event) => {
    // A dialog is an answer: whatever asked for it is no longer waiting.
    noteState({ id: event.interaction_id, state: "acknowledged" });
    openModal(store, event);
  },
};

function onEvent(type, data) {
  if (type in OTHER_EVENTS) OTHER_EVENTS[type](data);
  else store.apply(type, data);
}

store.on("reset", () => {
  openPlace();
  redraw();
});
store.on("channels", () => {
  if (!store.channels.has(log.channelId)) openPlace();
});
addEventListener("hashchange", openPlace);

const connection = isNameAllowed
  ? keepConnected({ locale, onEvent, onState: (state) => banners.setConnection(state) })
  : banners.setConnection("name");
keepTimesLive();
