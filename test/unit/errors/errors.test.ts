import { describe, expect, it, vi } from "vitest";
import { attachedResult, attachResult } from "../../../src/errors/attach-result.js";
import { errorCodes } from "../../../src/errors/error-codes.js";
import * as codexkit from "../../../src/index.js";
import type { PartialTurnResult } from "../../../src/index.js";
import { ThreadBusyError, TurnFailedError, TurnTimeoutError } from "../../../src/thread/turn-errors.js";

const { AbortedError, ClientClosedError, CodexError, OptionError, UnsupportedFeatureError } = codexkit;
const secret = "sk-planted-0123456789";
const result: PartialTurnResult = {
  status: "failed",
  finalResponse: secret,
  items: [{ type: "agentMessage", id: "m", text: secret }],
  unfinishedItems: [],
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

  it("tells codexkit's errors from others, also where another copy of the package threw them", async () => {
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

  it("adds what its class knows to its JSON", () => {
    expect(new OptionError("INVALID_OPTION", "env", "no").toJSON()).toMatchObject({ option: "env", retryable: false });
    expect(new UnsupportedFeatureError("x", "exec", "y").toJSON()).toMatchObject({ feature: "x", transport: "exec" });
    expect(new TurnFailedError(result).toJSON()).toMatchObject({
      codexErrorInfo: "usageLimitExceeded",
      retryable: false,
    });
  });

  it("a failed turn without a reason says so", () => {
    const error = new TurnFailedError({ ...result, error: null });
    expect(error.message).not.toBe("");
    expect(error).toMatchObject({ retryable: undefined, codexErrorInfo: undefined, additionalDetails: null });
  });

  it("keeps the first result that is attached to an error, and shows it to nobody", () => {
    const error = attachResult(attachResult(new ClientClosedError(), 1), 2);
    expect(attachedResult(error)).toBe(1);
    expect(attachedResult(new Error("x"))).toBeUndefined();
    expect(Object.keys(error)).not.toContain("result");
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
