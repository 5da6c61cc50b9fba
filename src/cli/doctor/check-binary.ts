import { Codex, resolveCodex, type TransportInfo } from "../../index.js";
import { supportedVersions } from "../../protocol/index.js";
import { type Check, reasonOf } from "./check.js";

/** The options that decide which codex is looked at. */
export interface BinaryOptions {
  readonly codexPathOverride?: string;
}

export interface BinaryFinding {
  readonly checks: readonly Check[];
  /** Whether there is a codex that the other checks can talk to. */
  readonly usable: boolean;
}

const sources = {
  option: "named with --codex-path",
  CODEX_PATH: "named by CODEX_PATH",
  package: "from the npm package @openai/codex",
  PATH: "found on PATH",
} as const;

/** Where codex is, whether it is codex, and whether its version is one that codexkit is proven against. */
export async function checkBinary(options: BinaryOptions): Promise<BinaryFinding> {
  let place = { path: "", source: "" };
  try {
    const { path, source } = resolveCodex(options);
    place = { path, source };
    const info = await askVersion(options);
    const summary = `codex ${info.version ?? ""} at ${path}, ${sources[source]}.`;
    return { checks: [{ name: "binary", status: "ok", summary, details: place }, checkVersion(info)], usable: true };
  } catch (error) {
    return { checks: [{ ...unusable, summary: reasonOf(error), details: place }], usable: false };
  }
}

const unusable = {
  name: "binary",
  status: "fail",
  advice: "Run `npm install @openai/codex`, or name codex with --codex-path or CODEX_PATH.",
} as const;

/** Codex is asked with `--version`, which the library gives ten seconds; nothing else is started. */
async function askVersion(options: BinaryOptions): Promise<TransportInfo> {
  await using codex = new Codex({ ...options, transport: "exec" });
  return await codex.ready();
}

function checkVersion({ version, supported }: TransportInfo): Check {
  const range = `${supportedVersions.minimum} to below ${supportedVersions.below}`;
  const details = { version, supported, ...supportedVersions };
  if (supported) {
    return { name: "version", status: "ok", summary: `${version ?? ""} is in the proven range, ${range}.`, details };
  }
  return {
    name: "version",
    status: "warn",
    summary: `${version ?? "The version"} is outside the range that this codexkit is proven against, ${range}.`,
    advice: `Install @openai/codex@${supportedVersions.minimum}, or look for a codexkit made for this codex.`,
    details,
  };
}
