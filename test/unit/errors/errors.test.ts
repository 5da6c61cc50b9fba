import { describe, expect, it, vi } from "vitest";
import { attachedResult, attachResult } from "../../../src/errors/attach-result.js";
import { errorCodes } from "../../../src/errors/error-codes.js";
import * as codexkit from "../../../src/index.js";
import type { PartialTurnResult } from "../../../src/index.js";
import { ThreadBusyError, TurnFailedError, TurnTimeoutError } from "../../../src/thread/turn/turn-errors.js";

const { AbortedError, ClientClosedError, CodexError, OptionError, UnsupportedFeatureError } = codexkit;
const { ProcessExitedError, ProtocolError } = codexkit;
const secret = "sk-planted-0123456789";
const result: PartialTurnResult = {
  status: "failed",
  finalResponse: secret,
  items: [{ type: "agentMessage", id: "m", text: secret }],
  unfinishedItems: [],
  warnings: [],
  usage: {},
  threadId: "thread-1",
  turnId: "turn-1",
  durationMs: 5,
  error: { message: "no", codexErrorInfo: "usageLimitExceeded", additionalDetails: secret },
};

describe("the error tree", () => {
  it("has one root, and every class has the name that it is exported by", () => {
    const classes = Object.entries(codexkit).filter(([name]) => name.endsWith("Error"));
    expect(classes.length).toBeGreaterThan(15);
    for (const [name, value] of classes) {
      expect(typeof value, name).toBe("function");
      if (typeof value !== "function") continue;
      expect(value === CodexError || value.prototype instanceof CodexError, name).toBe(true);
      expect(value.name, name).toBe(name);
    }
  });

  it("recognises codexkit's errors, even if another copy of the package threw them", async () => {
    vi.resetModules();
    const copy = await import("../../../src/errors/client-closed-error.js");
    const foreign = new copy.ClientClosedError();
    expect(foreign).not.toBeInstanceOf(CodexError);
    expect(CodexError.isInstance(foreign)).toBe(true);
    expect(CodexError.isInstance(new ClientClosedError())).toBe(true);
    for (const other of [new Error("x"), { code: "ABORTED" }, null, undefined, "text", Object.create(null)]) {
      expect(CodexError.isInstance(other)).toBe(false);
    }
  });

  it("an abort has the platform's name, the signal's reason as its cause, and the partial result", () => {
    const reason = { my: "reason" };
    const error = new AbortedError(reason, { result, threadId: "thread-1", turnId: null });
    expect(error).toMatchObject({
      name: "AbortError",
      code: "ABORTED",
      retryable: false,
      threadId: "thread-1",
      turnId: null,
    });
    expect(error.cause).toBe(reason);
    expect(codexkit.partialResultOf(error)).toBe(result);
    expect(new AbortedError(undefined)).not.toHaveProperty("cause");
  });

  it("[A4.4] as JSON holds no cause, no stack and nothing of the turn", () => {
    const cause = new Error(secret);
    for (const error of [
      new AbortedError(cause, { result }),
      new TurnFailedError(result),
      new TurnTimeoutError("timeoutMs", 5, result),
      new ThreadBusyError("thread-1"),
      attachResult(new ClientClosedError(), result),
      new OptionError("INVALID_OPTION", "env", "no", { cause }),
      new UnsupportedFeatureError("x", "exec", "y"),
    ]) {
      const json: unknown = JSON.parse(JSON.stringify(error));
      expect(json).toMatchObject({ name: error.name, code: error.code, message: error.message });
      expect(JSON.stringify(json)).not.toMatch(/planted|errors\.test/);
    }
  });

  it("adds the fields of its class to its JSON", () => {
    expect(new OptionError("INVALID_OPTION", "env", "no").toJSON()).toMatchObject({ option: "env", retryable: false });
    expect(new UnsupportedFeatureError("x", "exec", "y").toJSON()).toMatchObject({ feature: "x", transport: "exec" });
    expect(new TurnFailedError(result).toJSON()).toMatchObject({
      codexErrorInfo: "usageLimitExceeded",
      retryable: false,
    });
  });

  it("the message of a failed turn without a reason states that there is none", () => {
    const error = new TurnFailedError({ ...result, error: null });
    expect(error.message).not.toBe("");
    expect(error).toMatchObject({ retryable: undefined, codexErrorInfo: undefined, additionalDetails: null });
  });

  it("carries the partial result of its turn, hidden from inspection, and takes the turn's thread id if it has none", () => {
    const error = attachResult(new ClientClosedError(), result);
    expect(attachedResult(error)).toBe(result);
    expect(attachedResult(new Error("x"))).toBeUndefined();
    expect(error).toMatchObject({ threadId: "thread-1", turnId: "turn-1" });
    expect(attachResult(error, result)).toBe(error);
    const other = attachResult(new ProtocolError("x", { threadId: "thread-0" }), result);
    expect(other).toMatchObject({ threadId: "thread-0", turnId: "turn-1" });
    expect(Object.keys(error)).not.toContain("result");
  });

  it("[A1.9] one that ends several turns at once is one for each of them, with what that turn had done", () => {
    const other = { ...result, threadId: "thread-2", turnId: "turn-2" };
    const death = new ProcessExitedError({ code: null, signal: "SIGKILL" }, "the end", { cause: secret });
    const errors = [attachResult(death, result), attachResult(death, other)] as const;
    expect(death).toMatchObject({ threadId: null, turnId: null });
    expect(attachedResult(death)).toBeUndefined();
    expect(errors.map(({ threadId }) => threadId)).toEqual(["thread-1", "thread-2"]);
    expect(errors.map((error) => codexkit.partialResultOf(error))).toEqual([result, other]);
    for (const error of errors) {
      expect(error).toBeInstanceOf(ProcessExitedError);
      expect(CodexError.isInstance(error)).toBe(true);
      expect(error).toMatchObject({ message: death.message, signal: "SIGKILL", stderr: "the end", cause: secret });
      expect(error.stack).toBe(death.stack);
    }
    expect(new Set([death, ...errors]).size).toBe(3);
  });

  it("has its codes in order, each with a sentence that helps", () => {
    const codes = Object.keys(errorCodes);
    expect(codes.map((code) => code.split("_")[0])).toEqual(codes.map((code) => code.split("_")[0]).sort());
    for (const [code, sentence] of Object.entries(errorCodes)) {
      expect(code).toMatch(/^[A-Z][A-Z_]*$/);
      expect(sentence, code).toMatch(/^[A-Z].{20,}\.$/);
    }
  });
});
