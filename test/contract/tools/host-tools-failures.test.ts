import { type } from "arktype";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { type AnyTool, tool, toolOutput, ToolRegistry } from "../../../src/index.js";
import type { JsonValue } from "../../../src/internal/json.js";
import type { ToolOutcome } from "../../../src/protocol/index.js";
import { callTool, endsIn, ownTypesIn, playTools, toolHarnesses } from "./tool-stand.js";

const pixel = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

interface Case {
  readonly tool: AnyTool;
  readonly args?: JsonValue;
  readonly outcome: ToolOutcome;
  /** The output in the next model request. */
  readonly output: string | RegExp;
}

type Settings = Omit<Parameters<typeof tool>[0], "name" | "description" | "execute">;

function a(name: string, execute: () => unknown, settings: Settings = {}): AnyTool {
  return tool({ ...settings, name, description: `The tool ${name}`, execute: () => execute() as JsonValue });
}

const json = { type: "object", properties: { n: { type: "number" } }, required: ["n"] } as const;
const valibotLike = {
  schema: {
    "~standard": {
      version: 1,
      vendor: "valibot",
      validate: (value: unknown) => {
        const n = typeof value === "object" && value !== null && "n" in value ? value.n : undefined;
        return typeof n === "number" ? { value: { n } } : { issues: [{ message: "Expected number", path: ["n"] }] };
      },
    },
  },
  jsonSchema: json,
} as const;
const never = (): Promise<never> => new Promise<never>(() => undefined);
const unfit = (name: string): RegExp => new RegExp(`^The arguments of \`${name}\` do not fit its schema:\n- .*\\bn\\b`);

/** A result of a tool, and the output for the model. */
const results: readonly Case[] = [
  { tool: a("text", () => "plain"), outcome: "success", output: "plain" },
  { tool: a("empty_text", () => ""), outcome: "success", output: "" },
  { tool: a("json", () => ({ list: [1, null, "ä😀"] })), outcome: "success", output: '{"list":[1,null,"ä😀"]}' },
  { tool: a("nothing", () => undefined), outcome: "success", output: "Done. (The tool returned no output.)" },
  { tool: a("zero", () => 0), outcome: "success", output: "0" },
  { tool: a("parts", () => toolOutput(["one", "two"])), outcome: "success", output: "one\ntwo" },
  { tool: a("no_parts", () => toolOutput([])), outcome: "success", output: "" },
];

const failures: readonly Case[] = [
  {
    tool: a("throws", () => {
      throw new Error("the disk is full");
    }),
    outcome: "threw",
    output: "The tool `throws` failed: the disk is full",
  },
  {
    tool: a("rejects", async () => Promise.reject(new Error("no route"))),
    outcome: "threw",
    output: "The tool `rejects` failed: no route",
  },
  {
    tool: a("throws_number", () => {
      // eslint-disable-next-line @typescript-eslint/only-throw-error -- some programs throw a number
      throw 42;
    }),
    outcome: "threw",
    output: "The tool `throws_number` failed: it threw a value that is not an error",
  },
  {
    tool: a(
      "words_it",
      () => {
        throw new Error("secret");
      },
      { onError: () => "Try later." },
    ),
    outcome: "threw",
    output: "Try later.",
  },
  {
    tool: a(
      "words_badly",
      () => {
        throw new Error("the first");
      },
      {
        onError: () => {
          throw new Error("the second");
        },
      },
    ),
    outcome: "threw",
    output: "The tool `words_badly` failed: the first",
  },
  {
    tool: a("hangs", never, { timeoutMs: 50 }),
    outcome: "timedOut",
    output: "The tool `hangs` did not finish within 50 ms.",
  },
  {
    tool: a("closed", () => "never", { isEnabled: () => false }),
    outcome: "disabled",
    output: "The tool `closed` is not available now.",
  },
  {
    tool: a("cannot_say", () => "never", {
      isEnabled: () => {
        throw new Error("no");
      },
    }),
    outcome: "disabled",
    output: "The tool `cannot_say` is not available now.",
  },
  {
    tool: a("by_json", () => "never", { parameters: json }),
    args: { n: "x" },
    outcome: "invalidArguments",
    output: unfit("by_json"),
  },
  {
    tool: a("by_zod", () => "never", { parameters: z.object({ n: z.number() }) }),
    args: { n: "x" },
    outcome: "invalidArguments",
    output: unfit("by_zod"),
  },
  {
    tool: a("by_arktype", () => "never", { parameters: type({ n: "number" }) }),
    args: { n: "x" },
    outcome: "invalidArguments",
    output: unfit("by_arktype"),
  },
  {
    tool: a("by_pair", () => "never", { parameters: valibotLike }),
    args: { n: "x" },
    outcome: "invalidArguments",
    output: unfit("by_pair"),
  },
  {
    tool: a("missing", () => "never", { parameters: json }),
    args: {},
    outcome: "invalidArguments",
    output: unfit("missing"),
  },
];

const circle: Record<string, unknown> = {};
circle["self"] = circle;

const unusable: readonly Case[] = [
  ["circular", () => circle, /circular/],
  ["big_int", () => ({ n: 1n }), /BigInt/],
  ["function", () => () => 1, /function/],
  ["map", () => new Map(), /Map/],
  ["bytes", () => pixel, /toolOutput/],
  ["web_image", () => toolOutput([{ type: "image", dataUrl: "https://example.com/a.png" }]), /not a data URL/],
  ["no_image", () => toolOutput([{ type: "image", data: Buffer.from("text") }]), /an unknown type/],
].map(([name, execute, output]) => ({
  tool: a(String(name), execute as () => unknown),
  outcome: "unusableResult" as const,
  output: output as RegExp,
}));

describe.each(toolHarnesses)("results of host tools, $name", (harness) => {
  it.each([
    ["results", results],
    ["failures", failures],
    ["results that are none", unusable],
  ])("[A2.3] %s: the model receives a defined text, the turn completes, and the call is counted", async (_, cases) => {
    const tools = new ToolRegistry(cases.map((each) => each.tool));
    const played = await playTools(harness, {
      tools,
      calls: cases.map((each) => callTool(harness, each.tool.name, each.args ?? {}, `call_${each.tool.name}`)),
    });
    expect(played.result).toMatchObject({ status: "completed", finalResponse: "Done." });
    const ends = endsIn(played.events);
    for (const {
      tool: { name },
      outcome,
      output,
    } of cases) {
      if (typeof output === "string") expect.soft(played.output(`call_${name}`), name).toBe(output);
      else expect.soft(played.output(`call_${name}`), name).toMatch(output);
      const message = outcome === "success" ? null : played.output(`call_${name}`);
      expect.soft(ends[`call_${name}`], name).toMatchObject({ tool: name, outcome, message });
      const failed = outcome === "success" ? 0 : 1;
      expect.soft(tools.metrics(name), name).toMatchObject({ calls: 1, failures: failed, byOutcome: { [outcome]: 1 } });
      expect.soft(tools.metrics(name)?.latency.count).toBe(1);
    }
    expect(Object.keys(ends)).toHaveLength(cases.length);
    expect(ownTypesIn(played.events).at(-1)).toBe("turn.completed");
  });

  it("[A2.3] a text and an image reach the model, in order", async () => {
    const chart = a("chart", () => toolOutput(["Sales:", { type: "image", data: pixel }]));
    const played = await playTools(harness, { tools: [chart], calls: [callTool(harness, "chart", {}, "call_chart")] });
    expect(played.result?.status).toBe("completed");
    expect(endsIn(played.events)["call_chart"]?.outcome).toBe("success");
    const output = played.request?.input.filter((item) => item["call_id"] === "call_chart").at(-1)?.["output"];
    expect(played.output("call_chart")).toMatch(/Sales:/);
    if (harness.real) expect(JSON.stringify(output)).toContain(`data:image/png;base64,${pixel.toString("base64")}`);
    else expect(output).toBe("Sales:\n<inputImage>");
  });
});
