import { OptionError } from "../../errors/option-error.js";
import { isJsonObject, isList } from "../../internal/json.js";
import type { AutoRunReason } from "../../protocol/index.js";
import type { Input } from "../turn/turn-input.js";
import type { AutoRunAttempt, AutoRunTurn } from "./auto-run-result.js";

/**
 * Where a run stands, as plain JSON: what `checkpoint` saves and `resumeAuto()` goes on from, in this process or another.
 * It holds the input of one turn and what is needed of the turns done, no items and no functions.
 */
export interface AutoRunState {
  readonly version: 1;
  /**
   * `beforeTurn`: the turn has not begun, or a try of it failed before any side effect. `inTurn`: it was about to begin,
   * and nobody knows how far it came. `afterTurn`: it has ended, and what comes next is not decided.
   */
  readonly phase: "beforeTurn" | "inTurn" | "afterTurn";
  /** The input of the turn. */
  readonly input: Input;
  readonly reason: AutoRunReason;
  /** The turn, from 1. */
  readonly turn: number;
  /** The try of it, from 1. */
  readonly attempt: number;
  /** How many turns before this one in a row had to repair the output. */
  readonly repairs: number;
  /** The input guardrails have passed. */
  readonly inputChecked: boolean;
  /** The turns done. Answers before the last one are cut to 2,000 characters. */
  readonly turns: readonly AutoRunTurnSummary[];
  readonly attempts: readonly AutoRunAttempt[];
}

/** A turn without its items. */
export type AutoRunTurnSummary = Omit<AutoRunTurn, "items" | "unfinishedItems">;

/** Where a run begins. */
export function createRunState(input: Input): AutoRunState {
  const nothing = { repairs: 0, inputChecked: false, turns: [], attempts: [] };
  return { version: 1, phase: "beforeTurn", input, reason: "input", turn: 1, attempt: 1, ...nothing };
}

/** The turns as they are saved: bounded, whatever the model wrote. */
export function toTurnSummaries(turns: readonly AutoRunTurn[]): readonly AutoRunTurnSummary[] {
  return turns.map(({ items: _, unfinishedItems: __, ...summary }, at) => {
    const { finalResponse } = summary;
    if (at === turns.length - 1 || finalResponse === null) return summary;
    return { ...summary, finalResponse: finalResponse.slice(0, maxEarlierCharacters) };
  });
}

const maxEarlierCharacters = 2000;

/** Throws an `OptionError` (`INVALID_STATE`) for what no run has saved. States of every earlier version are read. */
export function checkAutoRunState(value: unknown): AutoRunState {
  const version = isJsonObject(value) ? value["version"] : undefined;
  if (typeof version === "number" && version > newestVersion) {
    throw refusal(
      `This run state has version ${version}; this codexkit reads up to ${newestVersion}. Update codexkit.`,
    );
  }
  const state = version === 1 ? readVersion1(value) : null;
  if (state !== null) return state;
  throw refusal("This is not the state of a run: pass what `checkpoint` got as `run`, or `run.state`.");
}

const newestVersion = 1;

function readVersion1(value: unknown): AutoRunState | null {
  return isVersion1(value) ? value : null;
}

function isVersion1(value: unknown): value is AutoRunState {
  if (!isJsonObject(value)) return false;
  return (
    isOneOf(value["phase"], ["beforeTurn", "inTurn", "afterTurn"]) &&
    (typeof value["input"] === "string" || isList(value["input"])) &&
    isOneOf(value["reason"], ["input", "until", "repair", "guardrail", "resumed"]) &&
    isCount(value["turn"], 1) &&
    isCount(value["attempt"], 1) &&
    isCount(value["repairs"], 0) &&
    typeof value["inputChecked"] === "boolean" &&
    isListOf(value["turns"], isTurn) &&
    (value["phase"] !== "afterTurn" || (isList(value["turns"]) && value["turns"].length > 0)) &&
    isListOf(value["attempts"], isAttempt)
  );
}

function isTurn(value: unknown): boolean {
  if (!isJsonObject(value)) return false;
  const { ["finalResponse"]: finalResponse, ["usage"]: usage } = value;
  return (
    isOneOf(value["status"], ["completed", "interrupted", "failed", "inProgress"]) &&
    (finalResponse === null || typeof finalResponse === "string") &&
    isJsonObject(usage) &&
    isCount(value["turn"], 1) &&
    isCount(value["attempt"], 1)
  );
}

function isAttempt(value: unknown): boolean {
  return (
    isJsonObject(value) && isCount(value["turn"], 1) && isCount(value["attempt"], 1) && isJsonObject(value["error"])
  );
}

function isOneOf(value: unknown, known: readonly string[]): boolean {
  return typeof value === "string" && known.includes(value);
}

function isCount(value: unknown, least: number): boolean {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= least;
}

function isListOf(value: unknown, check: (entry: unknown) => boolean): boolean {
  return isList(value) && value.every(check);
}

function refusal(message: string): OptionError {
  return new OptionError("INVALID_STATE", "state", message);
}
