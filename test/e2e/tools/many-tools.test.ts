import { describe, expect, it } from "vitest";
import { type AnyTool, tool, ToolRegistry } from "../../../src/index.js";
import { isJsonObject } from "../../../src/internal/json.js";
import { functionCall, message, type ModelRequest, respond } from "../../../src/testing/index.js";
import { openRealCodex } from "../real-codex.js";

/** One of many tools, with 6 KB of schema. */
function large(index: number, version = 1): AnyTool {
  const fields = Array.from({ length: 60 }, (_, field) => {
    const description = `What ${"this field means ".repeat(5)}${String(field)}, version ${String(version)}`;
    return [`field_${String(field)}`, { type: "string", description }];
  });
  return tool({
    name: `tool_${String(index)}`,
    namespace: `space_${String(index % 20)}`,
    description: `Tool ${String(index)}`,
    parameters: { type: "object", properties: Object.fromEntries(fields) as object },
    execute: (args) => `tool ${String(index)} v${String(version)} ${JSON.stringify(args)}`,
  });
}

function many(version = 1): ToolRegistry {
  const tools = new ToolRegistry(Array.from({ length: 170 }, (_, index) => large(index, index === 169 ? version : 1)));
  expect(JSON.stringify(tools.metadata()).length).toBeGreaterThan(1_000_000);
  return tools;
}

/** Returns the number of host tools in a model request, for each class of model. */
function offered(request: ModelRequest | undefined): number {
  const names = new Set<string>();
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(walk);
    if (!isJsonObject(value)) return;
    const { name } = value;
    const [, known] = /(?:^|__)(tool_\d+)$/.exec(typeof name === "string" ? name : "") ?? [];
    if (known !== undefined) names.add(known);
    Object.values(value).forEach(walk);
  };
  walk(request?.body["tools"]);
  walk(request?.body["input"]);
  return names.size;
}

const served = { namespace: "mcp__codexkit", callId: "last" };
const dynamic = { namespace: "space_9", callId: "last" };
const done = respond(message("Done."));
const args = { field_0: "a" };

describe("170 tools with large schemas", () => {
  it("[A2.2] [A2.0] on the app-server: at the start as dynamic tools, after a change by MCP; the last one is called", async () => {
    await using real = await openRealCodex("app-server", [
      respond(functionCall("tool_169", args, dynamic)),
      done,
      respond(functionCall("space_9__tool_169", args, { ...served, callId: "again" })),
      done,
    ]);
    const tools = many();
    const first = real.codex.startThread({ ...real.thread, tools });
    await first.run("1");
    const [start, after] = real.model.requests;
    expect(offered(start)).toBe(170);
    expect(after?.output("last")).toBe('tool 169 v1 {"field_0":"a"}');
    expect(tools.metrics("tool_169", "space_9")).toMatchObject({ calls: 1, failures: 0 });
    const state = first.toJSON();
    await real.codex.close();

    const changed = many(2);
    const turn = real.client().resumeThread(state, { tools: changed }).runStreamed("2");
    const news: unknown[] = [];
    for await (const event of turn) if (event.type === "codexkit.tools.changed") news.push(event);
    await turn.result();
    expect(news).toMatchObject([{ added: [], removed: [], changed: ["space_9.tool_169"], served: "mcp" }]);
    expect(real.model.requests.at(-1)?.output("again")).toMatch(/\ntool 169 v2 {"field_0":"a"}$/);
    expect(changed.metrics("tool_169", "space_9")).toMatchObject({ calls: 1, failures: 0 });
  });

  it("[A2.2] [A2.0] on exec: at the start and on resume, with the default model too", async () => {
    await using real = await openRealCodex("exec", [
      respond(functionCall("space_9__tool_169", args, served)),
      done,
      respond(functionCall("space_9__tool_169", args, { ...served, callId: "again" })),
      done,
    ]);
    const tools = many();
    const first = real.codex.startThread({ ...real.thread, model: undefined, tools });
    await first.run("1");
    expect(offered(real.model.requests[0])).toBe(170);
    expect(real.model.requests[1]?.output("last")).toMatch(/\ntool 169 v1 {"field_0":"a"}$/);
    await real
      .client()
      .resumeThread(first.toJSON(), { tools: many(2) })
      .run("2");
    expect(real.model.requests.at(-1)?.output("again")).toMatch(/\ntool 169 v2 {"field_0":"a"}$/);
  });
});
