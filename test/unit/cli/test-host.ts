import { Readable } from "node:stream";
import type { CliHost } from "../../../src/cli/cli-host.js";

export interface TestHost extends CliHost {
  /** The output so far. */
  readonly printed: { out: string; err: string };
}

/** Creates a `CliHost` that stores its output. */
export function createTestHost(given: Partial<CliHost> = {}): TestHost {
  const printed = { out: "", err: "" };
  return {
    env: process.env,
    cwd: process.cwd(),
    signal: new AbortController().signal,
    onInterrupt: () => () => undefined,
    out: (text) => void (printed.out += text),
    err: (text) => void (printed.err += text),
    paint: (_colour, text) => text,
    errPaint: (_colour, text) => text,
    outIsTerminal: false,
    errTerminal: null,
    stdin: { isTerminal: true, open: () => Readable.from([]) },
    ...given,
    printed,
  };
}
