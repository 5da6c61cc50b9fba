import { stat } from "node:fs/promises";
import { expect, it } from "vitest";
import { withDeadline } from "../../../../src/internal/time/with-deadline.js";

it("[A7.2] [L7] a deadline does not pass for work that has ended while the host program blocked its event loop", async () => {
  const work = stat(import.meta.filename);
  const waiting = withDeadline(work, { timeoutMs: 20, onTimeout: () => new Error("too late") });
  const end = performance.now() + 150;
  while (performance.now() < end);
  expect((await waiting).isFile()).toBe(true);
});
