/**
 * The codex versions that this release supports. Every test runs on the newest, the conformance suite on the oldest and on
 * those between.
 */
export const supportedVersions = { oldest: "0.168.0", newest: "0.171.0" } as const;

/**
 * The standing of a codex version: `proven` is supported and tested, `newer` is younger than the newest tested one, `older`
 * is below the supported range, or unknown, `knownBad` has a defect that codexkit cannot work around.
 */
export type VersionStanding = "proven" | "newer" | "older" | "knownBad";

/** Versions with a defect: the first one of each kind, the first one without it, and the defect with the way out. */
export const knownBadVersions = [
  {
    from: "0.166.0",
    fixedIn: "0.168.0",
    problem: "it refuses a model provider that is set in `config`: update codex, or pass `configOverrides`",
  },
] as const;

/** A property of codex that not every version has, measured on the binary. */
export interface Capability {
  readonly feature: string;
  /** The first version that has it. */
  readonly since: string;
  /** The reaction of codexkit below that version: it throws, or the effect is only documented. */
  readonly below: "refused" | "note";
  /** The effect below that version. */
  readonly effect: string;
}

/** The measured properties that differ between codex versions. The conformance suite proves each. */
export const capabilities = {
  turnServiceTier: {
    feature: "`serviceTier` of one turn",
    since: "0.155.0",
    below: "note",
    effect: "codex ignores the tier of a single turn",
  },
  execApiKeyHidden: {
    feature: "`apiKey` on exec",
    since: "0.158.0",
    below: "refused",
    effect: "codex passes the key to the commands of the model",
  },
  parallelHostTools: {
    feature: "host tools in parallel on app-server",
    since: "0.164.0",
    below: "note",
    effect: "codex calls the tools of one response one after the other",
  },
  mcpApprovalToolName: {
    feature: "approval of an MCP tool",
    since: "0.167.0",
    below: "note",
    effect: "codex does not say which tool asks, so the request is refused",
  },
  concurrentFirstStart: {
    feature: "two starts at once in a new CODEX_HOME",
    since: "0.168.0",
    below: "note",
    effect: "one of them can end with `failed to initialize sqlite state runtime`, so codexkit starts it again",
  },
} as const satisfies Readonly<Record<string, Capability>>;

/**
 * Returns codex's version from the `userAgent` in the answer to `initialize`, or null if it has none. The user agent starts
 * with the client's name, verbatim, unless the environment overrides it.
 */
export function versionOfUserAgent(userAgent: string, clientName: string): string | null {
  const prefix = `${clientName}/`;
  const pattern = userAgent.startsWith(prefix) ? /^([^ ]+)/ : /\/(\d+\.\d+\.\d+\S*) \(/;
  const text = userAgent.startsWith(prefix) ? userAgent.slice(prefix.length) : userAgent;
  return pattern.exec(text)?.[1] ?? null;
}

/** Returns the standing of a version. A pre-release stands below its release. */
export function standingOf(version: string | null): VersionStanding {
  if (version === null || !versionPattern.test(version)) return "older";
  if (knownBadVersions.some(({ from, fixedIn }) => !isBefore(version, from) && isBefore(version, fixedIn)))
    return "knownBad";
  if (isBefore(version, supportedVersions.oldest)) return "older";
  return isBefore(supportedVersions.newest, version) ? "newer" : "proven";
}

/** Whether codex of this version has a capability. An unknown version has none. */
export function hasCapability(version: string | null, name: keyof typeof capabilities): boolean {
  return version !== null && versionPattern.test(version) && !isBefore(version, capabilities[name].since);
}

const versionPattern = /^\d+\.\d+\.\d+(?:-[\w.]+)?$/;

/** Both must be versions. A pre-release is before its release. */
function isBefore(version: string, other: string): boolean {
  const [left, right] = [partsOf(version), partsOf(other)];
  const index = left.findIndex((part, at) => part !== right[at]);
  return index !== -1 && (left[index] ?? 0) < (right[index] ?? 0);
}

function partsOf(version: string): readonly number[] {
  const [release = "", preRelease] = version.split("-");
  return [...release.split(".").map(Number), preRelease === undefined ? 1 : 0];
}
