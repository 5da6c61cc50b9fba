import { describe, expect, it } from "vitest";
import { type Thread, tool, type TurnResult } from "../../../src/index.js";
import { message, type ModelRequest, respond, when } from "../../../src/testing/index.js";
import { callTool, outputIn, toolHarnesses } from "./tool-stand.js";

interface OwnThread {
  readonly timeoutMs?: number;
  /** Awaited before the stand is closed. */
  readonly wait?: () => Promise<unknown>;
}

const nothing = (): Promise<null> => Promise.resolve(null);

describe.each(toolHarnesses)("a host tool that runs a turn, $name", (harness) => {
  it("[A2.2] of another thread with its own tools: the call waits for it and returns its result", async () => {
    const outputs: (string | undefined)[] = [];
    const done = (callId: string, text: string) => (request: ModelRequest) => {
      outputs.push(outputIn(request, callId));
      return respond(message(text));
    };
    await using stand = await harness.open([
      when("outer", respond(callTool(harness, "research", {}, "call_outer")), done("call_outer", "All known.")),
      when("inner", respond(callTool(harness, "look_up", {}, "call_inner")), done("call_inner", "It is blue.")),
    ]);
    const lookUp = tool({ name: "look_up", description: "Looks up", execute: () => "blue" });
    const research = tool({
      name: "research",
      description: "Asks another agent",
      execute: async (_, { signal }) => {
        const thread = stand.codex.startThread({ ...stand.thread, tools: [lookUp] });
        return (await thread.run("inner", { signal })).finalResponse;
      },
    });
    const thread = stand.codex.startThread({ ...stand.thread, tools: [research] });
    expect((await thread.run("outer")).finalResponse).toBe("All known.");
    expect(outputs).toEqual(["blue", "It is blue."]);
  });

  it("[A2.3] of its own thread and awaits it: the call ends at its time limit, and the turn continues", async () => {
    let inner: Promise<unknown> = Promise.resolve();
    const played = await onItsOwnThread(
      (thread, signal) => {
        const running = thread.run("inner", { signal });
        inner = running.catch((error: unknown) => error);
        return running.then(({ finalResponse }) => finalResponse);
      },
      { timeoutMs: 100 },
    );
    expect(played).toMatchObject({
      output: "The tool `again` did not finish within 100 ms.",
      response: "Outer is done.",
    });
    expect(await inner).toMatchObject({ code: "ABORTED" });
  });

  it("[A2.3] of its own thread without awaiting it: the new turn runs after the current one", async () => {
    let inner: Promise<TurnResult> | null = null;
    const queue = (thread: Thread): Promise<string> => {
      inner = thread.run("inner");
      return Promise.resolve("queued");
    };
    const played = await onItsOwnThread(queue, { wait: async () => (await inner)?.finalResponse });
    expect(played).toEqual({ output: "queued", response: "Outer is done.", after: "Inner is done." });
  });

  it("[A2.3] of its own thread with whenBusy reject: the inner run rejects at once", async () => {
    const played = await onItsOwnThread(
      async (thread) => (await thread.run("inner", { whenBusy: "reject" })).finalResponse,
    );
    expect(played.output).toMatch(/^The tool `again` failed: .*(busy|running|turn)/i);
    expect(played.response).toBe("Outer is done.");
  });

  /** A turn whose tool has access to its own thread. */
  async function onItsOwnThread(
    run: (thread: Thread, signal: AbortSignal) => Promise<string | null>,
    { timeoutMs = 60_000, wait = nothing }: OwnThread = {},
  ) {
    let output: string | undefined;
    const outer = (request: ModelRequest) => {
      output = outputIn(request, "call_again");
      return respond(message("Outer is done."));
    };
    await using stand = await harness.open([
      respond(callTool(harness, "again", {}, "call_again")),
      outer,
      respond(message("Inner is done.")),
    ]);
    const again = tool({
      name: "again",
      description: "Runs its own thread",
      timeoutMs,
      execute: async (_, { signal }): Promise<string | null> => run(thread, signal),
    });
    const thread: Thread = stand.codex.startThread({ ...stand.thread, tools: [again] });
    const { finalResponse: response } = await thread.run("outer");
    return { output, response, after: await wait() };
  }
});
