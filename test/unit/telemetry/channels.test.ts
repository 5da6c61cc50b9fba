import { hasSubscribers, subscribe, unsubscribe } from "node:diagnostics_channel";
import { describe, expect, it, onTestFinished } from "vitest";
import { type DiagnosticMessage, publish } from "../../../src/telemetry/channels.js";

describe("the diagnostics channels", () => {
  it("[A4.1] give each subject its channel, and each message its operation by identity", () => {
    for (const subject of ["client", "process", "turn", "item"] as const) {
      const seen: unknown[] = [];
      const listen = (message: unknown): number => seen.push(message);
      subscribe(`codexkit:${subject}`, listen);
      onTestFinished(() => void unsubscribe(`codexkit:${subject}`, listen));
      const message: DiagnosticMessage = { phase: "start", operation: {}, detail: 1 };
      publish(subject, () => message);
      expect(seen).toEqual([message]);
      expect(seen[0]).toBe(message);
    }
  });

  it("[A4.1] make no message where nobody listens", () => {
    expect(hasSubscribers("codexkit:turn")).toBe(false);
    publish("turn", () => {
      throw new Error("a message was made");
    });
  });
});
