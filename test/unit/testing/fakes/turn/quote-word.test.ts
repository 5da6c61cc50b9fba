import { expect, test } from "vitest";
import { quoteWord } from "../../../../../src/testing/fakes/turn/quote-word.js";

test.each([
  ["ls 'x'", `"ls 'x'"`],
  ["true", "true"],
  ["echo $HOME", "'echo $HOME'"],
  [`ls 'x' "y"`, String.raw`"ls 'x' \"y\""`],
  [`echo "a"`, `'echo "a"'`],
  ["echo 'a' $X", `"echo 'a' "'$X'`],
  ["a=b", "'a=b'"],
  ["echo a!", "'echo a!'"],
  ["echo 'a' `b` \\c", "\"echo 'a' \"'`b` '\"\\\\c\""],
  ["true # é", "'true # é'"],
  ["", "''"],
  ["~", "'~'"],
])("quotes %s like codex 0.169.0", (word, shown) => {
  expect(quoteWord(word)).toBe(shown);
});
