import { StringDecoder } from "node:string_decoder";
import { stripVTControlCharacters } from "node:util";
import { createRedactor, withoutPartialSecret } from "../../internal/secrets/redact.js";

const maxBytes = 64 * 1024;
const maxLines = 1_000;
const maxLineLength = 8 * 1024;

export interface StderrTail {
  push(chunk: Uint8Array): void;
  /** Returns the last lines without colours and control characters, with `[redacted]` in place of every secret. */
  text(): string;
}

/**
 * Keeps the end of a process's error output: at most 64 KiB, 1,000 lines, and the first 8 KiB of each line. Lines are kept
 * or dropped as a whole, so that no secret is cut in half and chunks may be split anywhere. Text is redacted when it is read,
 * so that a flood of output costs little.
 */
export function createStderrTail(secrets: readonly string[] = []): StderrTail {
  const decoder = new StringDecoder("utf8");
  const redact = createRedactor(secrets);
  const lines: KeptLine[] = [];
  let bytes = 0;
  let pending = emptyLine(false);

  function extend(text: string): void {
    const room = maxLineLength - pending.text.length;
    if (text.length > room) pending.cut = true;
    if (room > 0) pending.text += text.slice(0, room);
  }

  function finishLine(): void {
    const insideKey = endsInsideKey(pending);
    if (pending.text !== "") {
      lines.push(pending);
      bytes += Buffer.byteLength(pending.text) + 1;
    }
    pending = emptyLine(insideKey);
    while (lines.length > maxLines || bytes > maxBytes) {
      bytes -= Buffer.byteLength(lines.shift()?.text ?? "") + 1;
    }
  }

  return {
    push(chunk) {
      const pieces = decoder.write(chunk).split(/[\r\n]/);
      pieces.forEach((piece, index) => {
        if (index > 0) finishLine();
        extend(piece);
      });
    },
    text() {
      return [...lines, pending]
        .map((line) => presentable(line, line === pending))
        .filter((line) => line !== "")
        .join("\n");
    },
  };

  function presentable(line: KeptLine, growing: boolean): string {
    if (line.insideKey) return restOfKey(line.text, redact);
    const clean = redact(withoutControls(line.text));
    return line.cut || growing ? withoutPartialSecret(clean, secrets) + (line.cut ? " [cut]" : "") : clean;
  }
}

interface KeptLine {
  text: string;
  cut: boolean;
  /** The line begins inside a PEM block, whose first line may have been dropped. */
  readonly insideKey: boolean;
}

function emptyLine(insideKey: boolean): KeptLine {
  return { text: "", cut: false, insideKey };
}

function endsInsideKey({ text, insideKey }: KeptLine): boolean {
  const begin = text.lastIndexOf("-----BEGIN ");
  const end = text.lastIndexOf("-----END ");
  return begin === -1 && end === -1 ? insideKey : begin > end;
}

/** Returns the text after the end of the block. The first line of the block stands for the rest. */
function restOfKey(text: string, redact: (text: string) => string): string {
  const end = /-----END [A-Z0-9 ]{1,64}-----/.exec(text);
  return end === null ? "" : redact(withoutControls(text.slice(end.index + end[0].length)));
}

function withoutControls(text: string): string {
  // eslint-disable-next-line no-control-regex -- the pattern removes control characters
  return stripVTControlCharacters(text).replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, "");
}
