// Prints its version; as a turn it neither reads nor writes nor ends.
import { hang, midTurn } from "../stand-in.mjs";

midTurn();
await hang();
