import { boundText } from "../../errors/bound-text.js";
import { OptionError } from "../../errors/option-error.js";
import { isJsonObject, isList, type JsonObject } from "../../internal/json.js";
import type { AutoRunReason } from "../../protocol/index.js";
import type { Input } from "../turn/turn-input.js";
import type { AutoRunAttempt, AutoRunTurn } from "./auto-run-result.js";

/**
 * The progress of a run as plain JSON. `checkpoint` saves it and `resumeAuto()` continues from it, in this process or
 * another. It contains the input of one turn and a summary of the earlier turns, no items and no functions.
 */
export interface AutoRunState {
  readonly version: 1;
  /**
   * `beforeTurn`: the turn has not begun, or a try of it failed before any side effect. `inTurn`: the turn was about to
   * begin or has begun; its progress is unknown. `afterTurn`: the turn has ended and is not judged yet.
   */
  readonly phase: "beforeTurn" | "inTurn" | "afterTurn";
  /** The input of the turn. */
  readonly input: Input;
  readonly reason: AutoRunReason;
  /** The number of the turn, from 1. */
  readonly turn: number;
  /** The number of its try, from 1. */
  readonly attempt: number;
  /** The number of consecutive turns up to this one that repair the output. */
  readonly repairs: number;
  /** The time at which the turn was opened, in milliseconds since 1970. It identifies the turn in codex's history. */
  readonly openedAt?: number;
  /** All input guardrails have allowed the input. */
  readonly inputChecked: boolean;
  /** The turns that have ended. Answers before the last one, and messages of errors, are cut to 2,000 characters. */
  readonly turns: readonly AutoRunTurnSummary[];
  readonly attempts: readonly AutoRunAttempt[];
}

/** A turn without its items and warnings. */
export type AutoRunTurnSummary = Omit<AutoRunTurn, "items" | "unfinishedItems" | "warnings">;

/** Returns the state of a run that has not begun. */
export function createRunState(input: Input): AutoRunState {
  const nothing = { repairs: 0, inputChecked: false, turns: [], attempts: [] };
  return { version: 1, phase: "beforeTurn", input, reason: "input", turn: 1, attempt: 1, ...nothing };
}

/** Returns the turns as they are saved, bounded in size. */
export function toTurnSummaries(turns: readonly AutoRunTurn[]): readonly AutoRunTurnSummary[] {
  return turns.map(({ items: _, unfinishedItems: __, warnings: ___, error: failure, ...rest }, at) => {
    const error = failure === null ? null : { ...failure, message: boundText(failure.message, maxSavedText) };
    const { finalResponse } = rest;
    if (at === turns.length - 1 || finalResponse === null) return { ...rest, error };
    return { ...rest, error, finalResponse: finalResponse.slice(0, maxSavedText) };
  });
}

/** The characters that are saved of a long message of an error, and of an answer before the last one. */
export const maxSavedText = 2000;

/** Returns the turns of a saved state; their items are not saved. */
export function fromTurnSummaries(turns: readonly AutoRunTurnSummary[]): readonly AutoRunTurn[] {
  return turns.map((summary) => ({ ...summary, items: [], unfinishedItems: [], warnings: [] }));
}

/** Throws an `OptionError` (`INVALID_STATE`) if the value is not the state of a run. Every earlier version is readable. */
export function checkAutoRunState(value: unknown): AutoRunState {
  if (isVersion1(value)) return value;
  const version = isJsonObject(value) ? value["version"] : undefined;
  const message =
    typeof version === "number" && version > newestVersion
      ? `This run state has version ${version}; this codexkit reads up to ${newestVersion}. Update codexkit.`
      : "This is not the state of a run: pass the `run` of the argument of `checkpoint`, or `run.state`.";
  throw new OptionError("INVALID_STATE", "state", message);
}

const newestVersion = 1;

function isVersion1(value: unknown): value is AutoRunState {
  if (!isJsonObject(value)) return false;
  const turns = value["turns"];
  return (
    value["version"] === 1 &&
    isOneOf(value["phase"], ["beforeTurn", "inTurn", "afterTurn"]) &&
    (typeof value["input"] === "string" || isList(value["input"])) &&
    isOneOf(value["reason"], ["input", "until", "repair", "guardrail", "resumed"]) &&
    isCount(value["turn"], 1) &&
    isCount(value["attempt"], 1) &&
    isCount(value["repairs"], 0) &&
    (value["openedAt"] === undefined || typeof value["openedAt"] === "number") &&
    typeof value["inputChecked"] === "boolean" &&
    isListOf(turns, isTurn) &&
    (value["phase"] !== "afterTurn" || turns.length > 0) &&
    isListOf(value["attempts"], isAttempt)
  );
}

function isTurn(value: unknown): boolean {
  if (!isTry(value)) return false;
  const { ["finalResponse"]: finalResponse, ["usage"]: usage, ["status"]: status } = value;
  return (
    isOneOf(status, ["completed", "interrupted", "failed", "inProgress"]) &&
    (finalResponse === null || typeof finalResponse === "string") &&
    isJsonObject(usage)
  );
}

function isAttempt(value: unknown): boolean {
  return isTry(value) && isJsonObject(value["error"]);
}

function isTry(value: unknown): value is JsonObject {
  return isJsonObject(value) && isCount(value["turn"], 1) && isCount(value["attempt"], 1);
}

function isOneOf(value: unknown, known: readonly string[]): boolean {
  return typeof value === "string" && known.includes(value);
}

function isCount(value: unknown, least: number): boolean {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= least;
}

function isListOf(value: unknown, check: (entry: unknown) => boolean): value is readonly unknown[] {
  return isList(value) && value.every((entry) => check(entry));
}
