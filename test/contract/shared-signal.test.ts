import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import { gate, message, repeat, respond } from "../../src/testing/index.js";
import { harnesses } from "./harnesses.js";

describe.each(harnesses.filter(({ real }) => !real))("one signal for many turns, $name", (harness) => {
  it("[A1.5] has one listener of codexkit, no leak warning, and no listener after the turns", async () => {
    const warnings: string[] = [];
    const onWarning = ({ name }: Error): void => void warnings.push(name);
    process.on("warning", onWarning);
    const held = gate();
    await using stand = await harness.open([respond(held, message("one")), repeat(respond(message("more")))]);
    const thread = stand.codex.startThread(stand.thread);
    const { signal } = new AbortController();
    const runs = Array.from({ length: 12 }, (_, index) => thread.run(`task ${String(index)}`, { signal }));
    await held.reached;
    expect(getEventListeners(signal, "abort")).toHaveLength(1);
    held.open();
    await Promise.all(runs);
    expect(getEventListeners(signal, "abort")).toHaveLength(0);
    process.off("warning", onWarning);
    expect(warnings).toEqual([]);
  });

  it("[A1.8] an abort ends the running turn and all queued turns", async () => {
    const held = gate();
    await using stand = await harness.open([respond(held, message("never"))]);
    const thread = stand.codex.startThread(stand.thread);
    const abort = new AbortController();
    const runs = Array.from({ length: 12 }, () => thread.run("task", { signal: abort.signal }));
    const ended = Promise.allSettled(runs);
    await held.reached;
    abort.abort("enough");
    for (const { status } of await ended) expect(status).toBe("rejected");
    held.open();
    for (const run of runs) await expect(run).rejects.toMatchObject({ code: "ABORTED", cause: "enough" });
    expect(stand.asked()).toBe(1);
  });
});
