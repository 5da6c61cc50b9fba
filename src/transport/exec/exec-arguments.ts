import { OptionError } from "../../errors/option-error.js";
import { UnsupportedFeatureError } from "../../errors/unsupported-feature-error.js";
import type { JsonValue } from "../../internal/json.js";
import { withoutUndefined } from "../../internal/without-undefined.js";
import type { ThreadOptions, TransportOptions } from "../options/options.js";
import type { ExecDraft } from "../options/option-wires.js";
import { optionRows } from "../options/options-table.js";
import { flattenConfig, layConfig } from "../config/flatten-config.js";
import { providerConfig } from "../config/provider-config.js";
import { rawConfig } from "../config/raw-config.js";
import { markerConfig } from "../launch/run-marker.js";
import { splitConfig, splitManaged, splitOverrides } from "../config/private-config.js";
import { servedToolsConfig } from "./exec-tools.js";
import type { TurnInputPart } from "../transport.js";
import type { EnvironmentMarker } from "../../process/stop/process-entry.js";

export interface ExecCall {
  readonly client: TransportOptions;
  /** The thread's options, overridden by those of the turn. */
  readonly options: ThreadOptions;
  readonly threadId: string | null;
  readonly imagePaths: readonly string[];
  /** The input has images and no text. Codex reports an empty stdin as a missing prompt, but accepts an empty argument. */
  readonly emptyPrompt?: boolean;
  readonly schemaPath: string | null;
  readonly marker: EnvironmentMarker;
  /** The address of the tool server. Null without tools. */
  readonly toolsUrl?: string | null;
  /** The flat configuration of the guard. */
  readonly guarded?: Readonly<Record<string, JsonValue>>;
  /** The name of the profile for the secrets. */
  readonly profile: string;
}

export interface ExecArguments {
  readonly args: readonly string[];
  /** The flat configuration of the profile. Null without secrets; then `args` names no profile. */
  readonly secrets: Readonly<Record<string, JsonValue>> | null;
}

/** The limit for configuration and options on the command line, in bytes. */
const maxConfigBytes = 65_536;

/**
 * Returns the arguments of one `codex exec` call. The prompt is not included, because it is sent by stdin. Later
 * configuration overrides earlier: first the user's, then the raw overrides, then codexkit's own options. Secrets are
 * returned apart: codex reads them from the file of a profile.
 */
export function toExecArguments(call: ExecCall): ExecArguments {
  const { client, options, threadId, imagePaths, schemaPath } = call;
  const folder = options.workingDirectory ?? ".";
  const draft: ExecDraft = { folder, flags: [], config: flattenConfig(client.config ?? {}), managed: {} };
  const withDefaults: ThreadOptions = {
    sandboxMode: "read-only",
    approvalPolicy: "never",
    trustProject: false,
    ...withoutUndefined(options),
  };
  putAll(withDefaults, draft);
  const { guarded = {} } = call;
  const marked = markerConfig(call.marker, { ...draft.config, ...guarded });
  Object.assign(draft.managed, providerConfig(client), guarded, marked);
  if (typeof call.toolsUrl === "string") Object.assign(draft.managed, toolsConfig(call.toolsUrl, client, draft));
  if (client.apiKey !== undefined) draft.managed["shell_environment_policy.ignore_default_excludes"] = false;
  const layers = [splitConfig(draft.config), splitOverrides(client), splitManaged(draft.managed)];
  const secrets: Record<string, JsonValue> = {};
  for (const { secret } of layers) layConfig(secrets, secret);
  const hasSecrets = Object.keys(secrets).length > 0;
  const config = layers.flatMap(({ open }) => open.flatMap((setting) => ["--config", setting]));
  checkSize([...config, ...draft.flags]);
  checkImagePaths(imagePaths);
  const args = [
    ...["exec", "--json", ...config, ...draft.flags, "--skip-git-repo-check"],
    ...(hasSecrets ? [`--profile=${call.profile}`] : []),
    ...(schemaPath === null ? [] : ["--output-schema", schemaPath]),
    ...(threadId === null ? [] : ["resume", threadId]),
    ...imagePaths.map((path) => `--image=${path}`),
    ...(call.emptyPrompt === true ? [""] : []),
  ];
  return { args, secrets: hasSecrets ? secrets : null };
}

/** Returns the configuration of the tool server, merged with the lists of the options and the raw overrides. */
function toolsConfig(
  url: string,
  { configOverrides = [] }: TransportOptions,
  draft: ExecDraft,
): Record<string, JsonValue> {
  const given = { ...draft.config };
  layConfig(given, rawConfig(configOverrides));
  return servedToolsConfig(url, given);
}

/** Adds the options in the order of the table, because later rows override earlier ones. */
function putAll(options: ThreadOptions, draft: ExecDraft): void {
  const given = new Map<string, unknown>(Object.entries(options));
  for (const [name, { exec }] of Object.entries(optionRows)) {
    if (given.has(name) && typeof exec === "object") exec.put(given.get(name), draft);
  }
}

function checkSize(flags: readonly string[]): void {
  const bytes = flags.reduce((sum, flag) => sum + Buffer.byteLength(flag) + 1, 0);
  if (bytes <= maxConfigBytes) return;
  const message = `The configuration takes ${bytes} bytes on codex exec's command line, over the limit of ${maxConfigBytes}; use \`transport: "app-server"\`, which sends it by its pipe.`;
  throw new OptionError("INVALID_OPTION", "config", message);
}

/** Throws for a path with a comma: codex splits the value of `--image` there, and only the model learns of the missing files. */
function checkImagePaths(paths: readonly string[]): void {
  const split = paths.find((path) => path.includes(","));
  if (split === undefined) return;
  const advice = `rename ${split}, or use \`transport: "app-server"\`.`;
  throw new UnsupportedFeatureError("An image whose path has a comma", "exec", advice);
}

/** Returns the texts of the input in the form in which codex exec reads them from its stdin. */
export function promptOf(input: readonly TurnInputPart[]): string {
  const texts: string[] = [];
  for (const part of input) {
    if (part.type === "text") texts.push(part.text);
    else if (part.type !== "localImage") {
      throw new UnsupportedFeatureError(`Input of type "${part.type}"`, "exec", 'use `transport: "app-server"`.');
    }
  }
  return texts.every((text) => text.trim() === "") ? "" : texts.join("\n\n");
}

/** Returns the files for `--image`. */
export function imagesOf(input: readonly TurnInputPart[]): readonly string[] {
  return input.flatMap((part) => (part.type === "localImage" ? [part.path] : []));
}
