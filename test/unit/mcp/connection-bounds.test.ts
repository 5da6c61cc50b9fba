import { once } from "node:events";
import { request } from "node:http";
import { connect, type Socket } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { loadToolServer } from "../../../src/mcp/load-tool-server.js";
import type { ToolEndpoint } from "../../../src/tools/tool-server.js";

describe("connections of the tool server without a token", () => {
  it("[T11] are closed from the oldest on if there are too many, and a client with the token is still answered", async () => {
    const endpoint = await serve();
    let open = 0;
    const sockets = await Promise.all(
      Array.from({ length: 600 }, async () => {
        const socket = halfOpen(endpoint);
        socket.once("close", () => (open -= 1));
        await Promise.race([once(socket, "connect"), once(socket, "close")]);
        open += 1;
        return socket;
      }),
    );
    expect(sockets).toHaveLength(600);
    await expect.poll(() => open).toBeLessThanOrEqual(256);
    expect(await statusOf(endpoint, endpoint.token)).toBe(406);
    expect(await statusOf(endpoint, "wrong")).toBe(401);
  });

  it("[T11] are closed after five seconds, and one that has shown the token is kept", async () => {
    const endpoint = await serve();
    const started = performance.now();
    const known = halfOpen(endpoint, [`Authorization: Bearer ${endpoint.token}`, "Content-Length: 9", "", ""]);
    const unknown = halfOpen(endpoint);
    await once(unknown, "close");
    expect(performance.now() - started).toBeGreaterThan(4_500);
    expect(known.closed).toBe(false);
  });
});

async function serve(): Promise<ToolEndpoint> {
  const server = await loadToolServer();
  onTestFinished(() => server.close());
  return server.serve({ instructions: "", tools: () => [], call: () => Promise.reject(new Error("no tool")) });
}

/** Opens a connection and sends the beginning of a request. */
function halfOpen(endpoint: ToolEndpoint, headers: readonly string[] = ["X-Part: "]): Socket {
  const { hostname, port, host, pathname } = new URL(endpoint.url);
  const socket = connect(Number(port), hostname);
  socket.on("error", () => undefined);
  socket.write([`POST ${pathname} HTTP/1.1`, `Host: ${host}`, ...headers].join("\r\n"));
  onTestFinished(() => {
    socket.destroy();
  });
  return socket;
}

async function statusOf({ url }: ToolEndpoint, token: string): Promise<number | undefined> {
  const call = request(url, { method: "POST", headers: { authorization: `Bearer ${token}` }, agent: false });
  call.end("{}");
  const [response] = (await once(call, "response")) as [{ statusCode?: number; resume: () => void }];
  response.resume();
  return response.statusCode;
}
