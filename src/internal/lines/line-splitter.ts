import { isAscii } from "node:buffer";
import type { Line } from "./line-channel.js";

/** 64 MiB: far over the longest line codex was seen to write, far under the longest string of V8. */
const defaultMaxLineBytes = 64 * 1024 * 1024;

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

export interface LineSplitter {
  /** Returns the lines that this chunk completes. Bytes of an incomplete line are copied. */
  push(chunk: Uint8Array): Line[];
  /** Returns the unterminated rest if there is one. The splitter is empty afterwards. */
  flush(): Line[];
}

/**
 * Splits a byte stream into lines at the byte 0x0A only, so U+2028 and U+2029 stay inside their line. The result does not
 * depend on the chunks, even if one ends inside a character. One CR before the LF is dropped, empty lines are skipped,
 * bytes that are not UTF-8 become U+FFFD. A line of more than `maxLineBytes` bytes (counted without the LF) keeps its
 * whole characters up to the bound, is marked `truncated`, and its rest is thrown away.
 */
export function createLineSplitter(maxLineBytes: number = defaultMaxLineBytes): LineSplitter {
  const pending = createByteAccumulator();
  let overflowed = false;

  function keep(bytes: Buffer): void {
    const room = maxLineBytes - pending.length;
    if (bytes.length > room) overflowed = true;
    pending.append(bytes.length > room ? bytes.subarray(0, room) : bytes);
  }

  function take(): Line | undefined {
    const bytes = pending.take();
    const truncated = overflowed;
    overflowed = false;
    if (truncated) return { text: withoutCutCharacter(bytes).toString("utf8"), truncated };
    return toLine(bytes, 0, bytes.length);
  }

  return {
    push(chunk) {
      const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      const lines: Line[] = [];
      const lastEnd = bytes.lastIndexOf(lineFeed);
      const isPlain = lastEnd <= maxLineBytes && isAscii(bytes);
      let start = 0;
      while (start <= lastEnd) {
        if (isPlain && pending.length === 0 && !overflowed) {
          addPlainLines(lines, bytes.toString("latin1", start, lastEnd));
          start = lastEnd + 1;
          break;
        }
        const end = bytes.indexOf(lineFeed, start);
        let line: Line | undefined;
        if (pending.length === 0 && !overflowed && end - start <= maxLineBytes) {
          line = toLine(bytes, start, end);
        } else {
          keep(bytes.subarray(start, end));
          line = take();
        }
        start = end + 1;
        if (line !== undefined) lines.push(line);
      }
      if (start < bytes.length) keep(bytes.subarray(start));
      return lines;
    },
    flush() {
      const line = take();
      return line === undefined ? [] : [line];
    },
  };
}

/**
 * Adds the lines of a text of ASCII: one conversion for the whole chunk costs half of one for each line. A chunk with other
 * characters is converted line by line, because one of them makes every string that is cut from the text twice as wide.
 */
function addPlainLines(lines: Line[], text: string): void {
  for (const part of text.split("\n")) {
    const line = part.endsWith("\r") ? part.slice(0, -1) : part;
    if (line !== "") lines.push({ text: line, truncated: false });
  }
}

/** Decodes from where the bytes lie: a view of each line would cost more than its text. */
function toLine(bytes: Buffer, start: number, end: number): Line | undefined {
  const cut = end > start && bytes[end - 1] === carriageReturn ? end - 1 : end;
  return cut === start ? undefined : { text: bytes.toString("utf8", start, cut), truncated: false };
}

/** The bytes without a last character of which only the beginning is there. */
function withoutCutCharacter(bytes: Buffer): Buffer {
  for (let back = 1; back <= 3 && back <= bytes.length; back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    const size = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return size > back ? bytes.subarray(0, -back) : bytes;
  }
  return bytes;
}

interface ByteAccumulator {
  readonly length: number;
  append(bytes: Buffer): void;
  take(): Buffer;
}

/** Grows by doubling, so a long line in many small chunks costs linear time and at most twice its size. */
function createByteAccumulator(): ByteAccumulator {
  let buffer = Buffer.alloc(0);
  let length = 0;
  return {
    get length() {
      return length;
    },
    append(bytes) {
      if (length + bytes.length > buffer.length) {
        const larger = Buffer.allocUnsafe(Math.max(4096, buffer.length * 2, length + bytes.length));
        buffer.copy(larger, 0, 0, length);
        buffer = larger;
      }
      bytes.copy(buffer, length);
      length += bytes.length;
    },
    take() {
      const taken = buffer.subarray(0, length);
      buffer = Buffer.alloc(0);
      length = 0;
      return taken;
    },
  };
}
