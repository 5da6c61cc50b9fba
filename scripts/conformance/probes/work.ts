import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  addFile,
  deleteFile,
  functionCall,
  message,
  type ModelItem,
  patch,
  respond,
  shell,
  updateFile,
} from "../../../src/testing/index.js";
import { itemsOf, observe } from "../observe.js";
import type { Probe } from "../probe.js";

const done = respond(message("Done."));
const one = (call: ModelItem) => () => [respond(call), done];

/** An MCP server with a tool that needs approval, and one that asks the user. */
export const mcpServer = {
  asking: {
    command: process.execPath,
    args: [fileURLToPath(new URL("../asking-mcp-server.mjs", import.meta.url))],
    required: true,
  },
};

/** Commands, patches, the sandbox, MCP servers. */
export const workProbes: readonly Probe[] = [
  {
    id: "command.output",
    feature: "command",
    model: one(shell("echo hi", { callId: "call" })),
    play: async (stage) => {
      const seen = await observe(stage.thread().runStreamed("Run it"));
      return { items: itemsOf(seen, "commandExecution"), output: stage.model.requests[1]?.output("call") };
    },
    expected: { items: [{ status: "completed", exitCode: 0, aggregatedOutput: "hi\n" }], output: /hi/ },
  },
  {
    id: "command.failure",
    feature: "command",
    model: one(shell("echo oops >&2; exit 3")),
    play: async (stage) => itemsOf(await observe(stage.thread().runStreamed("Run it")), "commandExecution"),
    expected: [{ status: "failed", exitCode: 3, aggregatedOutput: "oops\n" }],
  },
  {
    id: "command.parallel",
    feature: "command",
    model: () => [respond(shell("echo one"), shell("echo two")), done],
    play: async (stage) => itemsOf(await observe(stage.thread().runStreamed("Run both")), "commandExecution").length,
    expected: 2,
  },
  {
    id: "patch.files",
    feature: "patch",
    model: () => [
      respond(patch([addFile("a.txt", "one\n"), addFile("b.txt", "two\n")])),
      respond(patch([updateFile("a.txt", "one\n", "changed\n"), deleteFile("b.txt")])),
      done,
    ],
    play: async (stage) => {
      const seen = await observe(stage.thread({ sandboxMode: "workspace-write" }).runStreamed("Change"));
      const changes = itemsOf(seen, "fileChange").map(({ status }) => status);
      const text = await readFile(join(stage.workTree, "a.txt"), "utf8");
      return { changes, text, deleted: !existsSync(join(stage.workTree, "b.txt")) };
    },
    expected: { changes: ["completed", "completed"], text: "changed\n", deleted: true },
  },
  {
    id: "patch.read-only",
    feature: "patch",
    model: one(patch([addFile("a.txt", "one\n")], { callId: "call" })),
    play: async (stage) => {
      await observe(stage.thread().runStreamed("Change"));
      return { made: existsSync(join(stage.workTree, "a.txt")), output: stage.model.requests[1]?.output("call") };
    },
    expected: { made: false, output: /read-only|reject|denied|not allowed|writing/i },
  },
  ...(["read-only", "workspace-write", "danger-full-access"] as const).map((sandboxMode): Probe => ({
    id: `sandbox.${sandboxMode}`,
    feature: "sandbox",
    model: one(shell("echo x > inside.txt; echo x > ../outside.txt; cat seed.txt", { callId: "call" })),
    play: async (stage) => {
      await writeFile(join(stage.workTree, "seed.txt"), "seed\n");
      // The folders of the probe are below the current directory, which no sandbox makes writable.
      await observe(stage.thread({ sandboxMode }).runStreamed("Write"));
      const made = (name: string): boolean => existsSync(join(stage.workTree, name));
      const output = stage.model.requests[1]?.output("call");
      return { inside: made("inside.txt"), outside: made("../outside.txt"), output };
    },
    expected: {
      inside: sandboxMode !== "read-only",
      outside: sandboxMode === "danger-full-access",
      output: /seed/,
    },
  })),
  {
    id: "sandbox.network",
    feature: "sandbox",
    model: one(
      shell(`node -e 'fetch(process.argv[1]).then(r=>console.log("got",r.status),()=>console.log("no net"))' "$URL"`, {
        callId: "call",
      }),
    ),
    play: async (stage) => {
      const codex = stage.client({ env: { ...stage.env, PATH: process.env["PATH"], URL: stage.model.baseUrl } });
      await observe(codex.startThread(stage.threadOptions({ sandboxMode: "workspace-write" })).runStreamed("Fetch"));
      return stage.model.requests[1]?.output("call");
    },
    expected: /no net/,
  },
  {
    id: "mcp-server.call",
    feature: "MCP server",
    model: one(functionCall("read", {}, { namespace: "mcp__asking", callId: "call" })),
    play: async (stage) => {
      const thread = stage.thread({ config: { mcp_servers: mcpServer } });
      const seen = await observe(thread.runStreamed("Call"));
      return { items: itemsOf(seen, "mcpToolCall"), output: stage.model.requests[1]?.output("call") };
    },
    expected: { items: [{ server: "asking", tool: "read", status: "completed" }], output: /was read/ },
  },
  {
    id: "mcp-server.broken",
    feature: "MCP server",
    model: () => [done],
    play: async (stage) => {
      const broken = { command: "/no/such/server", args: [], required: true };
      const seen = await observe(stage.thread({ config: { mcp_servers: { broken } } }).runStreamed("Call"));
      return { code: seen.error?.code, requests: stage.model.requests.length };
    },
    expected: { code: /./, requests: 0 },
  },
];
