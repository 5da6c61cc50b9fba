import { allow, deny, match, tool, type AnyTool } from "../../../src/index.js";
import { functionCall, message, respond, type ScriptEntry } from "../../../src/testing/index.js";
import { observe } from "../observe.js";
import type { Probe } from "../probe.js";

/** On exec, host tools belong to codexkit's MCP server. */
const namespaceOn = (transport: string) => (transport === "exec" ? { namespace: "mcp__codexkit" } : {});

const calling =
  (name: string, args: Parameters<typeof functionCall>[1] = {}) =>
  (transport: string): ScriptEntry[] => [
    respond(functionCall(name, args, { callId: "call", ...namespaceOn(transport) })),
    respond(message("Done.")),
  ];

const named = (name: string, version = 1): AnyTool =>
  tool({ name, description: `The tool ${name}, version ${version}.`, execute: () => `${name} v${version} ran` });

const added = tool({
  name: "add",
  description: "Adds.",
  parameters: {
    type: "object",
    properties: { a: { type: "number" }, b: { type: "number" } },
    required: ["a", "b"],
  } as const,
  execute: ({ a, b }) => `the sum is ${a + b}`,
});

/** The functions of the host program that the model calls. */
export const toolProbes: readonly Probe[] = [
  {
    id: "host-tool.call",
    feature: "host tool",
    model: calling("add", { a: 1, b: 2 }),
    play: async (stage) => {
      await stage.thread({ tools: [added] }).run("Add");
      return stage.model.requests[1]?.output("call");
    },
    expected: /the sum is 3/,
  },
  {
    id: "host-tool.bad-arguments",
    feature: "host tool",
    model: calling("add", { a: "one" }),
    play: async (stage) => {
      const { status } = await stage.thread({ tools: [added] }).run("Add");
      return { status, output: stage.model.requests[1]?.output("call") };
    },
    expected: { status: "completed", output: /argument|number|must/i },
  },
  {
    id: "host-tool.throws",
    feature: "host tool",
    model: calling("fails"),
    play: async (stage) => {
      const execute = (): string => {
        throw new Error("out of paper");
      };
      await stage.thread({ tools: [tool({ name: "fails", description: "Fails.", execute })] }).run("Try");
      return stage.model.requests[1]?.output("call");
    },
    expected: /out of paper|failed/,
  },
  ...(["allow", "deny"] as const).map((decision): Probe => ({
    id: `host-tool.approval-${decision}`,
    feature: "host tool",
    model: calling("guarded"),
    play: async (stage) => {
      const guarded = tool({ name: "guarded", description: "Guarded.", needsApproval: true, execute: () => "it ran" });
      const rule = match({ tool: "guarded" }, decision === "allow" ? allow() : deny("not today"));
      await stage.thread({ tools: [guarded], onApproval: rule }).run("Try");
      return (stage.model.requests[1]?.output("call") ?? "").includes("it ran");
    },
    expected: decision === "allow",
  })),
  {
    id: "host-tool.resume",
    feature: "host tool",
    model: (transport) => [...calling("a")(transport), ...calling("a")(transport)],
    play: async (stage) => {
      const first = stage.thread({ tools: [named("a")] });
      await first.run("1");
      await stage.codex.close();
      await stage
        .client()
        .resumeThread(first.toJSON(), { tools: [named("a")] })
        .run("2");
      return stage.model.requests[3]?.output("call");
    },
    expected: /a v1 ran/,
  },
  {
    id: "host-tool.changed-on-resume",
    feature: "changed tools on resume",
    model: (transport) => [...calling("a")(transport), ...calling("b")("exec")],
    play: async (stage) => {
      const first = stage.thread({ tools: [named("a")] });
      await first.run("1");
      await stage.codex.close();
      await stage
        .client()
        .resumeThread(first.toJSON(), { tools: [named("b")] })
        .run("2");
      return stage.model.requests[3]?.output("call");
    },
    expected: /b v1 ran/,
  },
  {
    id: "host-tool.twenty-at-once",
    feature: "20 host calls at once",
    since: { "app-server": "0.164.0" },
    model: (transport) => [
      respond(
        ...Array.from({ length: 20 }, (_, index) =>
          functionCall("meet", { index }, { callId: `call_${index}`, ...namespaceOn(transport) }),
        ),
      ),
      respond(message("Done.")),
    ],
    play: async (stage) => {
      let inside = 0;
      let most = 0;
      let arrive = (): void => undefined;
      let late: Promise<unknown> | undefined;
      const all = new Promise<void>((resolve) => (arrive = resolve));
      const execute = async (): Promise<string> => {
        inside += 1;
        most = Math.max(most, inside);
        if (inside === 20) arrive();
        // One limit for all calls: calls one after the other do not wait again.
        late ??= new Promise((resolve) => setTimeout(resolve, 3000));
        await Promise.race([all, late]);
        inside -= 1;
        return "met";
      };
      const meet = tool({
        name: "meet",
        description: "Meets.",
        parameters: { type: "object", properties: { index: { type: "number" } }, required: ["index"] } as const,
        execute,
      });
      const { status } = await observe(stage.thread({ tools: [meet] }).runStreamed("Meet"));
      return { status, most };
    },
    expected: { status: "completed", most: 20 },
  },
];
