import { isJsonObject, parseJson, type JsonObject, type JsonValue } from "../../internal/json.js";

/** The output of a call, as the model was told. */
export interface CallOutput {
  readonly callId: string;
  /** The output's text; parts of a structured output are joined by newlines. */
  readonly text: string;
}

/** One request to the model, without its bearer token. */
export class ModelRequest {
  /** 0 for the first request that a step was taken for. */
  readonly index: number;
  /** The request's JSON body. */
  readonly body: JsonObject;
  /** Header names are lower case; `authorization` is left out. */
  readonly headers: Readonly<Record<string, string>>;
  /** Which key the request came with: `token` for the model's own, else its name in `acceptKeys`. */
  readonly key: string;

  constructor(
    index: number,
    body: JsonObject,
    origin: { readonly headers: Readonly<Record<string, string>>; readonly key: string },
  ) {
    this.index = index;
    this.body = body;
    this.headers = origin.headers;
    this.key = origin.key;
  }

  /** The thread that the request is for, where codex says so. */
  get threadId(): string | null {
    return this.headers["thread-id"] ?? null;
  }

  /** @internal The same request with another number. */
  withIndex(index: number): ModelRequest {
    return new ModelRequest(index, this.body, { headers: this.headers, key: this.key });
  }

  get model(): string | null {
    return typeof this.body["model"] === "string" ? this.body["model"] : null;
  }

  /** The conversation as the model sees it, oldest first. */
  get input(): readonly JsonObject[] {
    return objectsOf(this.body["input"]);
  }

  /** The tools on offer. (Codex's default model gets them as an input item instead: see `input`.) */
  get tools(): readonly JsonObject[] {
    return objectsOf(this.body["tools"]);
  }

  /** The JSON Schema that the answer must have, where the turn has an output schema. */
  get outputSchema(): JsonValue | undefined {
    const text = this.body["text"];
    const format = isJsonObject(text) ? text["format"] : undefined;
    return isJsonObject(format) ? format["schema"] : undefined;
  }

  /** The texts of all user messages, oldest first. Codex's own context messages are among them. */
  get userTexts(): readonly string[] {
    return this.input.filter((item) => item["role"] === "user").map((item) => textOf(item["content"]));
  }

  /** The text of the last user message: the prompt, or what the turn was steered with. */
  get userText(): string {
    return this.userTexts.at(-1) ?? "";
  }

  /** The outputs of all calls, oldest first. */
  get outputs(): readonly CallOutput[] {
    return this.input.flatMap((item) => {
      const callId = item["call_id"];
      const isOutput = item["type"] === "function_call_output" || item["type"] === "custom_tool_call_output";
      return isOutput && typeof callId === "string" ? [{ callId, text: textOf(item["output"]) }] : [];
    });
  }

  /** The output of one call, or undefined where the model has not been told one. */
  output(callId: string): string | undefined {
    return this.outputs.filter((output) => output.callId === callId).at(-1)?.text;
  }
}

/** The body of a request, or undefined where it is no JSON object. */
export function parseModelBody(text: string): JsonObject | undefined {
  const body = parseJson(text);
  return isJsonObject(body) ? body : undefined;
}

function objectsOf(value: JsonValue | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

function textOf(value: JsonValue | undefined): string {
  if (typeof value === "string") return value;
  return objectsOf(value)
    .map((part) => part["text"])
    .filter((text) => typeof text === "string")
    .join("\n");
}
