import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { ModelAnswer } from "./model-script.js";

export interface ScriptedModel {
  readonly port: number;
  /** The answers that have not been asked for. */
  readonly left: number;
  close(): Promise<void>;
}

/** A Responses API on loopback that gives the answers in their order, whatever it is asked. */
export async function startScriptedModel(script: readonly ModelAnswer[]): Promise<ScriptedModel> {
  const answers = [...script];
  const server = createServer((request, response) => {
    request.resume();
    request.on("end", () => send(response, answers.shift()));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    get left() {
      return answers.length;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function send(response: ServerResponse, answer: ModelAnswer | undefined): void {
  if (answer === undefined) {
    response.writeHead(400).end("the script has no more answers");
    return;
  }
  if ("status" in answer) {
    response.writeHead(answer.status, { "content-type": "application/json" }).end(JSON.stringify(answer.body));
    return;
  }
  response.writeHead(200, { "content-type": "text/event-stream" });
  for (const event of answer.events) response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  if (answer.hold !== true) response.end();
}
