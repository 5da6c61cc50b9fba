import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import type { Interruptions } from "codexkit";
import { z } from "zod";

const Decision = z.discriminatedUnion("decision", [
  z.strictObject({ decision: z.literal("accept") }),
  z.strictObject({ decision: z.literal("decline"), reason: z.string().max(500).optional() }),
]);

/**
 * `GET /pending` lists the open requests. `POST /pending/<id>` with `{"decision":"accept"}` or `{"decision":"decline"}`
 * decides one. The server listens on this machine only and requires the token: a client that can decide here can run
 * commands as you.
 */
export async function serveApprovals(interruptions: Interruptions) {
  const token = randomBytes(32).toString("hex");
  const server = createServer((request, response) => {
    const failed = { status: 400, body: { error: "this is no decision for it" } };
    void answer(request)
      .catch(() => failed)
      .then(({ status, body }) => {
        response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
      });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const host = `127.0.0.1:${typeof address === "object" ? (address?.port ?? "") : ""}`;

  async function answer(request: IncomingMessage): Promise<{ status: number; body: unknown }> {
    // A browser page that reaches this server by DNS rebinding sends its own name as Host.
    if (request.headers.host !== host) return { status: 403, body: { error: "wrong host" } };
    if (!isSame(request.headers.authorization ?? "", `Bearer ${token}`))
      return { status: 401, body: { error: "no token" } };
    const { method = "", url = "" } = request;
    if (method === "GET" && url === "/pending") {
      return { status: 200, body: interruptions.list().map(({ request }) => request) };
    }
    const waiting = interruptions.get(/^\/pending\/([\w-]+)$/.exec(url)?.[1] ?? "");
    if (method !== "POST" || waiting === undefined) return { status: 404, body: { error: "it does not wait" } };
    if (Number(request.headers["content-length"] ?? Infinity) > 10_000)
      return { status: 413, body: { error: "too long" } };
    const decision = Decision.parse(JSON.parse(await text(request)));
    waiting.decide(decision);
    return { status: 200, body: decision };
  }

  return { url: `http://${host}/pending`, token, close: () => server.close() };
}

/** Compares in constant time. */
function isSame(given: string, expected: string): boolean {
  const [a, b] = [given, expected].map((value) => createHash("sha256").update(value).digest());
  return a !== undefined && b !== undefined && timingSafeEqual(a, b);
}
