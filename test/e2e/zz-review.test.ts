import { createServer } from "node:http";
import { connect as netConnect } from "node:net";
import { describe, expect, it } from "vitest";
import { type AnyTool, type ThreadEvent, tool, ToolRegistry, type Turn } from "../../src/index.js";
import { functionCall, message, respond, type ScriptEntry } from "../../src/testing/index.js";
import { openRealCodex } from "./real-codex.js";

const served = { namespace: "mcp__codexkit" };
function named(name: string, version = 1): AnyTool {
  return tool({ name, description: `The tool ${name}, version ${version}.`, execute: () => `${name} v${version} ran` });
}
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
function outputsIn(events: readonly ThreadEvent[]): readonly string[] {
  return events.flatMap((event) => {
    if (event.type !== "item.completed") return [];
    if (event.item.type === "dynamicToolCall") return [`dynamic: ${JSON.stringify(event.item.contentItems)}`];
    return event.item.type === "mcpToolCall" ? [`mcp: ${JSON.stringify(event.item.result?.content ?? event.item.error)}`] : [];
  });
}

describe("review", () => {
  it.each(["app-server", "exec"] as const)("I proxy %s", async (transport) => {
    const seen: string[] = [];
    const proxy = createServer((req, res) => { seen.push(`${req.method} ${req.url} ${req.headers.authorization}`); res.writeHead(502).end(); });
    proxy.on("connect", (req, socket) => { seen.push(`CONNECT ${req.url}`); socket.destroy(); });
    await new Promise<void>((r) => proxy.listen(0, "127.0.0.1", () => r()));
    const port = (proxy.address() as { port: number }).port;
    await using real = await openRealCodex(transport, [respond(message("hi")), ...calling("a", served)]);
    const opts = real.model.codexOptions({ codexHome: real.home });
    const first = real.codex.startThread({ ...real.thread });
    await first.run("1");
    const env = { ...opts.env, HTTP_PROXY: `http://127.0.0.1:${port}`, http_proxy: `http://127.0.0.1:${port}`, NO_PROXY: "", ALL_PROXY: `http://127.0.0.1:${port}` };
    const c = real.client({ env });
    const thread = c.resumeThread(first.id ?? "", { ...real.thread, tools: [named("a")] });
    const events = await eventsOf(thread.runStreamed("2")).catch((e: unknown) => e as Error);
    console.log(transport, "PROXY SEEN", seen, Array.isArray(events) ? outputsIn(events) : events);
    proxy.close(); proxy.closeAllConnections();
  });

  it("D two handles with different hosted sets", async () => {
    await using real = await openRealCodex("app-server", [respond(message("hi")), ...calling("x", served), ...calling("y", served), ...calling("x", served), ...calling("x", served)]);
    const first = real.codex.startThread({ ...real.thread });
    await first.run("1");
    const A = real.codex.resumeThread(first.id ?? "", { ...real.thread, tools: [named("x")] });
    const B = real.codex.resumeThread(first.id ?? "", { ...real.thread, tools: [named("y")] });
    console.log("A1", outputsIn(await eventsOf(A.runStreamed("2"))));
    console.log("B", outputsIn(await eventsOf(B.runStreamed("2"))));
    const a2 = await eventsOf(A.runStreamed("2"));
    console.log("A2", outputsIn(a2), changesIn(a2));
    const f2 = await eventsOf(first.runStreamed("2"));
    console.log("first", outputsIn(f2), changesIn(f2));
  });

  it("W exec state on app-server", async () => {
    await using real = await openRealCodex("exec", [...calling("a", served), ...calling("a", served), ...calling("a")]);
    const first = real.codex.startThread({ ...real.thread, tools: [named("a")] });
    await first.run("1");
    const again = real.client({ transport: "app-server" }).resumeThread(first.toJSON(), { tools: [named("a")] });
    const e = await eventsOf(again.runStreamed("2"));
    console.log("W", outputsIn(e), changesIn(e), (real.model.requests.at(-1)?.body as any)?.tools?.map((t: any) => t.name));
  });

  it("B postponed", async () => {
    await using real = await openRealCodex("app-server", [respond(message("hi")), ...calling("b", served)]);
    const tools = new ToolRegistry([named("a")]);
    const t = real.codex.startThread({ ...real.thread, tools });
    await t.start();
    tools.register(named("b"));
    const e1 = await eventsOf(t.runStreamed("1"));
    console.log("B1", changesIn(e1));
    const e2 = await eventsOf(t.runStreamed("2"));
    console.log("B2", changesIn(e2), outputsIn(e2));
  });

  it("C background terminals die on renew", async () => {
    await using real = await openRealCodex("app-server", [
      respond(functionCall("exec_command", { cmd: "sleep 300", yield_time_ms: 300 })), respond(message("bg")),
      respond(message("hi")), respond(message("hi")),
    ]);
    const tools = new ToolRegistry([named("a")]);
    const t = real.codex.startThread({ ...real.thread, tools, sandboxMode: "danger-full-access" });
    await t.run("1");
    const list = async () => JSON.stringify(await real.codex.appServer.request("thread/backgroundTerminals/list", { threadId: t.id }));
    console.log("C before", await list());
    tools.register(named("b"));
    const e = await eventsOf(t.runStreamed("2"));
    console.log("C after", await list(), changesIn(e));
  });

  it("CC close during resume", async () => {
    await using real = await openRealCodex("app-server", [respond(message("hi")), respond(message("hi"))]);
    const first = real.codex.startThread({ ...real.thread });
    await first.run("1");
    const { subscribe } = await import("node:diagnostics_channel");
    const ports = new Set<number>();
    subscribe("http.server.request.start", (m: any) => { if (!m.request.url.startsWith("/v1/")) ports.add(Number(m.request.headers.host.split(":")[1])); });
    const A = real.codex.resumeThread(first.id ?? "", { ...real.thread, tools: [named("x")] });
    const run = A.run("go").catch((e: unknown) => (e as { code: string }).code);
    while (ports.size === 0) await new Promise((r) => setTimeout(r, 1));
    await A.close();
    console.log("CC", await run);
    await new Promise((r) => setTimeout(r, 1500));
    for (const port of ports) {
      const s = netConnect(port, "127.0.0.1");
      const listening = await new Promise((r) => { s.once("connect", () => r(true)); s.once("error", () => r(false)); });
      s.destroy();
      console.log("CC still listening", port, listening);
    }
  });
});
