// A model that answers every request at once: `http://127.0.0.1:<port>/<deltas>/v1`. It reads nothing of what it is asked,
// so that a long thread costs it no more than a short one.
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { answerCalls } from "../clients/answer-calls.js";

let answers = 0;

const server = createServer((request, response) => {
  request.resume();
  request.on("end", () => {
    const deltas = Number(/^\/(\d+)\/v1\/responses$/.exec(request.url ?? "")?.[1]);
    if (Number.isNaN(deltas)) response.writeHead(404).end();
    else answer(response, deltas);
  });
});
server.keepAliveTimeout = 600_000;

function answer(response: ServerResponse, deltas: number): void {
  answers += 1;
  const id = `msg_${answers}`;
  const words = Array.from({ length: deltas }, (_, index) => `word ${index} `);
  const item = { type: "message", role: "assistant", id, content: [] as object[] };
  const send = (event: { readonly type: string }): string => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
  const place = { item_id: id, output_index: 0, content_index: 0 };
  const usage = { input_tokens: 10, output_tokens: 5, total_tokens: 15 };
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.end(
    [
      send({ type: "response.created", ...{ response: { id: `resp_${answers}` } } }),
      send({ type: "response.output_item.added", ...{ output_index: 0, item } }),
      ...words.map((delta) => send({ type: "response.output_text.delta", ...place, ...{ delta } })),
      send({
        type: "response.output_item.done",
        ...{ output_index: 0, item: { ...item, content: [{ type: "output_text", text: words.join("") }] } },
      }),
      send({ type: "response.completed", ...{ response: { id: `resp_${answers}`, usage } } }),
    ].join(""),
  );
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
