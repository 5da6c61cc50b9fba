// An MCP server over stdio that keeps running after SIGINT, SIGTERM, SIGHUP and the end of its input. Its only argument
// marks its command line and that of its child.
import { spawn } from "node:child_process";

const [, , token = ""] = process.argv;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => undefined);
process.stdout.on("error", () => undefined);
spawn("sleep", [`86400.${token}`], { detached: true, stdio: "ignore" }).unref();
setInterval(() => undefined, 60_000);

let rest = "";
process.stdin.on("data", (chunk) => {
  const lines = (rest + chunk.toString()).split("\n");
  rest = lines.pop() ?? "";
  for (const line of lines.filter((text) => text !== "")) answer(JSON.parse(line));
});

/** @param {{ id?: number, method?: string, params?: { protocolVersion?: string } }} request */
function answer({ id, method, params }) {
  if (id === undefined) return;
  const results = {
    initialize: {
      protocolVersion: params?.protocolVersion ?? "2025-06-18",
      capabilities: { tools: {} },
      serverInfo: { name: "stubborn", version: "1.0.0" },
    },
    "tools/list": { tools: [] },
  };
  const result = Object.entries(results).find(([name]) => name === method)?.[1] ?? {};
  process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", id, result })}\n`);
}
