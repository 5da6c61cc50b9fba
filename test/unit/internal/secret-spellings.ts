import fc from "fast-check";

/** The words of names that hold secrets. */
const names = [
  "api key",
  "token",
  "access token",
  "secret",
  "client secret",
  "password",
  "passwd",
  "passphrase",
  "pat",
  "private key",
  "access key",
  "credential",
  "credentials",
  "cookie",
  "authorization",
  "auth",
  "session",
  "session id",
  "session token",
  "dsn",
  "connection string",
].map((name) => name.split(" "));

const capital = (word: string): string => word.slice(0, 1).toUpperCase() + word.slice(1);

/** The ways to spell several words as one name. */
const styles: readonly ((words: readonly string[]) => string)[] = [
  (words) => words.join("_"),
  (words) => words.join("-"),
  (words) => words.map((word, at) => (at === 0 ? word : capital(word))).join(""),
  (words) => words.map(capital).join(""),
  (words) => words.map(capital).join("-"),
  (words) => words.join("_").toUpperCase(),
];

const prefixes = [[], ["x"], ["my"], ["db"], ["github"], ["openai", "prod"]];
const suffixes = [[], ["value"], ["2"], ["prod"], ["old"], ["header"]];

/** A name that holds a secret, in any spelling, with words before and after it. */
export const secretSpelling = fc
  .tuple(
    fc.constantFrom(...prefixes),
    fc.constantFrom(...names),
    fc.constantFrom(...suffixes),
    fc.constantFrom(...styles),
  )
  .map(([before, name, after, style]) => style([...before, ...name, ...after]));

/** A text that stands for a secret: it has no known form. */
export const planted = "horse battery; staple/9";
