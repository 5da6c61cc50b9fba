import type { ServerResponse } from "node:http";
import { pause } from "../script/hold.js";
import type { ModelStep, ResponseStep } from "../script/model-step.js";
import { renderResponse, type IdSource, type ResponseEvent } from "./render-response.js";

/** Answers one HTTP request with a step. Resolves when the response is sent or the client has disconnected. */
export async function sendStep(step: ModelStep, response: ServerResponse, nextId: IdSource): Promise<void> {
  const gone = new AbortController();
  response.on("close", () => gone.abort());
  switch (step.type) {
    case "httpError":
      return sendText(response, step.status, step.body, step.headers);
    case "raw":
      response.writeHead(200, { "content-type": "text/event-stream" });
      return void response.end(step.text);
    case "response":
      return await streamResponse(step, response, { nextId, signal: gone.signal });
  }
}

/** Answers with a complete body. Default content type: JSON. */
export function sendText(
  response: ServerResponse,
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(body);
}

async function streamResponse(
  step: ResponseStep,
  response: ServerResponse,
  { nextId, signal }: { readonly nextId: IdSource; readonly signal: AbortSignal },
): Promise<void> {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
  let delayMs = 0;
  for (const piece of renderResponse(step, nextId)) {
    if (signal.aborted) return;
    if (piece.type === "hold") await piece.wait(signal);
    else if (piece.type === "pace") delayMs = piece.delayMs;
    else {
      if (delayMs > 0) await pause(delayMs, signal);
      await write(response, piece);
    }
  }
  if (step.end.type === "cut") response.destroy();
  else response.end();
}

/** Resolves when the event has been written to the socket, so that a later gate is reached only after that. */
function write(response: ServerResponse, event: ResponseEvent): Promise<void> {
  return new Promise((resolve) => {
    if (response.destroyed) return resolve();
    response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`, () => resolve());
  });
}
