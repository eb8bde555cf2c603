import { say } from "./say.mjs";

say("pre");
