// A model that answers every request at once: `http://127.0.0.1:<port>/<deltas>/v1`. It does not read the request, so a
// long thread costs it no more than a short one. At `/<deltas>-<calls>/v1` it calls the tool `add` that many times
// before it answers, at `/<deltas>-<calls>mcp/v1` the tool of the MCP server `codexkit`; there it only counts the calls
// in the request.
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { answerCalls } from "../clients/answer-calls.js";

let answers = 0;

const server = createServer((request, response) => {
  const [, deltas, calls = "0", mcp] = /^\/(\d+)(?:-(\d+)(mcp)?)?\/v1\/responses$/.exec(request.url ?? "") ?? [];
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => calls === "0" || chunks.push(chunk));
  request.on("end", () => {
    if (deltas === undefined) response.writeHead(404).end();
    else if (answered(Buffer.concat(chunks).toString()) < Number(calls)) call(response, mcp !== undefined);
    else answer(response, Number(deltas));
  });
});
server.keepAliveTimeout = 600_000;

/** Returns the number of answered calls since the last user message. */
function answered(body: string): number {
  if (body === "") return 0;
  const { input } = JSON.parse(body) as {
    readonly input: readonly { readonly type: string; readonly role?: string }[];
  };
  const asked = input.map(({ type, role }) => type === "message" && role === "user").lastIndexOf(true);
  return input.slice(asked + 1).filter(({ type }) => type === "function_call_output").length;
}

function call(response: ServerResponse, mcp: boolean): void {
  answers += 1;
  const [id, call_id] = [`fc_${answers}`, `call_${answers}`];
  const server = mcp ? { namespace: "mcp__codexkit" } : {};
  const item = { type: "function_call", id, call_id, name: "add", arguments: '{"a":4,"b":5}', ...server };
  reply(response, [send({ type: "response.output_item.done", ...{ output_index: 0, item } })]);
}

const send = (event: { readonly type: string }): string => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;

function reply(response: ServerResponse, events: readonly string[]): void {
  const usage = { input_tokens: 10, output_tokens: 5, total_tokens: 15 };
  response.writeHead(200, { "content-type": "text/event-stream" });
  const [created, completed] = [{ id: `resp_${answers}` }, { id: `resp_${answers}`, usage }];
  response.end(
    [
      send({ type: "response.created", ...{ response: created } }),
      ...events,
      send({ type: "response.completed", ...{ response: completed } }),
    ].join(""),
  );
}

function answer(response: ServerResponse, deltas: number): void {
  answers += 1;
  const id = `msg_${answers}`;
  const words = Array.from({ length: deltas }, (_, index) => `word ${index} `);
  const item = { type: "message", role: "assistant", id, content: [] as object[] };
  const place = { item_id: id, output_index: 0, content_index: 0 };
  reply(response, [
    send({ type: "response.output_item.added", ...{ output_index: 0, item } }),
    ...words.map((delta) => send({ type: "response.output_text.delta", ...place, ...{ delta } })),
    send({
      type: "response.output_item.done",
      ...{ output_index: 0, item: { ...item, content: [{ type: "output_text", text: words.join("") }] } },
    }),
  ]);
}

answerCalls(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { port: (server.address() as AddressInfo).port };
});
process.on("disconnect", () => {
  server.closeAllConnections();
  server.close();
});
