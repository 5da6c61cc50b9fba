import { describe, expect, it } from "vitest";
import { CodexError, partialResultOf } from "../../../src/index.js";
import { message, respond } from "../../../src/testing/index.js";
import { openRealCodex, transports } from "../real-codex.js";

/** More than the longest line that codexkit reads. */
const huge = "x".repeat(68 * 1024 * 1024);

describe.each(transports)("a final answer over the bound of a line, %s", (transport) => {
  it("[L2] ends the turn with a typed error and the partial result", { timeout: 90_000 }, async () => {
    const steps = [respond(message("before", { phase: "commentary" }), message(huge, { deltas: [] }))];
    await using real = await openRealCodex(transport, steps);
    const thread = real.codex.startThread(real.thread);
    const error: unknown = await thread.run("hello", { timeoutMs: 60_000 }).catch((cause: unknown) => cause);
    expect(CodexError.isInstance(error) && error.toJSON()).toMatchObject({ code: "PROTOCOL_ERROR" });
    expect(String(error)).toMatch(/over the bound of 64 MiB/);
    expect(partialResultOf(error)).toMatchObject({
      status: "inProgress",
      finalResponse: transport === "exec" ? "before" : null,
    });
    expect(partialResultOf(error)?.items.at(-1)).toMatchObject({ type: "agentMessage", text: "before" });
  });
});
