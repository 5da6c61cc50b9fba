import { StringDecoder } from "node:string_decoder";
import { stripVTControlCharacters } from "node:util";
import { createRedactor, withoutPartialSecret } from "../../internal/secrets/redact.js";

const maxBytes = 64 * 1024;
const maxLines = 1_000;
const maxLineLength = 8 * 1024;

export interface StderrTail {
  push(chunk: Uint8Array): void;
  /** The last lines, without colours and control characters, and with every secret replaced by `[redacted]`. */
  text(): string;
}

/**
 * Keeps the end of a process's error output: at most 64 KiB, 1,000 lines, and of each line the first 8 KiB. Whole lines
 * are kept or dropped, so a secret is never cut into a half that no rule knows, and it is found however the chunks
 * were split. Nothing is redacted before it is read: a flood of output costs next to nothing.
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
  /** The line begins inside a PEM block, whose first line may be gone. */
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

/** Only what follows the end of the block is shown; the line that began the block stands for it. */
function restOfKey(text: string, redact: (text: string) => string): string {
  const end = /-----END [A-Z0-9 ]{1,64}-----/.exec(text);
  return end === null ? "" : redact(withoutControls(text.slice(end.index + end[0].length)));
}

function withoutControls(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what is taken out
  return stripVTControlCharacters(text).replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, "");
}
