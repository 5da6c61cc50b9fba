import type { Redact } from "../../internal/redact.js";
import type { ThreadEvent, TurnFailure } from "../../protocol/index.js";

/**
 * The event without secrets in the texts that become an error's message: those of an `error` event and of a turn that
 * failed, where codex passes on what the model's service says. The same object where there is nothing to take out.
 */
export function redactFailure(event: ThreadEvent, redact: Redact): ThreadEvent {
  if (event.type === "error") {
    const error = redactTexts(event.error, redact);
    return error === event.error ? event : withRaw({ ...event, error }, event.raw);
  }
  if (event.type !== "turn.completed") return event;
  const { turn, raw } = event;
  if (turn.error === undefined || turn.error === null) return event;
  const error = redactTexts(turn.error, redact);
  return error === turn.error ? event : withRaw({ ...event, turn: { ...turn, error } }, raw);
}

function redactTexts(failure: TurnFailure, redact: Redact): TurnFailure {
  const { message, additionalDetails } = failure;
  const clean = redact(message);
  const details = typeof additionalDetails === "string" ? redact(additionalDetails) : additionalDetails;
  if (clean === message && details === additionalDetails) return failure;
  return { ...failure, message: clean, ...(details === undefined ? {} : { additionalDetails: details }) };
}

/** `raw` is codex's line as it came, and no copy has it by itself. */
function withRaw(event: ThreadEvent, raw: string | undefined): ThreadEvent {
  return Object.defineProperty(event, "raw", { value: raw });
}
