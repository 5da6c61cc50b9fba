import { describe, expect, it } from "vitest";
import { type AnyTool, tool, ToolRegistry } from "../../../src/index.js";
import { callTool, endsIn, playTools, toolHarnesses } from "./tool-stand.js";

const json = { type: "object", properties: { n: { type: "number" } }, required: ["n"] } as const;

function a(name: string, execute: () => string, settings: { readonly isEnabled?: boolean } = {}): AnyTool {
  return tool({ ...settings, name, description: `The tool ${name}`, execute });
}

describe.each(toolHarnesses)("invalid calls of host tools, $name", (harness) => {
  /** Codex passes arguments that are no object to a dynamic tool, and refuses them itself for an MCP server. */
  it.each([
    ["a list", "[1,2]", /do not fit its schema:\n- the value type "array"|must be a JSON object, got \[1,2\]$/],
    ["a text", '"text"', /do not fit its schema:\n- the value type "string"|must be a JSON object, got "text"$/],
    ["nothing at all", "", /^failed to parse function arguments|required property "n"/],
    ["broken JSON", '{"n":', /^failed to parse function arguments|EOF while parsing/],
  ])(
    "[A2.3] the tool does not run with arguments that are %s: the model receives the reason, and the turn completes",
    async (_, args, expected) => {
      let ran = 0;
      const execute = (): number => (ran += 1);
      const strict = tool({ name: "strict", description: "Strict", parameters: json, execute });
      const played = await playTools(harness, {
        tools: [strict],
        calls: [callTool(harness, "strict", args, "call_one")],
      });
      expect(played.result?.status).toBe("completed");
      expect(ran).toBe(0);
      expect(played.output("call_one")).toMatch(expected);
      for (const { outcome } of Object.values(endsIn(played.events))) expect(outcome).toBe("invalidArguments");
    },
  );

  it("[A2.3] a disabled tool is not offered, and codex rejects a call of it", async () => {
    const tools = new ToolRegistry([a("on", () => "on"), a("off", () => "never", { isEnabled: false })]);
    const names = ["off", "never_was"];
    const calls = names.map((name) => callTool(harness, name, {}, `call_${name}`));
    const played = await playTools(harness, { tools, calls });
    expect(played.result?.status).toBe("completed");
    for (const name of names)
      expect(played.output(`call_${name}`)).toMatch(new RegExp(`^unsupported call: .*${name}$`));
    expect(endsIn(played.events)).toEqual({});
    expect(tools.metrics("off")?.calls).toBe(0);
  });

  it("[A2.3] a tool that was removed after the start of the turn is unknown: the model receives the list of tools", async () => {
    const tools = new ToolRegistry([a("stays", () => "here"), a("leaves", () => "never")]);
    const played = await playTools(harness, {
      tools,
      calls: () => {
        tools.deregister("leaves");
        return [callTool(harness, "leaves", {}, "call_leaves"), callTool(harness, "stays", {}, "call_stays")];
      },
    });
    expect(played.result?.status).toBe("completed");
    expect(played.output("call_leaves")).toBe("There is no tool `leaves`. There are `stays`.");
    expect(played.output("call_stays")).toBe("here");
    expect(endsIn(played.events)).toMatchObject({
      call_leaves: { outcome: "unknownTool", tool: "leaves" },
      call_stays: { outcome: "success" },
    });
  });
});
