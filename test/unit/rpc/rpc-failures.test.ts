import { describe, expect, it } from "vitest";
import { errorCodes } from "../../../src/errors/error-codes.js";
import { classifyRpcFailure, errorCodeOf, rpcFailures } from "../../../src/rpc/rpc-failures.js";

/** Measured messages of codex 0.169.0. */
const measured = [
  ["no rollout found for thread id 01a2b3c4-0000-7000-8000-000000000000", "threadNotFound", "THREAD_NOT_FOUND"],
  [
    "no archived rollout found for thread id 01a2b3c4-0000-7000-8000-000000000000",
    "threadNotFound",
    "THREAD_NOT_FOUND",
  ],
  ["thread not found: 01a2b3c4-0000-7000-8000-000000000000", "threadNotFound", "THREAD_NOT_FOUND"],
  ["thread not loaded: 01a2b3c4-0000-7000-8000-000000000000", "threadNotFound", "THREAD_NOT_FOUND"],
  ["thread 01a2b3c4 is archived. Run `codex unarchive 01a2b3c4` first", "threadArchived", "RPC_ERROR"],
  [
    "invalid session id: invalid length: expected length 32 for simple format, found 3",
    "threadIdInvalid",
    "INVALID_THREAD_ID",
  ],
  ["thread 01a2b3c4 already has an active writer", "threadBusy", "THREAD_BUSY"],
  ["thread 01a2b3c4 is closing; retry thread/resume after the thread is closed", "threadClosing", "THREAD_BUSY"],
  ["no active turn to interrupt", "turnNotActive", "TURN_NOT_ACTIVE"],
  ["no active turn to steer", "turnNotActive", "TURN_NOT_ACTIVE"],
  ["expected active turn id `a` but found `b`", "turnMismatch", "TURN_NOT_ACTIVE"],
  ["cannot steer a review turn", "turnNotSteerable", "TURN_NOT_ACTIVE"],
  ["ephemeral threads do not support includeTurns", "ephemeralThread", "UNSUPPORTED_FEATURE"],
  ["thread/start.dynamicTools requires experimentalApi capability", "experimentalRequired", "UNSUPPORTED_FEATURE"],
  ["Input exceeds the maximum length of 1048576 characters.", "inputTooLarge", "INPUT_TOO_LARGE"],
  ["Not initialized", "notInitialized", "PROTOCOL_ERROR"],
  ["Already initialized", "alreadyInitialized", "PROTOCOL_ERROR"],
  ["Invalid request: unknown variant `no/such`, expected one of `initialize`", "invalidRequest", "RPC_ERROR"],
] as const;

describe("the failures of the app-server", () => {
  it.each(measured)("recognises %j", (message, kind, errorCode) => {
    expect(classifyRpcFailure({ message })).toBe(kind);
    expect(errorCodeOf(kind)).toBe(errorCode);
  });

  it("recognises a too large input by its data, however it is worded", () => {
    expect(classifyRpcFailure({ message: "anything", data: { input_error_code: "input_too_large" } })).toBe(
      "inputTooLarge",
    );
  });

  it("returns null for unknown failures", () => {
    expect(classifyRpcFailure({ message: "something new", data: null })).toBeNull();
  });

  it("names only codes that exist, each kind once", () => {
    for (const { errorCode } of rpcFailures) expect(errorCodes).toHaveProperty(errorCode);
    expect(new Set(rpcFailures.map(({ kind }) => kind)).size).toBe(rpcFailures.length);
  });
});
