// Tests the access to the server and the validation of decisions. The program itself tests the rest.
import { request as send } from "node:http";
import { text } from "node:stream/consumers";
import type { ApprovalRequest, Interruption } from "codexkit";
import { expect, onTestFinished, test } from "vitest";
import { serveApprovals } from "./approval-server.js";

const accept = JSON.stringify({ decision: "accept" });

test("shows and decides requests only with the token, and decides each once", async () => {
  const { url, auth, decided } = await serve();
  for (const headers of [{}, { authorization: "Bearer 0000" }]) {
    expect(await ask(url, { headers })).toMatchObject({ status: 401 });
    expect(await ask(`${url}/a1`, { headers, body: accept })).toMatchObject({ status: 401 });
  }
  expect(await ask(url, { headers: { ...auth, host: "evil.example" } })).toMatchObject({ status: 403 });
  expect(await ask(url, { headers: auth })).toMatchObject({ status: 200, body: [{ id: "a1", tool: "close_ticket" }] });
  expect(decided).toEqual([]);
  expect(await ask(`${url}/a1`, { headers: auth, body: accept })).toMatchObject({ status: 200 });
  expect(await ask(`${url}/a1`, { headers: auth, body: accept })).toMatchObject({ status: 404 });
  expect(decided).toEqual([{ decision: "accept" }]);
});

test.each(["", "{", "null", '{"decision":"acceptForSession"}', '{"decision":"accept","for":"ever"}'])(
  "rejects %j as a decision; the request stays open",
  async (body) => {
    const { url, auth, decided } = await serve();
    expect(await ask(`${url}/a1`, { headers: auth, body })).toMatchObject({ status: 400 });
    expect(await ask(`${url}/a1`, { headers: auth, body: " ".repeat(20_000) })).toMatchObject({ status: 413 });
    expect(decided).toEqual([]);
    expect(await ask(url, { headers: auth })).toMatchObject({ body: [{ id: "a1" }] });
  },
);

async function serve() {
  const request: ApprovalRequest = {
    kind: "tool",
    id: "a1",
    threadId: "t1",
    turnId: null,
    itemId: null,
    reason: null,
    requestedAt: 0,
    tool: "close_ticket",
    namespace: null,
    callId: "c1",
    arguments: {},
  };
  const decided: unknown[] = [];
  const decide = (decision: unknown): void => void decided.push(decision);
  const list = (): Interruption[] => (decided.length > 0 ? [] : [{ id: "a1", request, requestedAt: 0, decide }]);
  const server = await serveApprovals({ list, get: (id) => list().find((waiting) => waiting.id === id) });
  onTestFinished(() => void server.close());
  return { url: server.url, auth: { authorization: `Bearer ${server.token}` }, decided };
}

/** Does not use `fetch`, which sets the Host header itself. */
function ask(url: string, { headers, body }: { headers: Record<string, string>; body?: string }) {
  return new Promise<{ status: number | undefined; body: unknown }>((resolve, reject) => {
    const length = body === undefined ? {} : { "content-length": Buffer.byteLength(body) };
    const request = send(url, { method: body === undefined ? "GET" : "POST", headers: { ...headers, ...length } });
    request.once("error", reject).once("response", (response) => {
      text(response).then(
        (answer) => resolve({ status: response.statusCode, body: JSON.parse(answer) as unknown }),
        reject,
      );
    });
    request.end(body);
  });
}
