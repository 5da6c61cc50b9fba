import { readdirSync, readlinkSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { describe, expect, it, onTestFinished } from "vitest";
import {
  type AnyTool,
  type ApprovalHandler,
  type Thread,
  type ThreadEvent,
  tool,
  ToolRegistry,
} from "../../../src/index.js";
import { functionCall, message, respond, type ScriptEntry, shell } from "../../../src/testing/index.js";
import { collectGarbage } from "../../unit/thread/collect-garbage.js";
import { openRealCodex, type RealCodex, transports } from "../real-codex.js";

const served = { namespace: "mcp__codexkit" };
const done = respond(message("done"));

function named(name: string): AnyTool {
  return tool({ name, description: `The tool ${name}.`, execute: () => `${name} ran` });
}

/** The script of a turn that calls one host tool by MCP. */
function calling(name: string): ScriptEntry[] {
  return [respond(functionCall(name, {}, served)), done];
}

/** Runs one turn. Returns the outputs of its MCP calls and its reported changes of the set of tools. */
async function turnOf(thread: Thread, input = "Go") {
  const events: ThreadEvent[] = [];
  const turn = thread.runStreamed(input);
  for await (const event of turn) events.push(event);
  await turn.result();
  return {
    changes: events.flatMap((event) =>
      event.type === "codexkit.tools.changed" ? [{ added: event.added, served: event.served }] : [],
    ),
    outputs: events.flatMap((event) =>
      event.type === "item.completed" && event.item.type === "mcpToolCall"
        ? [JSON.stringify(event.item.result?.content)]
        : [],
    ),
  };
}

/** A stored thread with one turn and no tools. */
async function startPlain({ codex, thread }: RealCodex): Promise<Thread> {
  const plain = codex.startThread(thread);
  await plain.run("Begin");
  return plain;
}

/** Returns true if the last model request offered host tools. */
function isShownTools({ model }: RealCodex): boolean {
  return JSON.stringify(model.requests.at(-1)?.body["tools"]).includes(served.namespace);
}

const ran = (name: string): readonly unknown[] => [expect.stringContaining(`${name} ran`)];

describe("tools that are served by MCP", () => {
  it("[A2.0] each handle of a thread has its own, independent of the handle that loaded it last", async () => {
    await using real = await openRealCodex("app-server", [
      done,
      ...calling("x"),
      ...calling("y"),
      ...calling("x"),
      done,
    ]);
    const plain = await startPlain(real);
    const x = real.codex.resumeThread(plain.id ?? "", { ...real.thread, tools: [named("x")] });
    const y = real.codex.resumeThread(plain.id ?? "", { ...real.thread, tools: [named("y")] });
    expect(await turnOf(x)).toMatchObject({ outputs: ran("x"), changes: [{ added: ["x"], served: "mcp" }] });
    expect(await turnOf(y)).toMatchObject({ outputs: ran("y") });
    expect(await turnOf(x)).toMatchObject({ outputs: ran("x"), changes: [] });
    expect(isShownTools(real)).toBe(true);
    await turnOf(plain);
    expect(isShownTools(real)).toBe(false);
  });

  it("[A2.0] a handle that is created during another handle's first turn knows the tools that codex has stored", async () => {
    await using real = await openRealCodex("app-server", [done, done]);
    const first = real.codex.startThread({ ...real.thread, tools: [named("a")] }).runStreamed("Begin");
    let second: ReturnType<typeof turnOf> | null = null;
    for await (const { type, threadId } of first) {
      if (type !== "turn.started") continue;
      second = turnOf(real.codex.resumeThread(threadId, { ...real.thread, tools: [named("a")] }));
    }
    expect(await second).toMatchObject({ changes: [] });
    expect(isShownTools(real)).toBe(false);
  });

  it("[A2.0] a thread of exec, for which codex stores no tools, has them on the app-server", async () => {
    await using real = await openRealCodex("exec", [done, ...calling("x")]);
    const first = real.codex.startThread({ ...real.thread, tools: [named("x")] });
    await first.run("Begin");
    const again = real.client({ transport: "app-server" }).resumeThread(first.toJSON(), { tools: [named("x")] });
    expect(await turnOf(again)).toMatchObject({ outputs: ran("x") });
  });

  it("[A2.0] a change before the first turn is reported as postponed, and applies from the second turn on", async () => {
    await using real = await openRealCodex("app-server", [done, ...calling("x")]);
    const tools = new ToolRegistry([named("a")]);
    const thread = real.codex.startThread({ ...real.thread, tools });
    await thread.start();
    tools.register(named("x"));
    expect(await turnOf(thread)).toMatchObject({ changes: [{ added: ["x"], served: "onResume" }] });
    expect(await turnOf(thread)).toMatchObject({ changes: [{ added: ["x"], served: "mcp" }], outputs: ran("x") });
  });

  it("[A2.0] a change waits for commands that run in the background, and is reported once", async () => {
    const background = respond(functionCall("exec_command", { cmd: "sleep 300", yield_time_ms: 300 }));
    await using real = await openRealCodex("app-server", [background, done, done, done, ...calling("x")]);
    const tools = new ToolRegistry([named("a")]);
    const thread = real.codex.startThread({ ...real.thread, tools, sandboxMode: "danger-full-access" });
    await thread.run("Begin");
    tools.register(named("x"));
    expect(await turnOf(thread)).toMatchObject({ changes: [{ added: ["x"], served: "onResume" }] });
    expect(await turnOf(thread)).toMatchObject({ changes: [] });
    const threadId = thread.id ?? "";
    const running = await real.codex.appServer.request("thread/backgroundTerminals/list", { threadId });
    expect(JSON.stringify(running)).toContain("sleep 300");
    await real.codex.appServer.request("thread/backgroundTerminals/clean", { threadId });
    expect(await turnOf(thread)).toMatchObject({ changes: [{ added: ["x"], served: "mcp" }], outputs: ran("x") });
  });

  it.each(transports)("[A2.11] on %s codex uses no proxy for them, which would read their token", async (transport) => {
    const asked: string[] = [];
    const proxy = createServer((request, response) => {
      asked.push(request.url ?? "");
      response.writeHead(502).end();
    });
    proxy.on("connect", (_, socket) => socket.destroy());
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void proxy.close());
    const bound = proxy.address();
    const url = `http://127.0.0.1:${typeof bound === "object" ? bound?.port : ""}`;
    await using real = await openRealCodex(transport, [done, ...calling("x")]);
    const plain = await startPlain(real);
    await real.codex.close();
    const { env } = real.model.codexOptions({ codexHome: real.home });
    const behind = real.client({ env: { ...env, HTTP_PROXY: url, http_proxy: url, NO_PROXY: "a.example" } });
    const thread = behind.resumeThread(plain.id ?? "", { ...real.thread, tools: [named("x")] });
    expect(await turnOf(thread)).toMatchObject({ outputs: ran("x") });
    expect(asked).toEqual([]);
  });
});

describe.skipIf(process.platform !== "linux")("the tool server", () => {
  it("[A2.11] stops after a close at any moment of a resume", async () => {
    await using real = await openRealCodex(
      "app-server",
      Array.from({ length: 40 }, () => done),
    );
    const plain = await startPlain(real);
    const before = await countListeners();
    for (let ms = 0; ms < 40; ms += 4) {
      const thread = real.codex.resumeThread(plain.id ?? "", { ...real.thread, tools: [named("x")] });
      const running = thread.run("Go").catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, ms));
      await thread.close();
      await running;
    }
    await expect.poll(countListeners, { timeout: 5_000 }).toBe(before);
  });

  it("[A2.11] stops when its handle is garbage-collected, but not before the handle's last turn", async () => {
    await using real = await openRealCodex("app-server", [done, ...calling("x")]);
    const plain = await startPlain(real);
    const before = await countListeners();
    const resume = () => {
      const execute = async (): Promise<string> => {
        for (let round = 0; round < 10; round += 1) await collectGarbage();
        return "x ran";
      };
      const x = tool({ name: "x", description: "X", execute });
      return real.codex.resumeThread(plain.id ?? "", { ...real.thread, tools: [x] }).runStreamed("Go");
    };
    const { items } = await resume().result();
    expect(JSON.stringify(items)).toContain("x ran");
    await expect
      .poll(
        async () => {
          await collectGarbage();
          return countListeners();
        },
        { timeout: 5_000 },
      )
      .toBe(before);
  });
});

describe("a handle with an approval handler", () => {
  const config = { approvals_reviewer: "auto_review" };

  it.each(["by an update", "while another handle has loaded the thread"])(
    "[A2.5] replaces codex's own reviewer %s",
    async (how) => {
      const asking = respond(shell("touch made", { escalate: true, justification: "May I?" }));
      await using real = await openRealCodex("app-server", [done, asking, done]);
      const plain = real.codex.startThread({ ...real.thread, config });
      await plain.run("Begin");
      const asked: string[] = [];
      const onApproval: ApprovalHandler = ({ kind }) => {
        asked.push(kind);
        return { decision: "decline" };
      };
      if (how === "by an update") await plain.update({ onApproval });
      const { id } = plain;
      const other =
        how === "by an update" ? plain : real.codex.resumeThread(id ?? "", { ...real.thread, config, onApproval });
      await other.run("Go");
      expect(asked).toEqual(["command"]);
      expect(real.model.requests).toHaveLength(3);
    },
  );
});

/** Returns the ports on which this process listens. */
async function countListeners(): Promise<number> {
  const own = new Set(readdirSync("/proc/self/fd").map(linkOf));
  const sockets = (await readFile("/proc/self/net/tcp", "utf8")).split("\n").map((line) => line.trim().split(/\s+/));
  return sockets.filter((fields) => fields[3] === "0A" && own.has(`socket:[${fields[9] ?? ""}]`)).length;
}

function linkOf(descriptor: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${descriptor}`);
  } catch {
    return "";
  }
}
