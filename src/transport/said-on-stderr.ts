/** What codex printed of its end, and whether it called it an error itself. */
export interface LastWords {
  readonly text: string;
  readonly certain: boolean;
}

/**
 * What codex's error output says of why it ended: its last error in its own words, else the last line that is neither a
 * log line, which successful runs have too, nor part of a backtrace. Null where there is none.
 */
export function saidOnStderr(stderr: string): LastWords | null {
  const lines = stderr.split("\n").map((line) => line.trim());
  const backwards = [...lines].reverse();
  const error = backwards.findIndex((line) => errorLine.test(line));
  if (error !== -1) return { text: errorAt(lines, lines.length - 1 - error), certain: true };
  const text = backwards.find((line) => line !== "" && !noise.some((pattern) => pattern.test(line)));
  return text === undefined ? null : { text, certain: false };
}

/** How codex, clap, which reads its arguments, and Rust's panics begin. */
const errorLine = /^(?:Error\b.*:|error: |thread '.*' .*panicked at )/;
const plainPrefix = /^(?:Error|error): /;

/** Some errors say on the next line what they are about. */
function errorAt(lines: readonly string[], at: number): string {
  const line = (lines[at] ?? "").replace(plainPrefix, "");
  const next = lines[at + 1] ?? "";
  const goesOn = next !== "" && (line.endsWith(":") || next.startsWith("in `"));
  return goesOn ? `${line} ${next}` : line;
}

const noise: readonly RegExp[] = [
  /^\d{4}-\d\d-\d\dT\S+\s/,
  /^Reading (?:prompt from stdin|additional )/,
  /^WARNING: /,
  /^Stack backtrace:$/,
  /^\d+: /,
  /^note: run with /,
];
