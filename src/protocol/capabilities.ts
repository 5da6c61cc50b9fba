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

/** A defect of some versions: the first one with it, the first one without it, and the defect with the way out. */
export interface KnownDefect {
  readonly from: string;
  readonly fixedIn: string;
  readonly problem: string;
}

export const knownBadVersions: readonly KnownDefect[] = [
  {
    from: "0.166.0",
    fixedIn: "0.168.0",
    problem: "it refuses a model provider that is set in `config`: update codex, or pass `configOverrides`",
  },
];

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
  if (defectOf(version) !== null) return "knownBad";
  if (isBefore(version, supportedVersions.oldest)) return "older";
  return isBefore(supportedVersions.newest, version) ? "newer" : "proven";
}

/** Returns what a version means for the user, in one sentence that begins with the version. */
export function describeStanding(version: string | null): string {
  const { oldest, newest } = supportedVersions;
  if (version === null) return "The version is unknown.";
  switch (standingOf(version)) {
    case "proven":
      return `${version} is one of the tested versions, ${oldest} to ${newest}.`;
    case "newer":
      return `${version} is newer than the tested versions, ${oldest} to ${newest}.`;
    case "older":
      return `${version} is older than the tested versions, ${oldest} to ${newest}.`;
    case "knownBad":
      return `${version} has a known defect: ${defectOf(version)?.problem ?? ""}.`;
  }
}

function defectOf(version: string): KnownDefect | null {
  return knownBadVersions.find(({ from, fixedIn }) => !isBefore(version, from) && isBefore(version, fixedIn)) ?? null;
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
