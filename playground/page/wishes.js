/** What one part of the page asks of another without knowing it: `suggest`, `reply`, `edit`, `run`. */

const target = new EventTarget();

/** Asks for something; whoever does it listens with `onWish`. */
export function wish(type, detail) {
  target.dispatchEvent(new CustomEvent(type, { detail }));
}

/** Fulfils wishes of one kind. */
export function onWish(type, fulfil) {
  target.addEventListener(type, ({ detail }) => fulfil(detail));
}
