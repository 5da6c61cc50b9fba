import { asList, asObjects, asText, isJsonObject, type JsonObject, parseJson } from "../../internal/json.js";

/** A turn in the history that codex stores of a thread. */
export interface StoredTurn {
  readonly turnId: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** `inProgress` also for a turn whose codex died. */
  readonly status: "inProgress" | "completed" | "interrupted" | "failed";
  /** The texts of the turn's input, joined by line ends. */
  readonly input: string;
  /** The model has called a tool, or has answered a request and was asked again. Text alone is no work. */
  readonly worked: boolean;
  readonly finalResponse: string | null;
}

/**
 * Returns the turns of codex's own file of a thread, oldest first. The file has one JSON value a line (measured on 0.169.0):
 * `event_msg` with `task_started`, `task_complete` and `turn_aborted`, and `response_item` with the items of the model. codex
 * writes a tool call before it runs the tool, also if no event reports it later. Unknown lines are ignored, except that an
 * unknown item counts as work.
 */
export function readStoredTurns(text: string): readonly StoredTurn[] {
  const turns: Draft[] = [];
  for (const line of text.split("\n")) {
    const value = parseJson(line);
    if (!isJsonObject(value) || !isJsonObject(value["payload"])) continue;
    const { payload } = value;
    const kind = asText(value["type"]);
    const type = asText(payload["type"]);
    if (kind === "event_msg" && type === "task_started") {
      const turnId = asText(payload["turn_id"]);
      const startedAt = Date.parse(asText(value["timestamp"]) ?? "");
      if (turnId !== null) turns.push(createDraft(turnId, Number.isNaN(startedAt) ? 0 : startedAt));
      continue;
    }
    const turn = turns.at(-1);
    if (turn === undefined) continue;
    if (kind === "event_msg") noteEvent(turn, type, payload);
    else if (kind === "response_item") noteItem(turn, type, payload);
    else if (kind === "token_usage_record" && payload["turn_id"] === turn.turnId) turn.answered = true;
  }
  return turns.map(({ texts, answered, called, ...turn }) => ({
    ...turn,
    input: texts.join("\n"),
    worked: called || (answered && turn.status !== "completed"),
  }));
}

interface Draft extends Omit<StoredTurn, "status" | "input" | "worked" | "finalResponse"> {
  status: StoredTurn["status"];
  finalResponse: string | null;
  /** The model has answered a request completely. */
  answered: boolean;
  called: boolean;
  readonly texts: string[];
}

function createDraft(turnId: string, startedAt: number): Draft {
  return { turnId, startedAt, status: "inProgress", finalResponse: null, answered: false, called: false, texts: [] };
}

function noteEvent(turn: Draft, type: string | null, payload: JsonObject): void {
  if (payload["turn_id"] !== undefined && payload["turn_id"] !== turn.turnId) return;
  if (type === "turn_aborted") turn.status = "interrupted";
  if (type !== "task_complete") return;
  turn.status = isJsonObject(payload["error"]) ? "failed" : "completed";
  turn.finalResponse = asText(payload["last_agent_message"]);
}

function noteItem(turn: Draft, type: string | null, payload: JsonObject): void {
  if (type === null || !harmless.has(type)) turn.called = true;
  if (type !== "message" || payload["role"] !== "user") return;
  for (const part of asObjects(asList(payload["content"]))) {
    const text = asText(part["text"]);
    if (text !== null) turn.texts.push(text);
  }
}

/** Items without an effect outside the model. */
const harmless = new Set([
  "message",
  "reasoning",
  "additional_tools",
  "configuration_update",
  "compaction",
  "compaction_summary",
  "compaction_trigger",
  "context_compaction",
  "ghost_snapshot",
]);
