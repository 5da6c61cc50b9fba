import { Codex, resolveCodex, type TransportInfo } from "../../index.js";
import { describeStanding, supportedVersions } from "../../protocol/index.js";
import { type Check, reasonOf } from "./check.js";

/** The options that select the codex binary. */
export interface BinaryOptions {
  readonly codexPathOverride?: string;
}

export interface BinaryFinding {
  readonly checks: readonly Check[];
  /** True if the other checks can use this codex. */
  readonly usable: boolean;
}

const sources = {
  option: "set by --codex-path",
  CODEX_PATH: "set by CODEX_PATH",
  package: "from the npm package @openai/codex",
  PATH: "found on PATH",
} as const;

/** Checks the location, the identity and the version of codex. */
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
  advice: `Run \`npm install @openai/codex\`, or set --codex-path or CODEX_PATH to codex.`,
} as const;

/** Runs `codex --version`, for which the library has a limit of ten seconds, and starts no other process. */
async function askVersion(options: BinaryOptions): Promise<TransportInfo> {
  await using codex = new Codex({ ...options, transport: "exec" });
  return await codex.ready();
}

/** A codex that works is never to be replaced by an older one. */
function checkVersion({ version, standing, supported }: TransportInfo): Check {
  const summary = describeStanding(version);
  const details = { version, standing, supported, ...supportedVersions };
  if (supported) return { name: "version", status: "ok", summary, details };
  return { name: "version", status: "warn", summary, advice: "Run `npm install @openai/codex@latest`.", details };
}
