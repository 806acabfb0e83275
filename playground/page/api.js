/** The page's actions: small POSTs that the playground answers with JSON. */

import { personName } from "./identity.js";

const DEADLINE_MS = 20_000;
const UPLOAD_DEADLINE_MS = 120_000;

/** What the playground refused, with the sentence to show; `code` 0 means it was not reached. */
export class ApiError extends Error {
  constructor(message, { code = 0, errors = null } = {}) {
    super(message);
    this.name = "ApiError";
    this.code = code;
    this.errors = errors;
  }
}

/**
 * Does one action as this person.
 *
 * @param {string} action name in the protocol, such as `send`
 * @param {object} body
 * @param {File[]} [files] sent as `files[0]`, `files[1]`, …
 * @returns {Promise<object>} the answer
 * @throws {ApiError}
 */
export async function act(action, body, files = []) {
  const headers = { "X-Requested-With": "docent-page" };
  if (!files.length) headers["Content-Type"] = "application/json";
  return request(`/page/api/${action}?${query({})}`, {
    method: "POST",
    headers,
    body: files.length ? multipart(body, files) : JSON.stringify(body),
    signal: AbortSignal.timeout(files.length ? UPLOAD_DEADLINE_MS : DEADLINE_MS),
  });
}

/** Messages older than `before`, oldest first. */
export async function history(channelId, before) {
  return request(`/page/api/history?${query({ channel_id: channelId, before })}`, {
    headers: { "X-Requested-With": "docent-page" },
    signal: AbortSignal.timeout(DEADLINE_MS),
  });
}

function query(parameters) {
  return new URLSearchParams({ as: personName, ...parameters });
}

function multipart(body, files) {
  const form = new FormData();
  form.append("payload_json", JSON.stringify(body));
  files.forEach((file, index) => form.append(`files[${index}]`, file, file.name));
  return form;
}

async function request(url, options) {
  let response;
  try {
    response = await fetch(url, options);
  } catch (cause) {
    throw new ApiError("unreachable", { code: 0, errors: String(cause) });
  }
  const answer = await response.json().catch(() => null);
  if (!response.ok) throw refusal(response, answer);
  return answer;
}

function refusal(response, answer) {
  const message = answer?.message ?? `${response.status} ${response.statusText}`;
  return new ApiError(message, { code: answer?.code ?? response.status, errors: answer?.errors });
}
