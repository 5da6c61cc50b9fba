// Writes `megabytes` of `letter` to `stdout` or `stderr`, as one line or (with `lines`) as lines of 100 bytes, then ends.
import { writeSync } from "node:fs";

const [stream = "stdout", megabytes = "10", shape = "line", letter = "x"] = process.argv.slice(2);
const fd = stream === "stdout" ? 1 : 2;
const unit = shape === "lines" ? `${letter.repeat(99)}\n` : letter.repeat(100);
const chunk = Buffer.from(unit.repeat(10_000));
for (let count = 0; count < Number(megabytes); count += 1) writeAll(chunk);
writeAll(Buffer.from("\nthe end\n"));

/** @param {Buffer} bytes */
function writeAll(bytes) {
  let written = 0;
  while (written < bytes.length) {
    try {
      written += writeSync(fd, bytes, written);
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EAGAIN")) throw error;
    }
  }
}
