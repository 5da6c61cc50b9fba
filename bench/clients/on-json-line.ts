import type { Readable } from "node:stream";

/** LF split and JSON.parse, and nothing else. */
export function onJsonLine(stream: Readable, handle: (line: unknown) => void): void {
  let rest = "";
  stream.setEncoding("utf8");
  stream.on("data", (chunk: string) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) handle(JSON.parse(line));
  });
}
