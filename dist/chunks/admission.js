import { n as demandWriters, t as demandPrivate } from "./admission2.js";

export { demandPrivate, demandWriters };