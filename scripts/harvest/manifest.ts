import { createHash } from "node:crypto";
import type { TransportName } from "../../src/index.js";
import type { JsonObject, JsonValue } from "../../src/protocol/index.js";
import type { Recording } from "../../src/testing/index.js";
import { isJsonObject, asObject } from "../../src/internal/json.js";
import type { Scenario } from "./scenario.js";

/** The content of the folder of one codex version, and its origin. */
export interface Manifest {
  readonly codexVersion: string;
  readonly fixtures: readonly ManifestEntry[];
}

/** One scenario on one transport. */
export interface ManifestEntry {
  readonly scenario: string;
  readonly about: string;
  readonly transport: TransportName;
  /** The arguments of each codex process, scrubbed as the canonical form is. */
  readonly argv: readonly (readonly string[])[];
  /** The steps of the scripted model. */
  readonly model: { readonly steps: unknown; readonly sha256: string };
  /** The unchanged recording. */
  readonly raw: FixtureFile;
  /** The form that `--check` compares. */
  readonly canonical: FixtureFile;
}

export interface FixtureFile {
  /** Relative to the manifest. */
  readonly file: string;
  readonly sha256: string;
}

/** A recorded scenario. */
export interface Harvested {
  readonly scenario: Scenario;
  readonly transport: TransportName;
  readonly recording: Recording;
  readonly raw: string;
  readonly canonical: string;
}

export function describeFixture({ scenario, transport, raw, canonical }: Harvested): ManifestEntry {
  const { name, about } = scenario;
  const steps = scriptOf(scenario);
  return {
    scenario: name,
    about,
    transport,
    argv: argvOf(canonical),
    model: { steps, sha256: sha256(JSON.stringify(steps)) },
    raw: { file: fixtureFile({ name, transport }, "recording"), sha256: sha256(raw) },
    canonical: { file: fixtureFile({ name, transport }, "canonical"), sha256: sha256(canonical) },
  };
}

export function fixtureFile(
  { name, transport }: { readonly name: string; readonly transport: TransportName },
  form: "recording" | "canonical",
): string {
  return `${transport}/${name}.${form}.jsonl`;
}

export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** Returns the steps of the model as data. A function in them is replaced by a fixed text. */
function scriptOf(scenario: Scenario): unknown {
  const decided = (_name: string, value: unknown): unknown =>
    typeof value === "function" ? "decided by the request" : value;
  return JSON.parse(JSON.stringify(scenario.model(), decided));
}

function argvOf(canonical: string): string[][] {
  return canonical
    .split("\n")
    .filter((line) => line !== "")
    .flatMap((line) => {
      const { argv } = parseLine(line);
      return Array.isArray(argv) ? [argv.map(String)] : [];
    });
}

function parseLine(line: string): JsonObject {
  // eslint-disable-next-line @typescript-eslint/no-unsafe-assignment -- JSON.parse returns a JSON value
  const value: JsonValue = JSON.parse(line);
  return asObject(value);
}

/** Parses the text of a manifest; returns undefined if it is not one. */
export function parseManifest(text: string): Manifest | undefined {
  const value: unknown = JSON.parse(text);
  return isManifest(value) ? value : undefined;
}

function isManifest(value: unknown): value is Manifest {
  if (typeof value !== "object" || value === null || !("fixtures" in value) || !("codexVersion" in value)) return false;
  return Array.isArray(value.fixtures) && value.fixtures.every(isJsonObject) && typeof value.codexVersion === "string";
}
