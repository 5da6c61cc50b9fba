import { describe, expect, it } from "vitest";
import {
  type AnyTool,
  type ApprovalHandler,
  Codex,
  type ThreadEvent,
  tool,
  toolOutput,
  ToolRegistry,
} from "../../../src/index.js";
import { functionCall, message, type ModelRequest, respond } from "../../../src/testing/index.js";
import { openRealCodex, transports } from "../real-codex.js";

type Settings = Partial<Omit<Parameters<typeof tool>[0], "name" | "execute">>;

function a(name: string, execute: () => unknown = () => "never", settings: Settings = {}): AnyTool {
  return tool({ description: `The tool ${name}`, ...settings, name, execute: () => execute() as string });
}

function throwing(error: unknown): () => never {
  return () => {
    throw error;
  };
}

const never = (): Promise<never> => new Promise<never>(() => undefined);
const bare = Object.create(null) as object;
const circle: Record<string, unknown> = {};
circle["self"] = circle;
const deep: unknown[] = [];
for (let level = 0, inner = deep; level < 100_000; level += 1) inner.push((inner = []));
const unreadable = Object.defineProperty(new Error(), "message", { get: throwing(bare) });
const liar = new Proxy(new Error("x"), { getPrototypeOf: throwing(bare) });
const megabytes = 1_000_000;
const png = Buffer.concat([Buffer.from("89504e470d0a1a0a0000000d49484452", "hex"), Buffer.alloc(50 * megabytes)]);
const short = { timeoutMs: 100 };
const hangingGuardrail = { name: "hanging", check: never };

/** A fault of a tool, the outcome in the call's event, and the model's input. */
const misdeeds: readonly (readonly [AnyTool, string, RegExp])[] = [
  [a("throws", throwing(new Error("no luck"))), "threw", /failed: no luck/],
  [a("throws_null", throwing(null)), "threw", /not an error/],
  [a("throws_bare_object", throwing(bare)), "threw", /not an error/],
  [a("throws_unreadable", throwing(unreadable)), "threw", /failed/],
  [a("throws_liar", throwing(liar)), "threw", /failed/],
  [a("throws_long", throwing(new Error("long ".repeat(megabytes)))), "threw", /failed: long .*left out/s],
  [a("throws_halves", throwing(new Error("half \ud800"))), "threw", /half \ufffd/],
  [a("rejects", () => Promise.reject(new Error("no promise"))), "threw", /failed: no promise/],
  [a("hangs", never, short), "timedOut", /did not finish within 100 ms/],
  [a("enabled_someday", undefined, { ...short, isEnabled: never }), "timedOut", /within 100 ms/],
  [a("asks_someday", undefined, { ...short, needsApproval: never }), "timedOut", /within 100 ms/],
  [a("guarded_before", undefined, { ...short, inputGuardrails: [hangingGuardrail] }), "timedOut", /within 100 ms/],
  [a("guarded_behind", () => 1, { ...short, outputGuardrails: [hangingGuardrail] }), "timedOut", /within 100 ms/],
  [a("circular", () => circle), "unusableResult", /circular/],
  [a("big_int", () => 1n), "unusableResult", /BigInt/],
  [a("function", () => () => 1), "unusableResult", /function/],
  [a("symbol", () => Symbol("s")), "unusableResult", /symbol/],
  [a("bad_to_json", () => ({ toJSON: throwing(bare) })), "unusableResult|threw", /./],
  [
    a("throwing_getter", () => Object.defineProperty({}, "x", { enumerable: true, get: throwing(new Error("got")) })),
    "unusableResult",
    /got/,
  ],
  [a("image_50_mb", () => toolOutput([{ type: "image", data: png }])), "unusableResult", /too large/],
  [
    a("image_of_nothing", () => toolOutput([{ type: "image", dataUrl: "data:image/png;base64," }])),
    "unusableResult",
    /data URL/,
  ],
  [a("parts_of_nothing", () => toolOutput([null as unknown as string])), "unusableResult", /part/],
  [a("text_50_mb", () => "x".repeat(50 * megabytes)), "success", /^x{1000}/],
  [a("json_50_mb", () => Array<number>(10 * megabytes).fill(1234)), "success", /^\[1234,/],
  [a("deep", () => deep), "unusableResult", /call stack/],
  [a("halves_and_nulls", () => "a\ud800b\0c"), "success", /^a\ufffdb\0?c$/],
  [a("many_parts", () => toolOutput(Array<string>(20_000).fill("part"))), "success", /part/],
];

const accepted = { decision: "accept" } as const;

/** Faults of an approval handler, by the tool of the request. */
const answers: Readonly<Record<string, ApprovalHandler>> = {
  throws: throwing(new Error("a secret of the host")),
  throws_bare_object: throwing(bare),
  rejects: () => Promise.reject(new Error("a secret of the host")),
  never: never,
  returns_nothing: (() => undefined) as unknown as ApprovalHandler,
  returns_yes: (() => "yes") as unknown as ApprovalHandler,
  returns_true: (() => true) as unknown as ApprovalHandler,
  returns_maybe: (() => ({ decision: "maybe" })) as unknown as ApprovalHandler,
  returns_too_much: (() => ({ decision: "accept", always: true })) as unknown as ApprovalHandler,
  returns_another_kind: (() => ({ decision: "answer", answers: {} })) as unknown as ApprovalHandler,
  returns_a_circle: (() => circle) as unknown as ApprovalHandler,
  wrong_reason: (() => ({ decision: "decline", reason: 1 })) as unknown as ApprovalHandler,
  unreadable: (() => Object.defineProperty({}, "decision", { get: throwing(bare) })) as unknown as ApprovalHandler,
  thenable_twice: (() => ({
    then: (resolve: (decision: object) => void) => (resolve({ decision: "decline" }), resolve(accepted)),
  })) as unknown as ApprovalHandler,
};

function call(transport: string, name: string) {
  return functionCall(name, {}, { callId: name, ...(transport === "exec" ? { namespace: "mcp__codexkit" } : {}) });
}

/** A turn in which the model calls all of the tools at once. */
async function callAll(transport: (typeof transports)[number], tools: ToolRegistry, thread: object = {}) {
  let last: ModelRequest | undefined;
  const first = respond(...tools.list().map(({ name }) => call(transport, name)));
  const second = (request: ModelRequest) => {
    last = request;
    return respond(message("Done."));
  };
  await using stand = await openRealCodex(transport, [first, second]);
  const turn = stand.codex.startThread({ ...stand.thread, ...thread, tools }).runStreamed("Go");
  const events: ThreadEvent[] = [];
  for await (const event of turn) events.push(event);
  const { status, finalResponse } = await turn.result();
  expect([status, finalResponse]).toEqual(["completed", "Done."]);
  const outputOf = (name: string): string =>
    (last?.output(name) ?? "(nothing)").replace(/^Wall time: .*\nOutput:\n?/, "");
  return { events, outputOf };
}

describe.each(transports)("bad host tools on %s", (transport) => {
  it("[A2.3] for every fault of a tool the model is informed, the turn completes and an event is emitted", async () => {
    const tools = new ToolRegistry(misdeeds.map(([made]) => made));
    const { events, outputOf } = await callAll(transport, tools);
    for (const [{ name }, outcome, text] of misdeeds) {
      expect.soft(outputOf(name).slice(0, 40_000), name).toMatch(text);
      const ends = events.flatMap((event) =>
        event.type === "codexkit.tool.completed" && event.callId === name ? [event] : [],
      );
      expect.soft(ends, name).toEqual([expect.objectContaining({ outcome: expect.stringMatching(outcome) as string })]);
      expect.soft(tools.metrics(name)?.calls, name).toBe(1);
    }
    const leftOut = events.find((event) => event.type === "codexkit.tool.completed" && event.callId === "text_50_mb");
    expect(leftOut).toMatchObject({ message: "49000000 characters of the result were left out." });
  });

  it("[A2.5] every fault of an approval handler declines with a reason for the model, and an event reports the fault", async () => {
    const ran: string[] = [];
    const names = Object.keys(answers);
    const tools = new ToolRegistry(names.map((name) => a(name, () => ran.push(name), { needsApproval: true })));
    const onApproval: ApprovalHandler = (request, context) => {
      const answer = request.kind === "tool" ? answers[request.tool] : undefined;
      return answer === undefined ? accepted : answer(request, context);
    };
    const { events, outputOf } = await callAll(transport, tools, {
      onApproval,
      approvalTimeoutMs: 300,
    });
    expect(ran).toEqual([]);
    for (const name of names) {
      expect.soft(outputOf(name), name).toMatch(new RegExp(`^The call of \`${name}\` was declined`));
      expect.soft(outputOf(name)).not.toContain("secret");
      const ends = events.filter((event) => event.type === "codexkit.approval.resolved" && event.itemId === name);
      const by = name === "never" ? "timeout" : name === "thenable_twice" ? "handler" : "failure";
      expect.soft(ends, name).toEqual([expect.objectContaining({ decision: "decline", by })]);
    }
    const reasons = events.flatMap((event) => (event.type === "codexkit.approval.resolved" ? [event.reason] : []));
    expect(reasons.filter((reason) => reason?.includes("a secret of the host"))).toHaveLength(2);
  });

  it("[A2.5] a second decision on a deferred request throws and has no effect", async () => {
    const ran: string[] = [];
    const tools = new ToolRegistry([a("deploy", () => ran.push("deploy"), { needsApproval: true })]);
    await using stand = await openRealCodex(transport, [respond(call(transport, "deploy")), respond(message("Done."))]);
    const thread = stand.codex.startThread({ ...stand.thread, tools, onApproval: () => ({ decision: "defer" }) });
    const result = thread.run("Go");
    await expect.poll(() => thread.interruptions.list(), { timeout: 30_000, interval: 5 }).toHaveLength(1);
    const [waiting] = thread.interruptions.list();
    waiting?.decide({ decision: "decline" });
    expect(() => waiting?.decide({ decision: "accept" })).toThrow(expect.objectContaining({ code: "APPROVAL_GONE" }));
    expect((await result).status).toBe("completed");
    expect(ran).toEqual([]);
  });

  it("[A2.0] [A2.1] rejects tools that codex would refuse or misread, before a process starts", async () => {
    await using stand = await openRealCodex(transport, []);
    const schema = (parameters: object) => () => a("t", undefined, { parameters: parameters as { type: "object" } });
    const bad: readonly (readonly [string, () => unknown])[] = [
      ["DUPLICATE_TOOL", () => stand.codex.startThread({ tools: [a("one"), a("one")] })],
      ["DUPLICATE_TOOL", () => stand.codex.startThread({ tools: [a("a-b"), a("a_b")] })],
      ["DUPLICATE_TOOL", () => new ToolRegistry([a("one")]).register(a("one"))],
      ["DUPLICATE_TOOL", () => new Codex({ tools: [a("one")] }).startThread({ tools: [a("one")] })],
      [
        "INVALID_TOOL",
        () => stand.codex.startThread({ tools: [{ name: "not made by tool()" } as unknown as AnyTool] }),
      ],
      ...["", "a b", "a.b", "é", "x".repeat(129), "mcp__x", "mcp", "exec_command"].map(
        (name) => ["INVALID_TOOL", () => a(name)] as const,
      ),
      ...["functions", "web", "a b", "x".repeat(65)].map(
        (namespace) => ["INVALID_TOOL", () => a("t", undefined, { namespace })] as const,
      ),
      ["INVALID_SCHEMA", schema({ type: "string" })],
      ["INVALID_SCHEMA", schema({ type: "object", properties: { x: { type: "text" } } })],
      ["INVALID_SCHEMA", schema({ type: "object", properties: { x: { $ref: "#/$defs/none" } } })],
      ["INVALID_SCHEMA", schema({ type: "object", properties: { x: { $ref: "https://example.com/a.json" } } })],
      ["INVALID_SCHEMA", schema(circle)],
    ];
    for (const [code, make] of bad) expect.soft(make, make.toString()).toThrow(expect.objectContaining({ code }));
    expect(stand.pids).toEqual([]);
  });

  it("[A2.3] adds the parts of a schema that codex removes to the description, and refuses a call that violates them", async () => {
    let ran = 0;
    const parameters = {
      type: "object",
      properties: { code: { type: "string", pattern: "^[A-Z]+$", minLength: 3 } },
      required: ["code"],
    } as const;
    const strict = tool({ name: "strict", description: "Strict", parameters, execute: () => `ran ${(ran += 1)}` });
    const how = transport === "exec" ? { namespace: "mcp__codexkit" } : {};
    const calls = ["ab", "ABC"].map((code) => functionCall("strict", { code }, { callId: code, ...how }));
    await using stand = await openRealCodex(transport, [respond(...calls), respond(message("Done."))]);
    await stand.codex.startThread({ ...stand.thread, tools: [strict] }).run("Go");
    const [first, second] = stand.model.requests;
    expect(JSON.stringify(first?.body)).toMatch(/pattern: \\"\^\[A-Z\]\+\$/);
    expect(second?.output("ab")).toMatch(/do not fit its schema:\n- .*code/);
    expect(second?.output("ABC")).toMatch(/ran 1$/);
  });
});
