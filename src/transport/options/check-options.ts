import { OptionError } from "../../errors/option-error.js";
import { clientOptionsTable } from "./client-options-table.js";
import { localOptionsTable } from "./local-options-table.js";
import { adviseOption } from "./option-advice.js";
import { kindOf } from "./option-checks.js";
import type { OptionLevel } from "./option-wires.js";
import { optionRows } from "./options-table.js";

type Check = (value: unknown) => string | null;

export interface CheckOptions {
  /** The object that the options belong to. `update` is `thread.update()`. */
  readonly level: OptionLevel | "update";
  /** Options of a run, which no table contains. They win over options of the same name. */
  readonly own?: Readonly<Record<string, Check>>;
}

/**
 * Throws an `OptionError` for an unknown option, with the nearest known name, and for a value that codex would refuse or
 * ignore. It is the only check of option names and values, on every level.
 */
export function checkOptions(options: unknown, { level, own = {} }: CheckOptions): void {
  const owner = level === "update" ? "thread" : level;
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw new OptionError(
      "INVALID_OPTION",
      "options",
      `The ${owner} options must be an object, not ${kindOf(options)}.`,
    );
  }
  const checks = checksOf(level);
  for (const [name, value] of Object.entries(options)) {
    const check = Object.hasOwn(own, name) ? own[name] : Object.hasOwn(checks, name) ? checks[name] : undefined;
    if (check === undefined) throw unknownOption(name, owner, Object.keys({ ...checks, ...own }));
    const problem = value === undefined ? null : check(value);
    if (typeof problem === "string")
      throw new OptionError("INVALID_OPTION", name, `The option \`${name}\` ${problem}.`);
  }
}

/** The checks of each level, from the tables. */
const checksByLevel = new Map<CheckOptions["level"], Readonly<Record<string, Check>>>();

function checksOf(level: CheckOptions["level"]): Readonly<Record<string, Check>> {
  const known = checksByLevel.get(level) ?? readChecks(level);
  checksByLevel.set(level, known);
  return known;
}

function readChecks(level: CheckOptions["level"]): Readonly<Record<string, Check>> {
  const owner = level === "update" ? "thread" : level;
  const wired = owner === "client" ? Object.entries(clientOptionsTable) : rowsOf(optionRows, owner);
  const local = rowsOf(localOptionsTable, owner).map(([name, { check, fixed }]) => {
    return [name, level === "update" && fixed !== undefined ? () => fixed : check] as const;
  });
  return Object.fromEntries([...wired.map(([name, { check }]) => [name, check] as const), ...local]);
}

function rowsOf<Row extends { readonly levels: readonly OptionLevel[] }>(
  table: Readonly<Record<string, Row>>,
  level: OptionLevel,
): [string, Row][] {
  return Object.entries(table).filter(([, { levels }]) => levels.includes(level));
}

function unknownOption(name: string, level: OptionLevel, known: readonly string[]): OptionError {
  const elsewhere = placesOf(name);
  const everywhere = [...known, ...new Set(tables.flatMap(Object.keys))];
  const advice =
    elsewhere.length > 0
      ? `It is an option of ${elsewhere.join(" or ")}, not of a ${level}.`
      : adviseOption(name, { here: known, everywhere, placesOf });
  return new OptionError("UNKNOWN_OPTION", name, `Unknown ${level} option \`${name.slice(0, 80)}\`. ${advice}`);
}

const tables = [optionRows, localOptionsTable, clientOptionsTable];

function placesOf(name: string): readonly string[] {
  const found = [optionRows, localOptionsTable].filter((table) => Object.hasOwn(table, name));
  const levels = new Set(found.flatMap((table) => table[name]?.levels ?? []));
  if (Object.hasOwn(clientOptionsTable, name)) levels.add("client");
  return [...levels].map((level) => (level === "client" ? "`new Codex()`" : `a ${level}`));
}
