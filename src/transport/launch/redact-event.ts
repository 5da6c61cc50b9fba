import { isDeepStrictEqual } from "node:util";
import { redactBounded } from "../../internal/secrets/redact-bounded.js";
import type { Redact } from "../../internal/secrets/redact.js";
import { redactJson } from "../../internal/secrets/secret-values.js";
import { toJson } from "../../internal/json.js";
import type { ServerEvent } from "../../protocol/index.js";

/** Events whose texts may quote configuration, such as the address of an MCP server that did not start. */
const warnings: ReadonlySet<string> = new Set([
  "warning",
  "configWarning",
  "deprecationNotice",
  "guardianWarning",
  "mcpServer.startupStatus.updated",
  "mcpServer.oauthLogin.completed",
  "account.login.completed",
]);

/** Longer than the preview of a line, so that a secret at its cut end is recognised. */
const previewSource = 4_000;

/**
 * Returns the event without secrets in its messages: those of warnings, of errors, of a failed turn and of a failed MCP
 * call. A long message keeps its beginning and its end. Returns the same object if there is nothing to change. `raw` is
 * never changed.
 */
export function redactEvent<Event extends ServerEvent>(event: Event, redact: Redact): Event {
  if (event.type === "error") return withField(event, "error", redact);
  if (event.type === "codexkit.protocolWarning") {
    const { raw, preview } = event;
    const clean = redact((raw ?? preview).slice(0, previewSource)).slice(0, preview.length);
    return redact(preview) === preview && clean === preview ? event : replaced(event, { preview: clean });
  }
  if (event.type === "turn.completed") {
    const turn = withField(event.turn, "error", redact);
    return turn === event.turn ? event : replaced(event, { turn });
  }
  if (event.type === "item.completed" && event.item.type === "mcpToolCall") {
    const item = withField(event.item, "error", redact);
    return item === event.item ? event : replaced(event, { item });
  }
  if (!warnings.has(event.type)) return event;
  return Object.keys(event).reduce<Event>((clean, key) => withField(clean, key, redact), event);
}

/** Returns the object itself if the field holds no secret. */
function withField<Value extends object>(value: Value, field: string, redact: Redact): Value {
  const before: unknown = Reflect.get(value, field);
  if (before === undefined || before === null) return value;
  const clean = redactJson(toJson(before), (text) => redactBounded(text, redact));
  return isDeepStrictEqual(clean, toJson(before)) ? value : replaced(value, { [field]: clean });
}

/** A copy with other fields, and with `raw`, which is not enumerable. */
function replaced<Value extends object>(value: Value, fields: object): Value {
  const copy: Value = { ...value };
  Object.assign(copy, fields);
  const raw = Object.getOwnPropertyDescriptor(value, "raw");
  return raw === undefined ? copy : Object.defineProperty(copy, "raw", raw);
}
