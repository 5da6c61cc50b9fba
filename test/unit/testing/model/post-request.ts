import { request } from "node:http";
import type { ScriptedModel } from "../../../../src/testing/index.js";

export interface PostOptions {
  /** Default: the model's own token. */
  readonly token?: string | undefined;
  readonly path?: string;
  readonly threadId?: string;
  readonly onText?: (text: string) => void;
  readonly signal?: AbortSignal;
}

export interface PostResult {
  readonly status: number;
  readonly text: string;
  readonly headers: Record<string, string | string[] | undefined>;
  /** Whether the connection broke before the response was complete. */
  readonly broken: boolean;
}

/** Sends a request to the model like codex, with these input items or with one prompt. */
export async function post(
  model: ScriptedModel,
  input: string | readonly object[],
  options: PostOptions = {},
): Promise<PostResult> {
  const { path = "/v1/responses", threadId = "t1", onText, signal } = options;
  const token = "token" in options ? options.token : tokenOf(model);
  const items = typeof input === "string" ? [userMessage(input)] : input;
  const headers = { "thread-id": threadId, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) };
  return await new Promise((resolve, reject) => {
    const url = new URL(path, model.baseUrl);
    const sent = request(url, { method: "POST", headers, ...(signal === undefined ? {} : { signal }) }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        text += chunk;
        onText?.(text);
      });
      const settle = (broken: boolean): void => {
        resolve({ status: response.statusCode ?? 0, text, headers: response.headers, broken });
      };
      response.on("end", () => settle(false));
      response.on("error", () => settle(true));
    });
    sent.on("error", reject);
    sent.end(JSON.stringify({ model: "m", input: items }));
  });
}

export function userMessage(text: string): object {
  return { type: "message", role: "user", content: [{ type: "input_text", text }] };
}

export function tokenOf(model: ScriptedModel): string {
  return model.codexOptions({ env: {} }).env["CODEXKIT_SCRIPTED_MODEL_TOKEN"] ?? "";
}

/** Returns the types of the events in a response, in order. */
export function eventTypes({ text }: PostResult): string[] {
  return [...text.matchAll(/^event: response\.(.*)$/gm)].map(([, type]) => type ?? "");
}
