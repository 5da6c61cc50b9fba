import { describe, expect, it } from "vitest";
import { parseJson } from "../../../../src/internal/json.js";
import { decodeNotification, type TurnFailure } from "../../../../src/protocol/index.js";
import { isRetryableFailure } from "../../../../src/thread/turn/turn-errors.js";

type Info = TurnFailure["codexErrorInfo"];

describe("whether a failed turn may succeed later", () => {
  it.each<[string, Info, boolean | undefined]>([
    ["an overloaded server", "serverOverloaded", true],
    ["a rate limit", "rateLimitExceeded", true],
    ["an internal error", "internalServerError", true],
    ["a spent quota", "usageLimitExceeded", false],
    ["a full context window", "contextWindowExceeded", false],
    ["an unknown model", "modelNotFound", false],
    ["no permission", "unauthorized", false],
    ["a bad request", "badRequest", false],
    ["a policy", "cyberPolicy", false],
    ["anything else", "other", undefined],
    ["429", { responseTooManyFailedAttempts: { httpStatusCode: 429 } }, true],
    ["503", { httpConnectionFailed: { httpStatusCode: 503 } }, true],
    ["408", { httpConnectionFailed: { httpStatusCode: 408 } }, true],
    ["401", { httpConnectionFailed: { httpStatusCode: 401 } }, false],
    ["403", { responseStreamConnectionFailed: { httpStatusCode: 403 } }, false],
    ["no connection", { httpConnectionFailed: { httpStatusCode: null } }, true],
    ["a cut stream", { responseStreamDisconnected: { httpStatusCode: null } }, true],
    ["a turn that cannot be steered", { activeTurnNotSteerable: { turnKind: "review" } }, undefined],
    ["nothing", null, undefined],
    ["nothing at all", undefined, undefined],
  ])("after %s", (_, codexErrorInfo, expected) => {
    expect(isRetryableFailure({ message: "x", ...(codexErrorInfo === undefined ? {} : { codexErrorInfo }) })).toBe(
      expected,
    );
  });

  it.each([
    ["the connection broke", "stream disconnected before completion: Transport error: network error", true],
    ["the stream ended early", "stream disconnected before completion: stream closed before response.completed", true],
    ["the stream fell silent", "stream disconnected before completion: idle timeout waiting for SSE", true],
    ["the model stopped", "stream disconnected before completion: Incomplete response returned, reason: x", undefined],
    ["the provider gave up", "stream disconnected before completion: provider reports server error", undefined],
    ["the prompt is refused", "Invalid prompt", undefined],
  ])("derives from the message of a failure without a kind whether %s", (_, message, expected) => {
    expect(isRetryableFailure({ message, codexErrorInfo: "other" })).toBe(expected);
    expect(isRetryableFailure({ message })).toBeUndefined();
  });

  it("is undefined on exec, which reports no kind, and for an unknown kind", () => {
    expect(isRetryableFailure(null)).toBeUndefined();
    expect(isRetryableFailure({ message: "x" })).toBeUndefined();
    const odd: unknown[] = ["solarFlare", { solarFlare: {} }, {}];
    for (const codexErrorInfo of odd) {
      expect(isRetryableFailure(decodedFailure(codexErrorInfo))).toBeUndefined();
    }
  });
});

/** Returns a failure as decoded from the wire, such as one of a newer codex. */
function decodedFailure(codexErrorInfo: unknown): TurnFailure {
  const params = { threadId: "t", turnId: "u", willRetry: false, error: { message: "x", codexErrorInfo } };
  const event = decodeNotification({ method: "error", params: parseJson(JSON.stringify(params)) ?? null }, "");
  if (event.type !== "error") throw new Error(`it was read as ${event.type}`);
  return event.error;
}
