import type { Readable } from "node:stream";

/** Splits at LF and calls JSON.parse. */
export function onJsonLine(stream: Readable, handle: (line: unknown) => void): void {
  let rest = "";
  stream.setEncoding("utf8");
  stream.on("data", (chunk: string) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) handle(JSON.parse(line));
  });
}
