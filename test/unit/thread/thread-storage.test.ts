import { describe, expect, it } from "vitest";
import { Codex } from "../../../src/index.js";
import { ThreadStorage, type UnsavedTurn } from "../../../src/thread/thread-storage.js";
import { createTurnSummary, reduceTurn, type TurnSummary } from "../../../src/thread/turn/reduce-turn.js";
import type { ThreadEvent } from "../../../src/protocol/index.js";
import type { StoredTurn } from "../../../src/transport/transport.js";
import { ThreadNotFoundError } from "../../../src/transport/launch/codex-errors.js";
import { RecordingTransport } from "../client/recording-transport.js";
import { ended, finish, message, started } from "./events.js";

const reason = "Failed to save the conversation transcript; Codex will continue retrying. Error: full";
const warning: ThreadEvent = { type: "warning", threadId: "thread-1", turnId: null, message: reason };
const unsaved: UnsavedTurn = { turnId: "turn-1", startedAt: 1_000, message: reason };
const stored: StoredTurn = {
  turnId: "turn-1",
  startedAt: 1_000,
  status: "completed",
  input: "x",
  worked: false,
  finalResponse: "y",
};
const lost = { code: "THREAD_NOT_SAVED", threadId: "thread-1", retryable: false };
const gone = (turns: readonly StoredTurn[] | null) => ({
  isLoaded: () => Promise.resolve(false),
  history: () => Promise.resolve(turns),
});

describe("the turns that codex has saved", () => {
  it("[L5] a warning about the transcript is an event of its own before the end, a warning of the result, and in the state", async () => {
    const transport = new RecordingTransport();
    const thread = new Codex({ transport }).startThread({ skipGitRepoCheck: true });
    const opened = transport.nextTurn();
    const turn = thread.runStreamed("x");
    const events: ThreadEvent[] = [];
    const reading = (async () => {
      for await (const event of turn) events.push(event);
    })();
    const other: ThreadEvent = { ...warning, message: "Model metadata not found" };
    const own: ThreadEvent = { type: "codexkit.warning", threadId: "thread-1", turnId: null, code: "X", message: "m" };
    (await opened).say(own, started(), other, finish(message("m", "done")), warning, ended());
    await reading;
    const event = { type: "codexkit.thread.unsaved", threadId: "thread-1", turnId: "turn-1", message: reason };
    expect(events.slice(-3)).toEqual([warning, event, ended()]);
    expect((await turn.result()).warnings).toEqual([
      { code: "X", message: "m" },
      { code: "THREAD_NOT_SAVED", message: reason },
    ]);
    const { unsaved: noted } = thread.toJSON();
    expect(noted).toMatchObject({ turnId: "turn-1", message: reason });
    expect(Date.now() - (noted?.startedAt ?? 0)).toBeLessThan(10_000);
    await expect(thread.run("y")).rejects.toMatchObject(lost);
  });

  it("[L5] a later turn that is saved contains the earlier ones", () => {
    const storage = new ThreadStorage();
    storage.record(after(started(), { ...warning, type: "codexkit.thread.unsaved", message: reason }, ended()));
    expect(storage.unsaved?.turnId).toBe("turn-1");
    storage.record(after(started()));
    expect(storage.unsaved?.turnId).toBe("turn-1");
    storage.record(after(started(), ended()));
    expect(storage.unsaved).toBeNull();
  });

  it("[L5] a turn is not lost while codex has it in memory, or if its history contains it", async () => {
    await new ThreadStorage(unsaved).check({ ...gone([]), isLoaded: () => Promise.resolve(true) }, "thread-1");
    const storage = new ThreadStorage(unsaved);
    await storage.check(gone([{ ...stored, turnId: "another" }, stored]), "thread-1");
    expect(storage.unsaved).toBeNull();
    await new ThreadStorage({ ...unsaved, turnId: null }).check(gone([{ ...stored, startedAt: 1_001 }]), "thread-1");
  });

  it.each([
    ["its history is without it", unsaved, gone([{ ...stored, turnId: "another" }])],
    ["its history has only its beginning", unsaved, gone([{ ...stored, status: "inProgress" }])],
    ["its history has earlier turns only", { ...unsaved, turnId: null }, gone([{ ...stored, startedAt: 999 }])],
    ["it cannot be read", unsaved, gone(null)],
    ["the transport keeps nothing", unsaved, {}],
    [
      "codex has saved nothing of the thread",
      unsaved,
      { history: () => Promise.reject(new ThreadNotFoundError("thread-1", "empty")) },
    ],
  ])("[L5] a turn is lost, for good, if %s", async (_case, turn, connection) => {
    const storage = new ThreadStorage(turn);
    for (let round = 0; round < 2; round += 1) {
      await expect(storage.check(connection, "thread-1")).rejects.toMatchObject({ ...lost, turnId: turn.turnId });
      // The check itself has loaded the thread.
      Object.assign(connection, { isLoaded: () => Promise.resolve(true) });
    }
    expect(storage.unsaved).toEqual(turn);
  });

  it("[L5] an error of the check itself is thrown as it is, and the check is repeated", async () => {
    const storage = new ThreadStorage(unsaved);
    const failing = { history: () => Promise.reject(new TypeError("no")) };
    await expect(storage.check(failing, "thread-1")).rejects.toThrow(TypeError);
    await storage.check(gone([stored]), "thread-1");
  });
});

function after(...events: readonly ThreadEvent[]): TurnSummary {
  return events.reduce(reduceTurn, createTurnSummary("thread-1"));
}
