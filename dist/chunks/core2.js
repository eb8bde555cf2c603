import { a as isDebug, c as warning, i as info, n as debug, o as setFailed, r as error, s as setSecret, t as ExitCode } from "./core.js";

export { setFailed };