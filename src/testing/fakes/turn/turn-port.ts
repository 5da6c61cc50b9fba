import type { JsonObject } from "../../../internal/json.js";
import type { ServerNotifications } from "../../../protocol/generated/methods.js";
import type { ProcessPart } from "../../script/fake-parts.js";
import type { ModelRequest } from "../../script/model-request.js";
import type { FakeStep } from "../../script/model-step.js";
import type { IdSource } from "../../model/render-response.js";

/** The connections of a fake turn: the script with its steps, and the client with its messages. */
export interface TurnPort {
  readonly nextId: IdSource;
  /** Resolves with the step for a request to the model, or with undefined if the script has none. */
  take(request: ModelRequest): Promise<FakeStep | undefined>;
  notify<Method extends keyof ServerNotifications>(method: Method, params: ServerNotifications[Method]): void;
  /** Sends a notification of the script. */
  notifyRaw(method: string, params: JsonObject): void;
  /** Sends a request to the client. `answer` contains `result` or `error`; it stays pending if the client never answers. */
  request(method: string, params: JsonObject): { readonly id: number; readonly answer: Promise<JsonObject> };
  /** Performs an action of the process. */
  perform(part: ProcessPart): Promise<void>;
}
