// Its answer contains raw U+2028 and U+2029, which are no line ends.
import { answer, beat, begin, complete } from "../stand-in.mjs";

await begin();
await beat();
answer('{"ok":true,"text":"one\u2028two\u2029three"}');
complete();
