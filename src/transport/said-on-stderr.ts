/** What codex printed of its end, and whether it called it an error itself. */
export interface LastWords {
  readonly text: string;
  readonly certain: boolean;
}

/**
 * What codex's error output says of why it ended: its last error in its own words, else the last line that is no noise,
 * such as a backtrace. Null where there is none. What stands before a log line is not of the end: codex lives on after a
 * panic of one of its tasks, and for hours, and successful runs have log lines, too.
 */
export function saidOnStderr(stderr: string): LastWords | null {
  const lines = afterLastLog(stderr.split("\n").map((line) => line.trim()));
  const backwards = [...lines].reverse();
  const error = backwards.findIndex((line) => errorLine.test(line));
  if (error !== -1) return { text: errorAt(lines, lines.length - 1 - error), certain: true };
  const text = backwards.find((line) => line !== "" && !noise.some((pattern) => pattern.test(line)));
  return text === undefined ? null : { text, certain: false };
}

function afterLastLog(lines: readonly string[]): readonly string[] {
  const after = [...lines].reverse().findIndex((line) => logLine.test(line));
  return after === -1 ? lines : lines.slice(lines.length - after);
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

const logLine = /^\d{4}-\d\d-\d\dT\S+\s/;

const noise: readonly RegExp[] = [
  /^Reading (?:prompt from stdin|additional )/,
  /^WARNING: /,
  /^Stack backtrace:$/,
  /^\d+: /,
  /^note: run with /,
];
