import { describe, expect, it } from "vitest";
import { tool, type ToolCallContext, ToolRegistry } from "../../../src/index.js";
import { createDeferred } from "../../../src/internal/deferred.js";
import { message, type ModelRequest, respond } from "../../../src/testing/index.js";
import { callTool, endsIn, outputIn, playTools, toolHarnesses } from "./tool-stand.js";

const numbers = { x: { type: "number" }, y: { type: "number" } } as const;
const parameters = { type: "object", properties: numbers, required: ["x", "y"], additionalProperties: false } as const;

describe.each(toolHarnesses)("host tools, $name", (harness) => {
  it("[A2.2] math_tool {x:4,y:5} runs once with that input and the caller's context, and the next model request contains 9", async () => {
    const seen: { readonly args: object; readonly call: ToolCallContext<{ readonly user: string }> }[] = [];
    const logged: unknown[] = [];
    const log = (...values: unknown[]): void => void logged.push(values);
    const mathTool = tool({
      name: "math_tool",
      description: "Adds two numbers.",
      parameters,
      execute: (args, call: ToolCallContext<{ readonly user: string }>) => {
        seen.push({ args, call });
        call.logger.info("adding", { callId: call.callId });
        return args.x + args.y;
      },
    });
    const tools = new ToolRegistry([mathTool]);
    const played = await playTools(harness, {
      tools,
      calls: [callTool(harness, "math_tool", { x: 4, y: 5 }, "call_math")],
      codex: { logger: { debug: log, info: log, warn: log, error: log } },
      turn: { context: { user: "Ada" } },
    });
    expect(seen).toHaveLength(1);
    const [{ args, call } = { args: null, call: null }] = seen;
    expect(args).toEqual({ x: 4, y: 5 });
    const { threadId } = played;
    expect(call).toMatchObject({ threadId, callId: "call_math", tool: "math_tool", namespace: null, attempt: 1 });
    expect(call?.turnId).toMatch(/^[0-9a-f-]{36}$/);
    expect(call?.context).toEqual({ user: "Ada" });
    expect(call?.signal).toBeInstanceOf(AbortSignal);
    expect(logged).toEqual([["adding", { callId: "call_math" }]]);
    expect(played.output("call_math")).toBe("9");
    expect(played.result).toMatchObject({ finalResponse: "Done.", status: "completed" });
    expect(endsIn(played.events)).toEqual({
      call_math: expect.objectContaining({ threadId, tool: "math_tool", outcome: "success", message: null }) as object,
    });
    expect(tools.metrics("math_tool")).toMatchObject({ calls: 1, failures: 0, byOutcome: { success: 1 } });
  });

  it("[A2.2] the client's tools and context apply to a thread without its own; those of the thread and the turn take precedence", async () => {
    const whose = tool({ name: "whose", description: "Whose", execute: (_, { context }) => String(context) });
    const call = respond(callTool(harness, "whose", {}, "call_whose"));
    const outputs: (string | undefined)[] = [];
    const answered = (request: ModelRequest) => {
      outputs.push(outputIn(request, "call_whose"));
      return respond(message("Done."));
    };
    await using stand = await harness.open([call, answered, call, answered, call, answered], {
      codex: { tools: [whose], context: "the client's" },
    });
    await stand.codex.startThread(stand.thread).run("Go");
    const thread = stand.codex.startThread({ ...stand.thread, context: "the thread's" });
    await thread.run("Go");
    await thread.run("Go", { context: "the turn's" });
    expect(outputs).toEqual(["the client's", "the thread's", "the turn's"]);
  });

  it("[A2.4] twenty parallel calls run at once, and each result goes to its call id", async () => {
    const all = createDeferred<void>();
    let [inside, most] = [0, 0];
    const slow = tool({
      name: "slow",
      description: "Waits for the others",
      parameters,
      execute: async ({ x, y }, { callId }) => {
        most = Math.max(most, (inside += 1));
        if (inside === 20) all.resolve();
        await all.promise;
        inside -= 1;
        return `${callId} ${x + y}`;
      },
    });
    const tools = new ToolRegistry([slow]);
    const calls = Array.from({ length: 20 }, (_, x) => callTool(harness, "slow", { x, y: 100 }, `call_${x}`));
    const played = await playTools(harness, { tools, calls });
    expect(most).toBe(20);
    for (let x = 0; x < 20; x += 1) expect(played.output(`call_${x}`)).toBe(`call_${x} ${x + 100}`);
    expect(Object.values(endsIn(played.events)).map(({ outcome }) => outcome)).toEqual(Array(20).fill("success"));
    expect(tools.metrics("slow")).toMatchObject({ calls: 20, failures: 0 });
  });
});
