import { hasSubscribers, subscribe, unsubscribe } from "node:diagnostics_channel";
import { describe, expect, it, onTestFinished } from "vitest";
import { type DiagnosticMessage, publish } from "../../../src/telemetry/channels.js";

describe("the diagnostics channels", () => {
  it("[A4.1] publish each subject on its own channel and pass the message object unchanged", () => {
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

  it("[A4.1] do not create a message if a channel has no subscriber", () => {
    expect(hasSubscribers("codexkit:turn")).toBe(false);
    publish("turn", () => {
      throw new Error("a message was made");
    });
  });
});
