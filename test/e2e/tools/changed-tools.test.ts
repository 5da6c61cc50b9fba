import { describe, expect, it } from "vitest";
import {
  type AnyTool,
  Codex,
  type ThreadEvent,
  type ThreadState,
  tool,
  ToolRegistry,
  type Turn,
} from "../../../src/index.js";
import { functionCall, message, respond, type ScriptEntry } from "../../../src/testing/index.js";
import { filesHolding, openRealCodex } from "../real-codex.js";

const served = { namespace: "mcp__codexkit" };

/** A tool that returns its name and version, so that the next model request shows which one ran. */
function named(name: string, version = 1): AnyTool {
  return tool({ name, description: `The tool ${name}, version ${version}.`, execute: () => `${name} v${version} ran` });
}

/** The script of a turn that calls one tool and repeats its output. */
function calling(name: string, how: { readonly namespace?: string } = {}): ScriptEntry[] {
  return [respond(functionCall(name, {}, how)), respond(message("done"))];
}

async function eventsOf(turn: Turn<unknown>): Promise<ThreadEvent[]> {
  const events: ThreadEvent[] = [];
  for await (const event of turn) events.push(event);
  await turn.result();
  return events;
}

function changesIn(events: readonly ThreadEvent[]): readonly object[] {
  return events.flatMap((event) => {
    if (event.type !== "codexkit.tools.changed") return [];
    const { added, removed, changed, served } = event;
    return [{ added, removed, changed, served }];
  });
}

/** Returns the outputs of the host tools, from the items of the turn. */
function outputsIn(events: readonly ThreadEvent[]): readonly string[] {
  return events.flatMap((event) => {
    if (event.type !== "item.completed") return [];
    if (event.item.type === "dynamicToolCall") return [`dynamic: ${JSON.stringify(event.item.contentItems)}`];
    return event.item.type === "mcpToolCall" ? [`mcp: ${JSON.stringify(event.item.result?.content)}`] : [];
  });
}

describe("the tools of a resumed thread, on the app-server", () => {
  it("[A2.0] an unchanged set uses the tools that codex stores with the thread, without an event", async () => {
    await using real = await openRealCodex("app-server", [...calling("a"), ...calling("a")]);
    const first = real.codex.startThread({ ...real.thread, tools: [named("a")] });
    expect(outputsIn(await eventsOf(first.runStreamed("1")))).toEqual([expect.stringMatching(/^dynamic:.*a v1 ran/)]);
    const state = first.toJSON();
    await real.codex.close();
    const stored = JSON.parse(JSON.stringify(state)) as ThreadState;
    const again = real.client().resumeThread(stored, { tools: [named("a")] });
    const events = await eventsOf(again.runStreamed("2"));
    expect(outputsIn(events)).toEqual([expect.stringMatching(/^dynamic:.*a v1 ran/)]);
    expect(changesIn(events)).toEqual([]);
  });

  it("[A2.0] a changed set is served by MCP and reported; a call of a replaced tool is refused with the new name", async () => {
    const steps = [...calling("a"), ...calling("b", served), ...calling("a", served), ...calling("a")];
    await using real = await openRealCodex("app-server", steps);
    const first = real.codex.startThread({ ...real.thread, tools: [named("a"), named("gone")] });
    await first.run("1");
    const state = first.toJSON();
    await real.codex.close();
    const again = real.client().resumeThread(state, { tools: [named("a", 2), named("b")] });
    const events = await eventsOf(again.runStreamed("2"));
    expect(changesIn(events)).toEqual([{ added: ["b"], removed: ["gone"], changed: ["a"], served: "mcp" }]);
    expect(outputsIn(events)).toEqual([expect.stringMatching(/^mcp:.*b v1 ran/)]);
    const second = await eventsOf(again.runStreamed("3"));
    expect(changesIn(second)).toEqual([]);
    expect(outputsIn(second)).toEqual([expect.stringMatching(/^mcp:.*a v2 ran/)]);
    expect(outputsIn(await eventsOf(again.runStreamed("4")))).toEqual([
      expect.stringMatching(/^dynamic:.*a was replaced.*codexkit/),
    ]);
  });

  it("[A2.0] a thread that is resumed by id alone has unknown tools, so the tools are served by MCP", async () => {
    await using real = await openRealCodex("app-server", [...calling("a"), ...calling("a", served)]);
    const first = real.codex.startThread({ ...real.thread, tools: [named("a")] });
    await first.run("1");
    const id = first.id ?? "";
    await real.codex.close();
    const again = real.client().resumeThread(id, { ...real.thread, tools: [named("a", 2)] });
    const events = await eventsOf(again.runStreamed("2"));
    expect(changesIn(events)).toEqual([{ added: ["a"], removed: [], changed: [], served: "mcp" }]);
    expect(outputsIn(events)).toEqual([expect.stringMatching(/^mcp:.*a v2 ran/)]);
  });

  it("[A2.0] a change of a registry applies from the next turn on", async () => {
    const steps = [...calling("a"), ...calling("b", served), ...calling("a")];
    await using real = await openRealCodex("app-server", steps);
    const tools = new ToolRegistry([named("a")]);
    const thread = real.codex.startThread({ ...real.thread, tools });
    await thread.run("1");
    tools.register(named("b"));
    const second = await eventsOf(thread.runStreamed("2"));
    expect(changesIn(second)).toEqual([{ added: ["b"], removed: [], changed: [], served: "mcp" }]);
    expect(outputsIn(second)).toEqual([expect.stringMatching(/^mcp:.*b v1 ran/)]);
    tools.deregister("a");
    const third = await eventsOf(thread.runStreamed("3"));
    expect(changesIn(third)).toEqual([{ added: [], removed: ["a"], changed: [], served: "mcp" }]);
    expect(outputsIn(third)).toEqual([expect.stringMatching(/^dynamic:.*no tool/i)]);
  });

  it("[A2.0] a resumed thread without its tools reports the removed ones, and the model is informed", async () => {
    await using real = await openRealCodex("app-server", [...calling("a"), ...calling("a")]);
    const first = real.codex.startThread({ ...real.thread, tools: [named("a")] });
    await first.run("1");
    const state = first.toJSON();
    await real.codex.close();
    const events = await eventsOf(real.client().resumeThread(state).runStreamed("2"));
    expect(changesIn(events)).toEqual([{ added: [], removed: ["a"], changed: [], served: "none" }]);
    expect(outputsIn(events)).toHaveLength(1);
    expect(events.some(({ type }) => type === "codexkit.request.refused")).toBe(true);
  });

  it("[A2.0] [A1.16] the address of the tool server is in no file of codex and not on its command line", async () => {
    await using real = await openRealCodex("app-server", [
      ...calling("a"),
      ...calling("a", served),
      respond(functionCall("exec_command", { cmd: "env" })),
      respond(message("done")),
    ]);
    const first = real.codex.startThread({ ...real.thread, tools: [named("a")] });
    await first.run("1");
    const again = real.codex.resumeThread(first.id ?? "", { ...real.thread, tools: [named("a", 2)] });
    expect(outputsIn(await eventsOf(again.runStreamed("2")))).toEqual([expect.stringMatching(/^mcp:.*a v2 ran/)]);
    const shown = await again.run("3");
    expect(JSON.stringify(shown.items)).not.toMatch(/Bearer|CODEXKIT_TOOL/i);
    expect(await filesHolding(real.home, "Bearer ")).toEqual([]);
  });
});

it("[A2.0] on exec every turn has the current tools, and a change is reported", async () => {
  const steps = [...calling("a", served), ...calling("b", served)];
  await using real = await openRealCodex("exec", steps);
  const first = real.codex.startThread({ ...real.thread, tools: [named("a")] });
  expect(changesIn(await eventsOf(first.runStreamed("1")))).toEqual([]);
  const again = new Codex({ ...real.model.codexOptions({ codexHome: real.home }), transport: "exec" });
  await using _closing = again;
  const thread = again.resumeThread(first.toJSON(), { tools: [named("b")] });
  const events = await eventsOf(thread.runStreamed("2"));
  expect(changesIn(events)).toEqual([{ added: ["b"], removed: ["a"], changed: [], served: "mcp" }]);
  expect(outputsIn(events)).toEqual([expect.stringMatching(/^mcp:.*b v1 ran/)]);
});
