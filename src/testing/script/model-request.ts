import { asObject, asObjects, asText, type JsonObject, type JsonValue } from "../../internal/json.js";

/** The output of a call, as the model received it. */
export interface CallOutput {
  readonly callId: string;
  /** The output's text. The parts of a structured output are joined by newlines. */
  readonly text: string;
}

/** One request to the model. The bearer token is left out. */
export class ModelRequest {
  /** The request's number, from 0. */
  readonly index: number;
  /** The request's JSON body. */
  readonly body: JsonObject;
  /** The request's headers, with names in lower case and without `authorization`. */
  readonly headers: Readonly<Record<string, string>>;
  /** The name of the request's key: `token` for the model's own token, else its name in `acceptKeys`. */
  readonly key: string;

  /** @internal */
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

  /** The id of the request's thread, or `null` if codex sent none. */
  get threadId(): string | null {
    return this.headers["thread-id"] ?? null;
  }

  /** @internal Returns the same request with another number. */
  withIndex(index: number): ModelRequest {
    return new ModelRequest(index, this.body, { headers: this.headers, key: this.key });
  }

  /** The model's name, or `null` if the body has none. */
  get model(): string | null {
    return asText(this.body["model"]);
  }

  /** The conversation that the model receives, oldest item first. */
  get input(): readonly JsonObject[] {
    return asObjects(this.body["input"]);
  }

  /** The tools of the request. For its default model, codex sends them as an item of `input` instead. */
  get tools(): readonly JsonObject[] {
    return asObjects(this.body["tools"]);
  }

  /** The JSON Schema of the answer, or undefined if the turn has no output schema. */
  get outputSchema(): JsonValue | undefined {
    return asObject(asObject(this.body["text"])["format"])["schema"];
  }

  /** The texts of all user messages, oldest first, including codex's own context messages. */
  get userTexts(): readonly string[] {
    return this.input.filter((item) => item["role"] === "user").map((item) => textOf(item["content"]));
  }

  /** The text of the last user message: the prompt, or the input of the last `steer()`. Empty if there is none. */
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

  /** Returns the output of one call, or undefined if the model has not received it. */
  output(callId: string): string | undefined {
    return this.outputs.filter((output) => output.callId === callId).at(-1)?.text;
  }
}

function textOf(value: JsonValue | undefined): string {
  if (typeof value === "string") return value;
  return asObjects(value)
    .map((part) => part["text"])
    .filter((text) => typeof text === "string")
    .join("\n");
}
