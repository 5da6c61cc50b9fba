import type { JsonObject } from "../../../internal/json.js";
import type { ServerNotifications } from "../../../protocol/generated/methods.js";
import type { FakeStep, ProcessPart } from "../../script/fake-parts.js";
import type { ModelRequest } from "../../script/model-request.js";
import type { IdSource } from "../../model/render-response.js";

/** Where a faked turn takes its steps from and what it speaks to: an app-server's client, exec's stdout, or a test. */
export interface TurnPort {
  readonly nextId: IdSource;
  /** The answer of the model to a request, or undefined where the script has none. */
  take(request: ModelRequest): Promise<FakeStep | undefined>;
  notify<Method extends keyof ServerNotifications>(method: Method, params: ServerNotifications[Method]): void;
  /** Sends a notification that the script made. */
  notifyRaw(method: string, params: JsonObject): void;
  /** Asks the client; `answer` has `result` or `error`. It never settles where the client never answers. */
  request(method: string, params: JsonObject): { readonly id: number; readonly answer: Promise<JsonObject> };
  /** Does what the script says the process does. */
  perform(part: ProcessPart): Promise<void>;
}
