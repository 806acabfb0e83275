/** Redrawing so that what shows the same stays: a message may be edited once a second. */

// These only hold others: one that is the same itself stays, whatever changed inside it.
const HOLDERS = ".container, .action-row, .section, .section-text, .section-accessory";

// What each node was when it was drawn, before anybody chose, opened or loaded something in it.
const drawn = new WeakMap();

/**
 * Brings an element in line with newly drawn nodes. Where one is drawn as the node in its place was, the
 * old node stays, with its focus, an open list, choices so far, and the finger on it.
 *
 * The old listeners stay with it. So whatever these know of a message, other than its id, has to be
 * seen in an attribute or a text of what is drawn: a button's `custom_id` is its `data-key`.
 *
 * @param {Element} parent what nobody else fills
 * @param {Node[]} nodes
 */
export function settle(parent, nodes) {
  const before = [...parent.childNodes];
  nodes.forEach((node, index) => put(parent, before[index], node));
  for (const node of before.slice(nodes.length)) node.remove();
}

/** Has a node drawn anew by the next `settle`, the same or not. */
export function beginsAnew(node) {
  drawn.delete(node);
}

function put(parent, before, node) {
  if (before && holds(before) && before.cloneNode().isEqualNode(node.cloneNode()))
    settle(before, [...node.childNodes]);
  else if (!drawn.get(before)?.isEqualNode(node)) {
    note(node);
    if (before) before.replaceWith(node);
    else parent.append(node);
  }
}

function note(node) {
  if (holds(node)) node.childNodes.forEach(note);
  else drawn.set(node, node.cloneNode(true));
}

function holds(node) {
  return node instanceof Element && node.matches(HOLDERS);
}
