/** What this person sets going (commands, buttons, selects, dialogs), and how each of them ended. */

import { act, ApiError } from "./api.js";
import { t } from "./i18n.js";

const OUTCOME_DEADLINE_MS = 15_000;
const REMEMBERED = 200;

/** An interaction ended without the bot's answer; `message` is the sentence to show. */
class InteractionFailed extends Error {}

const waiting = new Map();
const ended = new Map();

/** Takes an INTERACTION event in. */
export function noteState({ id, state, error }) {
  if (state === "sent") return;
  const outcome = { state, error };
  const resolve = waiting.get(id);
  if (resolve) {
    waiting.delete(id);
    resolve(outcome);
    return;
  }
  // The event can overtake the answer to the POST that made the interaction.
  ended.set(id, outcome);
  if (ended.size > REMEMBERED) ended.delete(ended.keys().next().value);
}

/**
 * Makes an interaction and waits until the bot has acknowledged it.
 *
 * @param {"command" | "component" | "modal"} action
 * @param {object} body
 * @param {File[]} [files]
 * @throws {InteractionFailed} when the bot did not acknowledge in time
 * @throws {ApiError} when the playground refused it
 */
export async function interact(action, body, files = []) {
  const { interaction_id: id } = await act(action, body, files);
  const { state, error } = await outcomeOf(id);
  if (state === "failed") throw new InteractionFailed(error ?? t("interaction.silent"));
}

function outcomeOf(id) {
  const known = ended.get(id);
  if (known) {
    ended.delete(id);
    return Promise.resolve(known);
  }
  return new Promise((resolve) => {
    waiting.set(id, resolve);
    setTimeout(() => {
      if (waiting.delete(id)) resolve({ state: "failed" });
    }, OUTCOME_DEADLINE_MS);
  });
}

/** The sentence for whatever ended an interaction; errors that are not ours rise further. */
export function failureSentence(error, general = t("interaction.failed")) {
  if (error instanceof InteractionFailed) return general;
  if (error instanceof ApiError) return error.code === 0 ? t("error.unreachable") : error.message;
  throw error;
}
