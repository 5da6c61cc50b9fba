import { describe, expect, it } from "vitest";
import { type PartialTurnResult, TurnFailedError, TurnTimeoutError } from "../../../../src/index.js";

describe("the message of a failed turn", () => {
  it.each([
    [
      { message: "Reconnecting... 1/5", additionalDetails: "connection refused" },
      "Reconnecting... 1/5 (connection refused)",
    ],
    [
      { message: "refused: connection refused", additionalDetails: "connection refused" },
      "refused: connection refused",
    ],
    [
      { message: "Reconnecting... 1/5", additionalDetails: "Bearer sk-abcdefgh0123456789" },
      "Reconnecting... 1/5 (Bearer [redacted])",
    ],
    [{ message: "no such model", additionalDetails: " \n" }, "no such model"],
    [{ message: "no such model", additionalDetails: null }, "no such model"],
    [{ message: "no such model" }, "no such model"],
  ])("[R3] contains the details of codex once: %j", (error, message) => {
    expect(new TurnFailedError(resultWith(error)).message).toBe(message);
    expect(new TurnTimeoutError("timeoutMs", 5, resultWith(error)).message).toContain(`Codex's last error: ${message}`);
  });

  it("[R3] is bounded if the details are long", () => {
    const error = { message: "Reconnecting... 1/5", additionalDetails: "x".repeat(1_000_000) };
    expect(new TurnFailedError(resultWith(error)).message.length).toBeLessThan(33_000);
  });
});

function resultWith(error: PartialTurnResult["error"]): PartialTurnResult {
  return {
    status: "failed",
    finalResponse: null,
    items: [],
    unfinishedItems: [],
    usage: {},
    warnings: [],
    threadId: null,
    turnId: null,
    durationMs: 0,
    error,
  };
}
