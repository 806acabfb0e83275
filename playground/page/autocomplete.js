/** Suggestions that the bot sends for an option: matches each answer to the question it was for. */

const DEADLINE_MS = 4_000;

const asked = new Map();
let sequence = 0;

/**
 * Begins a question; only the newest one is still of interest.
 *
 * @returns {{nonce: string, choices: Promise<object[] | null>}} null when it was overtaken or not answered
 */
export function expectChoices() {
  for (const settle of asked.values()) settle(null);
  asked.clear();
  sequence += 1;
  const nonce = `ac-${Date.now()}-${sequence}`;
  const choices = new Promise((resolve) => {
    asked.set(nonce, resolve);
    setTimeout(() => resolve(null), DEADLINE_MS);
  });
  return { nonce, choices };
}

/** Takes an AUTOCOMPLETE event in. */
export function noteChoices({ nonce, choices }) {
  asked.get(String(nonce))?.(choices ?? []);
  asked.delete(String(nonce));
}
